import { Temporal } from 'temporal-polyfill';

export const MINUTE_MS = 60_000;

/** Milliseconds since the epoch, `end` exclusive. */
export interface Span {
  start: number;
  end: number;
}

/** The instant at which a clock in that zone shows this; `24:00` is the next midnight. */
export function instantOf(timeZone: string, date: Temporal.PlainDate, clock: string): number {
  const [hour = 0, minute = 0] = clock.split(':').map(Number);
  const day = hour === 24 ? date.add({ days: 1 }) : date;
  return day.toZonedDateTime({ timeZone, plainTime: { hour: hour % 24, minute } }).epochMilliseconds;
}

export function civilAt(timeZone: string, ms: number): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone);
}

export function dateAt(timeZone: string, ms: number): Temporal.PlainDate {
  return civilAt(timeZone, ms).toPlainDate();
}

/** A zone that crosses the date line skips a date. */
export function existsIn(timeZone: string, date: Temporal.PlainDate): boolean {
  return date.toZonedDateTime(timeZone).toPlainDate().equals(date);
}

/** The next moment, or this one, whose local minute is a multiple of the grid's. */
export function ceilToGrid(timeZone: string, ms: number, granularityMinutes: number): number {
  let at = Math.ceil(ms / MINUTE_MS) * MINUTE_MS;
  while (civilAt(timeZone, at).minute % granularityMinutes !== 0) at += MINUTE_MS;
  return at;
}

export function overlap(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end;
}

/** Sorted, with what touches or overlaps made one. */
export function union(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    if (end <= start) continue;
    const last = merged.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else merged.push({ start, end });
  }
  return merged;
}
