import type { Transaction } from '../../../prisma/client.ts';
import type { PlanWindow } from './plan-window.ts';

interface BusyInterval {
  startAt: Date;
  endAt: Date;
}

/** A block may end up to a day of 25 hours after the window, and a buffer reaches over both. */
const MARGIN_MS = 2 * 86_400_000;

/**
 * What takes up time in the mirror: the occurrences that `blocksTime` has marked so, of every enabled calendar of every
 * account. Events of our own blocks are none: whoever asks knows where those are. They are known by their IDs at
 * Google, for an account may mirror the calendar of another; an event that a person moves to another calendar keeps
 * its ID, and is theirs from then on. Of a block that a person made repeat, or invited guests to, the block alone is
 * left out, and only while it is still planned for.
 */
export async function readBusy(
  transaction: Transaction,
  workspaceId: string,
  timeZone: string,
  window: PlanWindow,
): Promise<BusyInterval[]> {
  const from = new Date(window.start.getTime() - MARGIN_MS);
  const to = new Date(window.end.getTime() + MARGIN_MS);
  return transaction.$queryRaw<BusyInterval[]>`
    select distinct busy.start_at as "startAt", busy.end_at as "endAt"
    from (
      select calendar_id, google_event_id, start_at, end_at, original_start_at is not null as repeats
      from workspace_calendar_events
      where workspace_id = ${workspaceId} and not all_day and busy
        and start_at < ${to}::timestamptz and end_at > ${from}::timestamptz
      union all
      select calendar_id, google_event_id,
        start_date::timestamp at time zone ${timeZone}, end_date::timestamp at time zone ${timeZone},
        original_start_date is not null as repeats
      from workspace_calendar_events
      where workspace_id = ${workspaceId} and all_day and busy
        and start_date <= (${to}::timestamptz at time zone ${timeZone})::date
        and end_date >= (${from}::timestamptz at time zone ${timeZone})::date
    ) busy
    join calendars c on c.id = busy.calendar_id and c.enabled
    where busy.end_at > busy.start_at and not exists (
      select from scheduled_blocks b
      join calendars own on own.id = b.calendar_id and own.google_calendar_id = c.google_calendar_id
      where b.workspace_id = ${workspaceId} and b.google_event_id = busy.google_event_id
        and case when busy.repeats or b.pinned_because = 'meeting'
          then busy.start_at = b.start_at and busy.end_at = b.end_at and b.status in ('writing', 'written')
            and (b.habit_id is not null or exists (select from tasks t where t.id = b.task_id and t.status = 'open'))
          else true end)
    order by 1, 2`;
}
