import { resolveTimeZone, wallToInstant } from './time-zone.ts';

/**
 * When something happens: an instant (UTC, whole seconds, `2026-01-05T09:00:00Z`) with the zone its wall clock
 * belongs to, or an all-day date. A date is never an instant: it has no zone.
 */
export type EventTime = { dateTime: string; timeZone: string | null } | { date: string };

export const DAY_MS = 86_400_000;

/** Postgres and the text forms above both hold these years; a day is left at the end for an exclusive end. */
const EARLIEST_MS = Date.parse('0001-01-01T00:00:00Z');
const LATEST_MS = Date.parse('9999-12-31T00:00:00Z');

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([Zz]|[+-]\d{2}:\d{2})?$/;

/** `2026-01-05T09:00:00Z`; fractions of a second are cut off. */
export function formatInstant(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** The date, `2026-01-05`, that a UTC millisecond lies in. */
export function formatDate(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** Whether a time is a date: all-day events have no zone. */
export function isAllDay(time: EventTime): time is { date: string } {
  return 'date' in time;
}

function isStorable(ms: number): boolean {
  return ms >= EARLIEST_MS && ms < LATEST_MS;
}

/** Milliseconds of an instant; a date counts as its midnight in UTC, which makes dates comparable with each other. */
export function toMs(time: EventTime): number {
  return Date.parse(isAllDay(time) ? `${time.date}T00:00:00Z` : time.dateTime);
}

/** The time that `ms` stands for: the inverse of {@link toMs}. */
export function fromMs(ms: number, allDay: boolean, timeZone: string | null): EventTime {
  return allDay ? { date: formatDate(ms) } : { dateTime: formatInstant(ms), timeZone };
}

/**
 * Reads Google's `{date}` or `{dateTime, timeZone}`. A missing or unknown zone (Windows names occur in imported
 * events) becomes the calendar's. Google always sends an offset; a `dateTime` without one is wall time in the zone.
 * Returns null for what is no time at all, or lies outside the years 1 to 9999.
 */
export function parseEventTime(
  time: { date?: string | null; dateTime?: string | null; timeZone?: string | null } | null | undefined,
  defaultTimeZone: string,
): EventTime | null {
  if (time?.dateTime) {
    const timeZone = resolveTimeZone(time.timeZone, defaultTimeZone);
    const match = DATE_TIME.exec(time.dateTime);
    if (!match) return null;
    const readMs = Date.parse(match[3] ? time.dateTime : `${time.dateTime}Z`);
    if (Number.isNaN(readMs)) return null;
    const ms = match[3] ? readMs : wallToInstant(timeZone, readMs);
    return isStorable(ms) ? { dateTime: formatInstant(ms), timeZone } : null;
  }
  if (time?.date && DATE.test(time.date)) {
    const ms = Date.parse(`${time.date}T00:00:00Z`);
    // Date.parse rolls 30 February over into March.
    return isStorable(ms) && formatDate(ms) === time.date ? { date: time.date } : null;
  }
  return null;
}
