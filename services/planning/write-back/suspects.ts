import type { Database } from '../../../prisma/client.ts';

/** Number of days after its end within which an edit of a block is still noticed. */
const DAYS_BACK = 1;
/** Most suspects of one run; the next run reads the rest. */
const MOST_SUSPECTS = 500;

/** A block whose event may differ from its row. */
export interface Suspect {
  blockId: string;
  status: 'writing' | 'written' | 'released' | 'declined';
  startAt: Date;
  endAt: Date;
  etag: string | null;
  calendarId: string;
  googleEventId: string;
  writtenAt: Date;
  /** An unanswered write of the block; null: there is none. */
  sent: { operation: string; afterStart: string | null; afterEnd: string | null } | null;
}

/**
 * Blocks whose events have to be read from Google: the mirror holds another version of the event than was
 * written, or none, or one that a person had deleted; or a write was never answered. The mirror counts only
 * for calendars that were just synced. Almanac's own writes return with the ETag of their answer, and are not
 * suspicious.
 */
export async function findSuspects(
  database: Database,
  workspaceId: string,
  syncedCalendarIds: readonly string[],
): Promise<Suspect[]> {
  return database.$queryRaw<Suspect[]>`
    select b.id::text as "blockId", b.status, b.start_at as "startAt", b.end_at as "endAt", b.etag,
      b.calendar_id::text as "calendarId", b.google_event_id as "googleEventId", b.updated_at as "writtenAt",
      case when w.operation is not null then jsonb_build_object('operation', w.operation,
        'afterStart', w.after_start, 'afterEnd', w.after_end) end as sent
    from scheduled_blocks b
    join calendars c on c.id = b.calendar_id and c.status <> 'removed'
    join calendar_auth_tokens a on a.id = c.account_id and a.status = 'connected'
    left join calendar_events e on e.calendar_id = b.calendar_id and e.google_event_id = b.google_event_id
    left join lateral (
      select operation, after_start, after_end from schedule_writes
      where block_id = b.id and status = 'sent' order by run_id, position limit 1
    ) w on true
    where b.workspace_id = ${workspaceId} and b.google_event_id is not null
      and b.end_at > now() - ${DAYS_BACK}::int * interval '1 day'
      and (b.status = 'writing' or w.operation is not null
        or b.calendar_id = any(${syncedCalendarIds}::uuid[])
          and case b.status
            when 'written' then e.etag is null or e.etag is distinct from b.etag
            when 'released' then e.etag is null or e.etag is distinct from b.etag
            when 'declined' then e.google_event_id is not null and e.status <> 'cancelled'
            else false end)
    order by b.start_at limit ${MOST_SUSPECTS}::int`;
}

/** Settles the unanswered writes of a block, because its event has been read. */
export async function settleWrites(database: Database, blockId: string, done: boolean): Promise<void> {
  await database.$executeRaw`
    update schedule_writes set status = ${done ? 'done' : 'skipped'}, done_at = case when ${done}::boolean then now() end
    where block_id = ${blockId}::uuid and status = 'sent'`;
}

/**
 * Releases the blocks of removed calendars. Their slots are not declined, because deleting a calendar says
 * nothing about a single time.
 */
export async function releaseLostBlocks(database: Database, workspaceId: string): Promise<void> {
  await database.$executeRaw`
    update scheduled_blocks b
    set status = 'deleted', etag = null, generation = generation + 1, updated_at = now()
    from calendars c
    where c.id = b.calendar_id and c.status = 'removed' and b.workspace_id = ${workspaceId}
      and b.status in ('writing', 'written', 'released')`;
}

/**
 * Releases blocks that were made a series and whose first occurrence was then moved or deleted alone. Nothing
 * of the block remains, and the series is an ordinary event.
 */
export async function releaseMovedSeries(
  database: Database,
  workspaceId: string,
  syncedCalendarIds: readonly string[],
): Promise<void> {
  await database.$executeRaw`
    update scheduled_blocks b
    set status = 'deleted', pinned_because = null, etag = null, generation = generation + 1, updated_at = now()
    from calendar_events e
    where e.calendar_id = b.calendar_id and e.google_event_id = b.google_event_id and e.kind = 'series'
      and e.etag = b.etag and b.workspace_id = ${workspaceId} and b.calendar_id = any(${syncedCalendarIds}::uuid[])
      and b.status = 'written' and b.pinned_because = 'meeting' and b.end_at > now()
      and not exists (
        select from workspace_calendar_events o
        where o.calendar_id = b.calendar_id and o.source_event_id = b.google_event_id
          and o.google_event_id = b.google_event_id and o.start_at = b.start_at)`;
}
