import type { Transaction } from '../../prisma/client.ts';
import type { AppliedChange } from './append-changes.ts';

/** Changes that would make the log agree with one calendar's `calendar_events`. */
export async function compareLog(transaction: Transaction, calendarId: string): Promise<AppliedChange[]> {
  return transaction.$queryRaw<AppliedChange[]>`
    with latest as (
      select distinct on (google_event_id) * from calendar_changes
      where calendar_id = ${calendarId}::uuid and position > 0
      order by google_event_id, position desc
    ), logged as (
      select * from latest where resource is not null
    ), stored as (
      select * from calendar_events where calendar_id = ${calendarId}::uuid
    )
    select ${calendarId} as "calendarId", coalesce(e.google_event_id, l.google_event_id) as "googleEventId",
      case when l.position is null then 'insert' when e.calendar_id is null then 'delete' else 'update' end as operation
    from stored e full join logged l on l.google_event_id = e.google_event_id
    where l.position is null or e.calendar_id is null
      or (e.kind, e.status, e.etag, e.series_id, e.start_at, e.end_at, e.start_date, e.end_date, e.series_end, e.resource)
        is distinct from
        (l.kind, l.status, l.etag, l.series_id, l.start_at, l.end_at, l.start_date, l.end_date, l.series_end, l.resource)
    order by 2`;
}
