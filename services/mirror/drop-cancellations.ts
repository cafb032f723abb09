import type { EventRow } from '../../calendar/event-row.ts';
import { idleCancellations } from '../../calendar/expand.ts';
import type { Transaction } from '../../prisma/client.ts';
import type { AppliedChange } from '../change-log/append-changes.ts';
import { mapInTurns } from './map-in-turns.ts';
import { type StoredEvent, toStoredRows } from './stored-rows.ts';

/** IDs of series that this run's listing has touched, on any of its pages. */
async function touchedSeries(transaction: Transaction, calendarId: string, runId: string): Promise<string[]> {
  const rows = await transaction.$queryRaw<{ id: string }[]>`
    select distinct coalesce(e.series_id, e.google_event_id) as id
    from calendar_events e
    join workspace_calendar_sync_log l on l.calendar_id = e.calendar_id and l.run_id = ${runId}
    where e.calendar_id = ${calendarId}::uuid and e.kind <> 'single' and e.synced_at >= l.started_at
    union
    -- An event that is named again unchanged is not written, so it is found by its recorded ID.
    select coalesce(e.series_id, e.google_event_id) from calendar_events e
    join calendar_listing_pages p on p.calendar_id = e.calendar_id and e.google_event_id = any(p.google_event_ids)
    where e.calendar_id = ${calendarId}::uuid and e.kind <> 'single' and p.page >= 0`;
  return rows.map(({ id }) => id);
}

/**
 * IDs of cancelled exceptions of these series that hide nothing, because the series or the occurrence is
 * gone.
 */
async function idleIds(
  transaction: Transaction,
  calendarId: string,
  timeZone: string,
  seriesIds: readonly string[],
): Promise<string[]> {
  const stored = await transaction.$queryRaw<StoredEvent[]>`
    select e.resource from calendar_events e
    where e.calendar_id = ${calendarId}::uuid and e.series_id = any(${seriesIds}::text[])
      and e.kind = 'exception' and e.status = 'cancelled'
    union all
    select s.resource from calendar_events s
    where s.calendar_id = ${calendarId}::uuid and s.google_event_id = any(${seriesIds}::text[]) and exists (
      select from calendar_events e
      where e.calendar_id = s.calendar_id and e.series_id = s.google_event_id
        and e.kind = 'exception' and e.status = 'cancelled')`;
  const rows = toStoredRows(stored, timeZone);
  const series = new Map(
    rows.filter(({ seriesId }) => seriesId === null).map((row) => [row.googleEventId, row]),
  );
  const cancelled = new Map<string, EventRow[]>();
  for (const row of rows) {
    if (row.seriesId !== null) cancelled.set(row.seriesId, [...(cancelled.get(row.seriesId) ?? []), row]);
  }
  const idle = await mapInTurns(cancelled, ([seriesId, exceptions]) => {
    const master = series.get(seriesId);
    return master === undefined ? exceptions : idleCancellations(master, exceptions);
  });
  return idle.flat().map(({ googleEventId }) => googleEventId);
}

/**
 * Deletes cancelled exceptions that hide nothing any more: their series was deleted, or has no such
 * occurrence. Runs on the last page of an increment only, because an exception may be listed before its
 * series.
 * @param seriesIds series that the last page touched
 * @param runId run whose earlier pages are searched for more series; null: the listing has one page
 * @returns deletions, for the change log
 */
export async function dropIdleCancellations(
  transaction: Transaction,
  { calendarId, timeZone }: { calendarId: string; timeZone: string },
  seriesIds: readonly string[],
  runId: string | null,
): Promise<AppliedChange[]> {
  const earlier = runId === null ? [] : await touchedSeries(transaction, calendarId, runId);
  const touched = [...new Set([...seriesIds, ...earlier])];
  if (touched.length === 0) return [];
  const idle = await idleIds(transaction, calendarId, timeZone, touched);
  if (idle.length === 0) return [];
  return transaction.$queryRaw<AppliedChange[]>`
    delete from calendar_events
    where calendar_id = ${calendarId}::uuid and google_event_id = any(${idle}::text[])
    returning calendar_id::text as "calendarId", google_event_id as "googleEventId", 'delete' as operation`;
}
