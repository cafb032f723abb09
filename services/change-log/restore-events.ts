import type { Transaction } from '../../prisma/client.ts';
import { compareLog } from './compare-log.ts';

/**
 * Restores `calendar_events` of one calendar from the log; rows that agree are left alone. Appends nothing,
 * because it only restores logged rows.
 * @returns number of rows written or deleted
 */
export async function restoreEvents(transaction: Transaction, calendarId: string): Promise<number> {
  const differences = await compareLog(transaction, calendarId);
  if (differences.length === 0) return 0;
  const unlogged = differences.filter(({ operation }) => operation === 'insert');
  const logged = differences.filter(({ operation }) => operation !== 'insert');
  await transaction.$executeRaw`
    delete from calendar_events
    where calendar_id = ${calendarId}::uuid
      and google_event_id = any(${unlogged.map(({ googleEventId }) => googleEventId)}::text[])`;
  await transaction.$executeRaw`
    insert into calendar_events (calendar_id, google_event_id, kind, status, etag, series_id,
      start_at, end_at, start_date, end_date, series_end, resource)
    select distinct on (google_event_id) calendar_id, google_event_id, kind, status, etag, series_id,
      start_at, end_at, start_date, end_date, series_end, resource
    from calendar_changes
    where calendar_id = ${calendarId}::uuid and position > 0
      and google_event_id = any(${logged.map(({ googleEventId }) => googleEventId)}::text[])
    order by google_event_id, position desc
    on conflict (calendar_id, google_event_id) do update
    set kind = excluded.kind, status = excluded.status, etag = excluded.etag, series_id = excluded.series_id,
      start_at = excluded.start_at, end_at = excluded.end_at,
      start_date = excluded.start_date, end_date = excluded.end_date,
      series_end = excluded.series_end, resource = excluded.resource, synced_at = now()`;
  return differences.length;
}
