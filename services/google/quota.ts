import { PriorityKey } from '../../contracts/priorities.ts';
import type { RateLimitScope } from '../../contracts/retry-table.ts';
import type { Database, Transaction } from '../../prisma/client.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import { MINUTE_MS } from '../../contracts/durations.ts';
import { activityInfo } from '@temporalio/activity';

/** Kind of a request. Writes have a bucket of their own, and can be blocked separately. */
export type RequestKind = 'read' | 'write';

/**
 * An account's share of the quota as a leaky bucket (GCRA): each request costs `emissionMs`; a lane may run
 * ahead of the clock by `toleranceMs`.
 */
export interface QuotaBucket {
  emissionMs: number;
  toleranceMs: number;
}

/**
 * Share of the quota available as a burst. The rest refills over the minute, so that no sliding minute
 * exceeds the quota.
 */
const BURST_SHARE = 0.1;

/** Share of the burst for each priority. Background work leaves a part of it to interactive requests. */
const LANE_SHARES: readonly { from: number; share: number }[] = [
  { from: PriorityKey.sweep, share: 0.5 },
  { from: PriorityKey.tick, share: 0.75 },
  { from: PriorityKey.interactive, share: 1 },
];

function burstOf(requestsPerMinute: number): number {
  return Math.max(1, Math.floor(requestsPerMinute * BURST_SHARE));
}

/** Bucket of an account with this quota, for requests of this priority. */
export function quotaBucket(requestsPerMinute: number, priorityKey: number): QuotaBucket {
  const burst = burstOf(requestsPerMinute);
  const emissionMs = MINUTE_MS / Math.max(1, requestsPerMinute - burst);
  const share = LANE_SHARES.find(({ from }) => priorityKey >= from)?.share ?? 1;
  return { emissionMs, toleranceMs: (Math.max(1, Math.floor(burst * share)) - 1) * emissionMs };
}

interface BlockRule {
  /** First block; consecutive refusals double it. */
  firstMs: number;
  longestMs: number;
  /** Time after the end of a block after which a refusal counts as the first again. */
  memoryMs: number;
}

const BLOCK_RULES: Record<RateLimitScope, BlockRule> = {
  // Google: truncated exponential backoff up to 64 s.
  user: { firstMs: 1_000, longestMs: 64_000, memoryMs: 120_000 },
  project: { firstMs: 2_000, longestMs: 3_600_000, memoryMs: 3_600_000 },
  // An account that writes too much is read-only for hours.
  writes: { firstMs: 3_600_000, longestMs: 24 * 3_600_000, memoryMs: 24 * 3_600_000 },
};

const PROJECT = 'project';
/**
 * Bucket for further requests of activities that have already made one. The project's rate counts activities
 * and leaves room for these.
 */
const FURTHER = 'project/further';
const FURTHER_SHARE = 0.05;
const writesOf = (accountId: string) => `${accountId}/writes`;

function rowOf(accountId: string, scope: RateLimitScope): string {
  if (scope === 'project') return PROJECT;
  return scope === 'writes' ? writesOf(accountId) : accountId;
}

/** End of the latest block of the account or of the whole project; null where neither was ever blocked. */
export async function readBlock(database: Database | Transaction, accountId: string): Promise<Date | null> {
  const { _max } = await database.googleQuota.aggregate({
    where: { scope: { in: [accountId, PROJECT] } },
    _max: { blockedUntil: true },
  });
  return _max.blockedUntil;
}

/**
 * An insert that charges one request to the account whose UUID the common table expression `account` holds as
 * `scope`. It returns a row if the request may be sent: the bucket has room and nothing is blocked.
 * @param blocking scopes that must not be blocked, besides the account itself
 */
export function chargeAccount(
  { emissionMs, toleranceMs }: QuotaBucket,
  blocking: readonly string[] = [PROJECT],
): Prisma.Sql {
  return Prisma.sql`
    insert into google_quotas as q (scope, spent_until)
    select scope, now() + ${emissionMs}::float8 * interval '1 millisecond' from account
    where not exists (
      select from google_quotas b where b.scope = any(${[...blocking]}::text[]) and b.blocked_until > now())
    on conflict (scope) do update
    set spent_until = greatest(q.spent_until, now()) + ${emissionMs}::float8 * interval '1 millisecond'
    where q.spent_until <= now() + ${toleranceMs}::float8 * interval '1 millisecond'
      and (q.blocked_until is null or q.blocked_until <= now())
    returning q.scope`;
}

/**
 * Charges the account for a write that `taken` admitted. It does not wait for room there, so reads cannot hold
 * up writes: they wait for the writes instead.
 */
function chargeForWrite(accountId: string, { emissionMs }: QuotaBucket): Prisma.Sql {
  return Prisma.sql`
    insert into google_quotas as q (scope, spent_until)
    select ${accountId}::text, now() + ${emissionMs}::float8 * interval '1 millisecond' from taken
    on conflict (scope) do update
    set spent_until = greatest(q.spent_until, now()) + ${emissionMs}::float8 * interval '1 millisecond'`;
}

export interface GoogleQuota {
  /** Bucket of an account's reads for the running activity. */
  bucket(): QuotaBucket;
  /**
   * Charges a request. Returns 0, or the milliseconds to wait before asking again; in that case nothing was
   * charged. A write waits for the bucket of the account's writes alone.
   */
  take(accountId: string, kind: RequestKind): Promise<number>;
  /**
   * Charges a further request, which the activity could also leave to the next one. False: the project has no
   * room now.
   */
  takeFurther(): Promise<boolean>;
  /**
   * Blocks an account or the project after a refusal by Google. Returns the length of the block in
   * milliseconds.
   */
  block(accountId: string, scope: RateLimitScope, retryAfterMs: number | undefined): Promise<number>;
}

/** Requests per minute, over all workers. */
interface QuotaLimits {
  project: number;
  /** Of one account, writes included. */
  user: number;
  /** Writes of one account. More than `user` counts as `user`. */
  writes: number;
}

/**
 * Google's quota of every account, shared by all workers in `google_quotas`. The project's rate is kept by
 * Temporal (`maxTaskQueueActivitiesPerSecond` of the queue `google-calendar`), and the order by Temporal's
 * priorities. Neither knows accounts, or how many requests an activity makes.
 * @param priorityKey priority of the running activity
 */
export function createGoogleQuota(
  database: Database,
  limits: QuotaLimits,
  priorityKey: () => number,
): GoogleQuota {
  const writesPerMinute = Math.min(limits.writes, limits.user);
  // A burst of writes can come on top of a full bucket of reads.
  const bucket = () => quotaBucket(Math.max(1, limits.user - burstOf(writesPerMinute)), priorityKey());
  return {
    bucket,

    async take(accountId, kind) {
      const isWrite = kind === 'write';
      const scope = isWrite ? writesOf(accountId) : accountId;
      const blocking = isWrite ? [PROJECT, accountId] : [PROJECT];
      const charged = isWrite ? quotaBucket(writesPerMinute, priorityKey()) : bucket();
      const { toleranceMs } = charged;
      const shared = isWrite ? Prisma.sql`shared as (${chargeForWrite(accountId, bucket())}),` : Prisma.empty;
      const [row] = await database.$queryRaw<{ waitMs: number }[]>`
        with account as (select ${scope}::text as scope), taken as (
          ${chargeAccount(charged, blocking)}
        ), ${shared} free as (
          select max(greatest(blocked_until, case when scope = ${scope}
            then spent_until - ${toleranceMs}::float8 * interval '1 millisecond' end)) as at
          from google_quotas where scope = any(${[scope, ...blocking]})
        )
        select case when exists (select from taken) then 0
          else greatest(1, ceil(1000 * extract(epoch from at - now())))::int end as "waitMs"
        from free`;
      return row?.waitMs ?? 0;
    },

    async takeFurther() {
      const further = quotaBucket(limits.project * FURTHER_SHARE, priorityKey());
      const taken = await database.$queryRaw<unknown[]>`
        with account as (select ${FURTHER} as scope)
        ${chargeAccount(further)}`;
      return taken.length > 0;
    },

    async block(accountId, scope, retryAfterMs = 0) {
      const { firstMs, longestMs, memoryMs } = BLOCK_RULES[scope];
      const row = rowOf(accountId, scope);
      // Requests in flight together are refused together, so a refusal during a block adds no strike.
      const [blocked] = await database.$queryRaw<{ waitMs: number }[]>`
        with blocked as (
          insert into google_quotas as q (scope, blocked_at, blocked_until, strikes)
          values (${row}, now(), now() + greatest(${firstMs}::float8, ${retryAfterMs}::float8) * interval '1 millisecond', 1)
          on conflict (scope) do update
          set (blocked_at, blocked_until, strikes) = (
            select now(), now() + interval '1 millisecond' * greatest(${retryAfterMs}::float8,
              least(${firstMs}::float8 * 2 ^ (n - 1), ${longestMs}::float8)), n
            from (select case when q.blocked_until > now() - ${memoryMs}::float8 * interval '1 millisecond'
              then least(q.strikes + 1, 30) else 1 end as n) strike)
          where q.blocked_until is null or q.blocked_until <= now()
          returning blocked_until
        )
        select greatest(1, ceil(1000 * extract(epoch from max(blocked_until) - now())))::int as "waitMs"
        from (select blocked_until from blocked
          union all select blocked_until from google_quotas where scope = ${row}) b`;
      return blocked?.waitMs ?? firstMs;
    },
  };
}

/** Priority of the running activity: its workflow's, unless it has one of its own. */
export function runningPriority(): number {
  return activityInfo().priority?.priorityKey ?? PriorityKey.tick;
}
