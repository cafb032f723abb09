import type { Database } from '../../prisma/client.ts';
import type { SealedGrant } from './sealed-grant.ts';

/**
 * Length of a lease. Google answers a refresh within a second. A process that dies delays the others by this
 * long; a slower one is overtaken, which costs only a second request.
 */
const LEASE_MS = 5_000;

/**
 * Shortest interval between replacements of a token that Google rejects before it expires. If Google rejects
 * every token, each try of each calendar would otherwise reach the token endpoint.
 */
const FORCED_EVERY_MS = 30_000;

/**
 * Whether an unexpired access token may be replaced: the last such replacement is in progress, or long ago.
 */
export async function mayForce(database: Database, accountId: string): Promise<boolean> {
  const [row] = await database.$queryRaw<{ may: boolean }[]>`
    select coalesce(refreshing_until > clock_timestamp(), false) or refresh_forced_at is null or refresh_forced_at > clock_timestamp()
      or refresh_forced_at <= clock_timestamp() - ${FORCED_EVERY_MS}::int * interval '1 millisecond' as may
    from calendar_auth_tokens where id = ${accountId}::uuid`;
  return row?.may ?? true;
}

/**
 * Takes the lease to refresh an account's access token, unless another process holds it or has just used it:
 * the row must still match `seen`. No transaction stays open while Google is asked.
 * @param forced whether the token in the row has not expired
 * @returns the lease, for `releaseLease`; null if it was not taken
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

/**
 * Releases a lease after a failed refresh, so that others may refresh or force at once. Does nothing if the
 * lease has passed to another process.
 */
export async function releaseLease(database: Database, accountId: string, until: Date): Promise<void> {
  await database.calendarAuthToken.updateMany({
    where: { id: accountId, refreshingUntil: until },
    data: { refreshingUntil: null, refreshForcedAt: null },
  });
}
