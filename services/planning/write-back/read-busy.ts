import type { Transaction } from '../../../prisma/client.ts';
import type { PlanWindow } from './plan-window.ts';

interface BusyInterval {
  startAt: Date;
  endAt: Date;
}

/** A block may end up to a day of 25 hours after the window, and buffers extend beyond that. */
const MARGIN_MS = 2 * 86_400_000;

/**
 * Occurrences of the mirror that take up time (`busy`), of every enabled calendar and account. Leaves out
 * events of Almanac's own blocks, which the caller reads separately. They are recognised by their Google
 * event IDs, because an account may mirror another account's calendar; an event that a person moves to
 * another calendar keeps its ID and belongs to them from then on. Where a person made a block repeat or
 * invited guests, only the block itself is left out, and only while it is still planned for.
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
