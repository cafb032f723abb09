import { type EventRow, toEventChange } from '../../../calendar/event-row.ts';
import { expandSeries, type Horizon, occurrenceKey } from '../../../calendar/expand.ts';
import { fromMs, toMs } from '../../../calendar/event-time.ts';
import type { GoogleEvent } from '../../../calendar/google-event.ts';
import type { Occurrence, PlainOccurrences } from '../../../calendar/occurrence.ts';

/** How many random cases a property test tries; the default keeps each below ten seconds. */
export function propertyRuns(defaultRuns: number): number {
  return Number(process.env.ALMANAC_PROPERTY_RUNS ?? defaultRuns);
}

/** Seed of random cases: the given one, which repeats a failure, or another one each time. */
export function propertySeed(): number {
  return Number(process.env.ALMANAC_PROPERTY_SEED ?? Math.floor(Math.random() * 2 ** 31));
}

export function row(event: GoogleEvent, calendarTimeZone = 'UTC'): EventRow {
  const change = toEventChange(event, calendarTimeZone);
  if (change.op !== 'upsert') throw new Error(`expected an upsert, got ${JSON.stringify(change)}`);
  return change.row;
}

/** A timed series; `start` and `end` are RFC 3339 with offset. */
export function timedSeries(timeZone: string, start: string, end: string, ...recurrence: string[]): EventRow {
  return row({
    id: 's',
    summary: 'Series',
    start: { dateTime: start, timeZone },
    end: { dateTime: end, timeZone },
    recurrence,
  });
}

export function allDaySeries(start: string, end: string, ...recurrence: string[]): EventRow {
  return row({ id: 's', summary: 'Series', start: { date: start }, end: { date: end }, recurrence });
}

/** The occurrence of series `s` that began at `original`, now at `start`. */
export function movedException(original: string, start: string, end: string): EventRow {
  return row({
    id: `s_${original.replaceAll(/[-:]/g, '')}`,
    recurringEventId: 's',
    originalStartTime: { dateTime: original },
    start: { dateTime: start },
    end: { dateTime: end },
    summary: 'Moved',
  });
}

export function cancelledException(original: string): EventRow {
  return row({
    id: `s_${original.replaceAll(/[-:]/g, '')}`,
    status: 'cancelled',
    recurringEventId: 's',
    originalStartTime: original.includes('T') ? { dateTime: original } : { date: original },
  });
}

export const YEAR_2026: Horizon = { from: '2026-01-01T00:00:00Z', to: '2027-01-01T00:00:00Z' };

export function horizon(from: string, to: string): Horizon {
  return { from: `${from}T00:00:00Z`, to: `${to}T00:00:00Z` };
}

function spellOut(
  { startsMs, durationMs, ...series }: PlainOccurrences,
  timeZone: string | null,
): Occurrence[] {
  return startsMs.map((startMs) => {
    const start = fromMs(startMs, series.allDay, timeZone);
    const end = fromMs(startMs + durationMs, series.allDay, timeZone);
    const googleEventId = series.sourceEventId;
    const key = occurrenceKey(googleEventId, start);
    return { ...series, key, googleEventId, originalStart: start, start, end };
  });
}

/** Occurrences of a series, sorted by start. */
export function seriesOccurrences(series: EventRow, exceptions: EventRow[], within: Horizon): Occurrence[] {
  const { plain, own } = expandSeries(series, exceptions, within);
  const timeZone = series.start && 'timeZone' in series.start ? series.start.timeZone : null;
  return [...plain.flatMap((alike) => spellOut(alike, timeZone)), ...own].toSorted(
    (a, b) => toMs(a.start) - toMs(b.start) || (a.key < b.key ? -1 : 1),
  );
}
