import { Prisma } from '../../prisma/generated/client.ts';
import type { PollIntervals } from '../mirror/next-sync.ts';
import type { Health, HealthReason } from '../../contracts/health.ts';

/** Grace period: one period of the schedule, because one tick may be skipped for an overlap. */
const GRACE_MS = 15 * 60_000;

/** Health of a calendar as `calendarHealthQuery` reads it. */
export interface CalendarHealthRow {
  id: string;
  workspaceId: string;
  accountId: string;
  summary: string;
  health: Health;
  reason: HealthReason | null;
  /** Latest instant at which the mirror was proven equal to Google. */
  provenAt: Date | null;
  freshnessSeconds: number | null;
  promisedSeconds: number;
  lastSyncedAt: Date | null;
  lastFullSyncAt: Date | null;
  nextSyncAt: Date | null;
  verifiedAt: Date | null;
  drift: number | null;
  /** Number of events that could not be read when last listed; counted up to a thousand. */
  unreadable: number;
  /** Number of series that are too costly to expand. */
  tooCostly: number;
  failures: number;
  lastError: string | null;
  /** Time since which the account's calendar list lacks the calendar; null: it does not. */
  missingSince: Date | null;
  isPrimary: boolean;
  /** Number of the calendar's open dead letters. */
  deadLetters: number;
}

/**
 * A query for the health of calendars: those of the given workspaces, or all. It alone decides health, so
 * that a single calendar and the sum over ten thousand workspaces never contradict each other.
 *
 * Health follows from the age of the last proof that mirror and Google agree. The absence of errors proves
 * nothing, because a worker that does not run reports none. Age is measured by the database's clock, which
 * also dated the proofs.
 * @param now for tests; null: the database's clock
 */
export function calendarHealthQuery(
  now: Date | null,
  poll: PollIntervals,
  workspaceIds: readonly string[] | null,
  { summaries = true }: { summaries?: boolean } = {},
): Prisma.Sql {
  const at = now === null ? Prisma.sql`now()` : Prisma.sql`${now}::timestamptz`;
  return Prisma.sql`
    select c.id::text, c.workspace_id as "workspaceId", c.account_id::text as "accountId",
      ${summaries ? Prisma.sql`c.summary` : Prisma.sql`null::text as summary`},
      verdict.health, nullif(verdict.reason, '') as reason,
      s.proven_at as "provenAt", times.freshness as "freshnessSeconds", times.promised as "promisedSeconds",
      s.last_synced_at as "lastSyncedAt", s.last_full_sync_at as "lastFullSyncAt", s.next_sync_at as "nextSyncAt",
      s.verified_at as "verifiedAt", s.drift, left_out.unreadable, left_out.costly as "tooCostly",
      coalesce(s.failures, 0) as failures, s.last_error as "lastError",
      c.missing_since as "missingSince", c.is_primary as "isPrimary",
      (select count(*)::int from dead_letters d where d.calendar_id = c.id and d.status = 'open') as "deadLetters"
    from calendars c
    -- Each table by itself is asked for the workspaces alone: a join would read it whole.
    join calendar_auth_tokens a on a.id = c.account_id and ${ofWorkspaces(Prisma.sql`a.workspace_id`, workspaceIds)}
    join workspaces w on w.id = c.workspace_id and ${ofWorkspaces(Prisma.sql`w.id`, workspaceIds)}
    left join calendar_sync_states s
      on s.calendar_id = c.id and ${ofWorkspaces(Prisma.sql`s.workspace_id`, workspaceIds)}
    cross join lateral (
      select extract(epoch from ${at} - s.proven_at)::float8 as freshness,
        -- Before the first proof, the promise counts from the time the calendar came due.
        extract(epoch from ${at} - coalesce(s.next_sync_at, c.created_at))::float8 as waiting,
        (${GRACE_MS}::float8 + greatest(s.stretched_seconds * 1000::float8, case when exists (
          select from watch_channels w
          where w.calendar_id = c.id and w.status = 'live' and w.expires_at > ${at}
        ) then ${poll.withPushMs}::float8 else ${poll.plainMs}::float8 end)) / 1000 as promised
      -- Computed once a row; the planner would repeat it wherever it is named.
      offset 0
    ) times
    cross join lateral (
      select coalesce(cardinality(s.unreadable_ids), 0) as unreadable,
        (select count(*)::int from calendar_events e where e.calendar_id = c.id and e.too_costly) as costly
      offset 0
    ) left_out
    cross join lateral (
      select split_part(verdict, ' ', 1) as health, split_part(verdict, ' ', 2) as reason
      from (select case
        when w.status <> 'active' then 'disabled paused'
        when a.status = 'disconnected' then 'disabled disconnected'
        when not c.enabled then 'disabled disabled'
        when a.status = 'needs_reconnect' then 'needs_reconnect needs-reconnect'
        -- A full listing after the audit has replaced the differences, except those with the same version.
        when s.drift > 0 and (s.lasting_drift > 0 or s.last_full_sync_at is null or s.last_full_sync_at < s.verified_at)
          then 'drifted drifted'
        when c.status = 'inaccessible' then 'inaccessible inaccessible'
        when s.failures > 0 then 'failing failing'
        when c.missing_since is not null then 'missing missing'
        when s.proven_at is null and s.token_expiries = 0 then
          case when times.waiting <= times.promised then 'pending' else 'stale' end || ' never-synced'
        when times.freshness <= times.promised and left_out.unreadable + left_out.costly > 0 then 'degraded left-out'
        when times.freshness <= times.promised then 'healthy'
        when s.next_sync_at is null then 'stale not-polled'
        when s.token_expiries > 0 and s.next_sync_at > ${at} then 'stale token-expiring'
        else 'stale overdue'
      end as verdict) as one
    ) verdict
    where c.status <> 'removed' and ${ofWorkspaces(Prisma.sql`c.workspace_id`, workspaceIds)}`;
}

/** A query for the health of accounts: whether the grant works and the calendar list can be read. */
export function accountHealthQuery(workspaceIds: readonly string[] | null): Prisma.Sql {
  return Prisma.sql`
    select a.id::text, a.workspace_id as "workspaceId", a.email,
      case
        when a.status = 'disconnected' then 'disabled'
        when a.status = 'needs_reconnect' then 'needs_reconnect'
        when a.last_error is not null then 'failing'
        when a.calendar_list_synced_at is null then 'pending'
        else 'healthy'
      end as health,
      a.calendar_list_synced_at as "calendarListSyncedAt", a.last_error as "lastError"
    from calendar_auth_tokens a
    where ${ofWorkspaces(Prisma.sql`a.workspace_id`, workspaceIds)}`;
}

function ofWorkspaces(column: Prisma.Sql, workspaceIds: readonly string[] | null): Prisma.Sql {
  return workspaceIds === null ? Prisma.sql`true` : Prisma.sql`${column} = any(${workspaceIds}::text[])`;
}
