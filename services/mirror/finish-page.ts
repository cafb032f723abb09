import type { SyncMode, SyncSource } from '../../contracts/sync-modes.ts';
import type { Database, Transaction } from '../../prisma/client.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import { closeSharedDeadLetters } from '../dead-letters/shared-failures.ts';
import type { Fence } from './fence.ts';
import { fencedFailure } from './hold-page.ts';
import type { NextSync } from './next-sync.ts';

/** Origin of a sync: the columns of the run log that a run's first page sets. */
export interface RunContext extends ChangeContext {
  workflowId: string;
  mode: SyncMode;
  source: SyncSource;
  /** Time of the attempt's claim, by the database's clock. The run log keeps that of the run's first page. */
  startedAt: Date;
}

/** Totals of one calendar in one run, over all pages and listings so far. */
export interface RunTotals {
  upserted: number;
  deleted: number;
  pages: number;
}

/** Further IDs are dropped: so many items are unreadable only when Google's format has changed. */
const MOST_UNREADABLE_KEPT = 1_000;

/** Readability of the page's events, by their IDs. */
export interface PageReadability {
  /** Whether the page begins a full listing, which discards the IDs recorded before. */
  beginsAnew: boolean;
  unreadable: readonly string[];
  /** IDs that the page names readably or deletes. May be empty where nothing was unreadable before. */
  readable: readonly string[];
}

/**
 * Final state that the last page of a listing writes. It also closes dead letters about failed syncs of the
 * calendar.
 */
interface ListingEnd {
  /** Null where Google has issued none. */
  syncToken: string | null;
  nextSync: NextSync;
  /** Whether the listing was made because the sync token had expired. */
  tokenExpired: boolean;
}

const NEVER: NextSync = Prisma.sql`select null::timestamptz as due, null::int as stretched`;

/**
 * Last statement of a commit but for the change log: writes the run log, and with the last page also the sync
 * token and the calendar's health. It checks the claim itself, so that a page without changes needs no other
 * statement and no explicit transaction.
 */
export async function finishPage(
  database: Database | Transaction,
  fence: Fence,
  run: RunContext,
  counts: { upserted: number; deleted: number },
  { beginsAnew, unreadable, readable }: PageReadability,
  end: ListingEnd | null,
): Promise<RunTotals> {
  const last = end !== null;
  const proven = last && end.syncToken !== null;
  const hasChanges = counts.upserted + counts.deleted > 0;
  const [totals] = await database.$queryRaw<RunTotals[]>`
    with state as (
      update calendar_sync_states s
      set fence_finished = ${last}::boolean,
        sync_token = case when ${last}::boolean then ${end?.syncToken ?? null} else sync_token end,
        last_synced_at = case when ${proven}::boolean then now() else last_synced_at end,
        -- The mirror holds what Google held when the listing began; later changes come with the next
        -- increment.
        proven_at = case when ${proven}::boolean then listing_started_at else proven_at end,
        last_full_sync_at = case when ${proven}::boolean and ${run.mode} = 'full' then now() else last_full_sync_at end,
        last_changed_at = case when ${hasChanges}::boolean then now() else s.last_changed_at end,
        -- Null stays null: a calendar that was disabled meanwhile is not polled. A change notified since the
        -- listing began may not be in it: the calendar stays due, in case the signal was lost.
        (next_sync_at, stretched_seconds) = (
          select case
              when not ${last}::boolean or s.next_sync_at is null then s.next_sync_at
              when s.notified_at >= s.listing_started_at then now()
              else next.due end,
            case when ${last}::boolean then next.stretched else s.stretched_seconds end
          from (${end?.nextSync ?? NEVER}) next),
        token_expiries = case
          when not ${last}::boolean then token_expiries
          when ${!proven || end.tokenExpired}::boolean then token_expiries + 1
          when ${run.mode} = 'incremental' then 0
          else token_expiries end,
        unreadable_ids = case when not ${beginsAnew}::boolean and ${unreadable.length}::int = 0 and s.unreadable_ids = '{}'
          then s.unreadable_ids
          else array(
            select id from (
              select unnest(case when ${beginsAnew}::boolean then '{}' else s.unreadable_ids end) as id
              except select unnest(${readable}::text[])
              union select unnest(${unreadable}::text[])
            ) left_out order by id limit ${MOST_UNREADABLE_KEPT}::int) end,
        failures = case when ${last}::boolean then 0 else failures end,
        last_error = case when ${last}::boolean then null else last_error end,
        last_error_at = case when ${last}::boolean then null else last_error_at end
      where calendar_id = ${fence.calendarId}::uuid and fence_run_id = ${fence.runId}
        and fence_listing = ${fence.listing}::int and fence_page = ${fence.part}::int
        and fence_attempt = ${fence.attempt}::int
      returning calendar_id
    ), shown as (
      -- A calendar that can be listed is accessible, whatever the calendar list said last.
      update calendars c set status = 'active' from state
      where ${last}::boolean and c.id = state.calendar_id and c.status = 'inaccessible'
    ), closed as (
      update dead_letters d set status = 'resolved', closed_at = now() from state
      where ${last}::boolean and d.calendar_id = state.calendar_id and d.operation = 'sync' and d.status = 'open'
    ), closed_shared as (
      ${closeSharedDeadLetters(fence.calendarId)} and ${last}::boolean and exists (select from state)
    )
    insert into workspace_calendar_sync_log as l (workspace_id, calendar_id, workflow_id, run_id, mode, source,
      correlation_id, outcome, pages, upserted, deleted, started_at, finished_at)
    select ${run.workspaceId}, calendar_id, ${run.workflowId}, ${fence.runId}, ${run.mode}, ${run.source},
      ${run.correlationId}, case when ${last}::boolean then 'success' else 'running' end, 1,
      ${counts.upserted}::int, ${counts.deleted}::int, ${run.startedAt},
      case when ${last}::boolean then clock_timestamp() end
    from state
    on conflict (calendar_id, run_id) do update
    set mode = case when excluded.mode = 'full' then 'full' else l.mode end,
      outcome = excluded.outcome, failure_type = null, finished_at = excluded.finished_at,
      pages = l.pages + 1, upserted = l.upserted + excluded.upserted, deleted = l.deleted + excluded.deleted
    returning upserted, deleted, pages`;
  if (totals === undefined) throw fencedFailure(fence.calendarId);
  return totals;
}

/** Totals of a calendar and run from the run log; zero where there is no row. */
export async function readRunTotals(database: Database, fence: Fence): Promise<RunTotals> {
  const row = await database.workspaceCalendarSyncLog.findUnique({
    where: { calendarId_runId: { calendarId: fence.calendarId, runId: fence.runId } },
    select: { upserted: true, deleted: true, pages: true },
  });
  return row ?? { upserted: 0, deleted: 0, pages: 0 };
}

/** Workspace, calendar and correlation ID of a change, as the run log and the change log store them. */
export interface ChangeContext {
  workspaceId: string;
  calendarId: string;
  correlationId: string;
}

/**
 * Writes the run log of a run that found its calendar no longer syncable. Rows it has already written stay
 * counted.
 */
export async function skipRun(database: Database, fence: Fence, run: RunContext): Promise<void> {
  await database.$executeRaw`
    insert into workspace_calendar_sync_log as l (workspace_id, calendar_id, workflow_id, run_id, mode, source,
      correlation_id, outcome, started_at, finished_at)
    values (${run.workspaceId}, ${fence.calendarId}::uuid, ${run.workflowId}, ${fence.runId}, ${run.mode},
      ${run.source}, ${run.correlationId}, 'skipped', ${run.startedAt}, clock_timestamp())
    on conflict (calendar_id, run_id) do update
    set outcome = excluded.outcome, finished_at = excluded.finished_at where l.outcome = 'running'`;
}
