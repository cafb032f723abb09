import type { Database } from '../../prisma/client.ts';
import type { SealedGrant } from './access-tokens.ts';

/**
 * Google answers a refresh within a second. A process that dies meanwhile holds the others up for this long; one that
 * takes longer is overtaken, which costs a second request and nothing else.
 */
const LEASE_MS = 5_000;

/**
 * Takes the right to refresh an account's access token, unless another process has it or has just used it: the row is
 * still as `seen`. No transaction stays open while Google is asked.
 * @returns what `releaseLease` takes, or null.
 */
export async function takeLease(database: Database, seen: SealedGrant): Promise<Date | null> {
  const [taken] = await database.$queryRaw<{ until: Date }[]>`
    update calendar_auth_tokens
    set refreshing_until = clock_timestamp() + ${LEASE_MS}::int * interval '1 millisecond'
    where id = ${seen.accountId}::uuid and refresh_token = ${Buffer.from(seen.refreshToken)}
      and access_token is not distinct from ${seen.accessToken && Buffer.from(seen.accessToken)}::bytea
      and (refreshing_until is null or refreshing_until <= clock_timestamp())
    returning refreshing_until as until`;
  return taken?.until ?? null;
}

/** Lets the others go on. Nothing happens where the lease has passed on meanwhile. */
export async function releaseLease(database: Database, accountId: string, until: Date): Promise<void> {
  await database.calendarAuthToken.updateMany({
    where: { id: accountId, refreshingUntil: until },
    data: { refreshingUntil: null },
  });
}
