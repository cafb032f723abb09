import type { Database } from '../../prisma/client.ts';
import type { SealedGrant } from './sealed-grant.ts';

/**
 * Google answers a refresh within a second. A process that dies meanwhile holds the others up for this long; one that
 * takes longer is overtaken, which costs a second request and nothing else.
 */
const LEASE_MS = 5_000;

/**
 * A token that Google rejects before its time is replaced at most this often. Where Google rejects every token, the
 * token endpoint would otherwise be asked with each try of each calendar.
 */
const FORCED_EVERY_MS = 30_000;

/** Whether an access token that has not expired may be replaced: the last such replacement is under way, or long ago. */
export async function mayForce(database: Database, accountId: string): Promise<boolean> {
  const [row] = await database.$queryRaw<{ may: boolean }[]>`
    select coalesce(refreshing_until > clock_timestamp(), false) or refresh_forced_at is null or refresh_forced_at > clock_timestamp()
      or refresh_forced_at <= clock_timestamp() - ${FORCED_EVERY_MS}::int * interval '1 millisecond' as may
    from calendar_auth_tokens where id = ${accountId}::uuid`;
  return row?.may ?? true;
}

/**
 * Takes the right to refresh an account's access token, unless another process has it or has just used it: the row is
 * still as `seen`. No transaction stays open while Google is asked.
 * @param forced the token in the row has not expired
 * @returns what `releaseLease` takes, or null.
 */
export async function takeLease(database: Database, seen: SealedGrant, forced = false): Promise<Date | null> {
  const [taken] = await database.$queryRaw<{ until: Date }[]>`
    update calendar_auth_tokens
    set refreshing_until = clock_timestamp() + ${LEASE_MS}::int * interval '1 millisecond',
      refresh_forced_at = case when ${forced}::boolean then clock_timestamp() else refresh_forced_at end
    where id = ${seen.accountId}::uuid and refresh_token = ${Buffer.from(seen.refreshToken)}
      and access_token is not distinct from ${seen.accessToken && Buffer.from(seen.accessToken)}::bytea
      and (refreshing_until is null or refreshing_until <= clock_timestamp())
    returning refreshing_until as until`;
  return taken?.until ?? null;
}

/** Lets the others go on, and force as well. Nothing happens where the lease has passed on meanwhile. */
export async function releaseLease(database: Database, accountId: string, until: Date): Promise<void> {
  await database.calendarAuthToken.updateMany({
    where: { id: accountId, refreshingUntil: until },
    data: { refreshingUntil: null, refreshForcedAt: null },
  });
}
