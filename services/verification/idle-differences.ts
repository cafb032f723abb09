import type { EventRow } from '../../calendar/event-row.ts';
import { idleCancellations } from '../../calendar/expand.ts';
import type { Transaction } from '../../prisma/client.ts';
import { mapInTurns } from '../mirror/map-in-turns.ts';
import { type StoredEvent, toStoredRows } from '../mirror/stored-rows.ts';

/** Series by ID: Google's version where it differs, else the stored one. */
async function seriesOf(
  transaction: Transaction,
  calendarId: string,
  seriesIds: readonly string[],
  timeZone: string,
): Promise<Map<string, EventRow>> {
  const stored = await transaction.$queryRaw<StoredEvent[]>`
    select distinct on (id) resource from (
      select google_event_id as id, resource, 0 as rank from calendar_differences
      where calendar_id = ${calendarId}::uuid and google_event_id = any(${seriesIds}::text[])
        and resource is not null and status <> 'pending'
      union all
      select google_event_id, resource, 1 from calendar_events
      where calendar_id = ${calendarId}::uuid and google_event_id = any(${seriesIds}::text[])
    ) series order by id, rank`;
  return new Map(toStoredRows(stored, timeZone).map((row) => [row.googleEventId, row]));
}

/**
 * IDs of cancelled exceptions that the mirror may lack, because they hide nothing and an increment drops such
 * exceptions.
 * @param missing listed events that are not stored
 */
export async function idleDifferences(
  transaction: Transaction,
  { calendarId, timeZone }: { calendarId: string; timeZone: string },
  missing: readonly EventRow[],
): Promise<Set<string>> {
  const cancelled = missing.filter(({ status }) => status === 'cancelled');
  const seriesIds = [...new Set(cancelled.flatMap(({ seriesId }) => seriesId ?? []))];
  if (seriesIds.length === 0) return new Set();
  const series = await seriesOf(transaction, calendarId, seriesIds, timeZone);
  const idle = await mapInTurns(seriesIds, (seriesId) => {
    const master = series.get(seriesId);
    const exceptions = cancelled.filter((row) => row.seriesId === seriesId);
    return master === undefined ? exceptions : idleCancellations(master, exceptions);
  });
  return new Set(idle.flat().map(({ googleEventId }) => googleEventId));
}
