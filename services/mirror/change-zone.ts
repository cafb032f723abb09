import { type EventRow, toEventChange } from '../../calendar/event-row.ts';
import { type EventTime, isAllDay, toMs } from '../../calendar/event-time.ts';
import type { GoogleEvent } from '../../calendar/google-event.ts';
import type { Transaction } from '../../prisma/client.ts';
import { expandSources, type ExpansionTarget } from './expand-sources.ts';
import { mapInTurns } from './map-in-turns.ts';
import type { ReadModelChanges } from './read-model-changes.ts';
import { writeEvents, type WrittenEvents } from './write-events.ts';

const EVENTS_PER_STATEMENT = 1_000;

const msOf = (time: EventTime | null): string => (time === null ? '' : String(toMs(time)));

/**
 * Times of a row as one comparable text. A series also includes its zone, because its wall clock depends on
 * it.
 */
function timesOf({ kind, start, end, originalStart }: EventRow): string {
  const zone = kind === 'series' && start !== null && !isAllDay(start) ? start.timeZone : null;
  return [start, end, originalStart]
    .map(msOf)
    .concat(zone ?? '')
    .join(' ');
}

/** Row of an item in the zone `to`, if its times differ from those in `from`; otherwise nothing. */
function movedRow(item: GoogleEvent, from: string, to: string): EventRow[] {
  const [before, after] = [from, to].map((timeZone) => toEventChange(item, timeZone));
  if (after?.op !== 'upsert') return [];
  return before?.op === 'upsert' && timesOf(before.row) === timesOf(after.row) ? [] : [after.row];
}

/**
 * Converts a calendar's stored events again after its zone has changed from `from` to `target.timeZone`.
 * Events without a zone of their own depend on it: times without an offset, and the wall clock of series.
 * Google does not report such events as changed. The caller has locked the sync state.
 * @returns events whose times have changed, and what has changed of their occurrences
 */
export async function changeZone(
  transaction: Transaction,
  target: ExpansionTarget,
  from: string,
): Promise<{ moved: WrittenEvents['upserted']; readModel: ReadModelChanges }> {
  const { calendarId, timeZone } = target;
  const moved: WrittenEvents['upserted'] = [];
  let cursor = '';
  for (;;) {
    const stored = await transaction.$queryRaw<{ id: string; resource: GoogleEvent }[]>`
      select google_event_id as id, resource from calendar_events
      where calendar_id = ${calendarId}::uuid and google_event_id > ${cursor}
      order by google_event_id limit ${EVENTS_PER_STATEMENT}::int`;
    const rows = (await mapInTurns(stored, ({ resource }) => movedRow(resource, from, timeZone))).flat();
    const { upserted } = await writeEvents(transaction, calendarId, rows, [], { exact: true });
    moved.push(...upserted);
    const last = stored.at(-1);
    if (last === undefined) break;
    cursor = last.id;
  }
  const sources = new Set(moved.map(({ googleEventId, seriesId }) => seriesId ?? googleEventId));
  const readModel = await expandSources(transaction, target, [...sources], 'replace');
  // The calendar list may have named another zone since this listing was claimed.
  await transaction.$executeRaw`
    update calendar_sync_states s
    set stale_time_zone = nullif(${timeZone}, c.time_zone)
    from calendars c where s.calendar_id = ${calendarId}::uuid and c.id = s.calendar_id`;
  return { moved, readModel };
}
