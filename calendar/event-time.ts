import { instantToWall, resolveTimeZone, wallToInstant } from './time-zone.ts';
import { findZone, offsetZone } from './zone-name.ts';
import { MINUTE_MS } from '../contracts/durations.ts';

/**
 * The time of an event: an instant (UTC, whole seconds, `2026-01-05T09:00:00Z`) with the zone of its wall
 * clock, or an all-day date. A date has no zone, so it is not an instant.
 */
export type EventTime = { dateTime: string; timeZone: string | null } | { date: string };

/** Range that Postgres and the text forms above can hold; one day is reserved for an exclusive end. */
const EARLIEST_MS = Date.parse('0001-01-01T00:00:00Z');
const LATEST_MS = Date.parse('9999-12-31T00:00:00Z');

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([Zz]|[+-]\d{2}:\d{2})?$/;

/** Until then some zones had offsets with seconds (Liberia's was the last), which RFC 3339 cannot express. */
const OFFSETS_IN_MINUTES_SINCE_MS = Date.parse('1972-06-01T00:00:00Z');

/**
 * The zone of a date-time's wall clock. If its own zone is unknown, its written offset is closer than the
 * calendar's zone. `Z` is ignored, because Google writes answers in UTC with it for any zone.
 */
function zoneOf(
  name: string | null | undefined,
  offset: string | undefined,
  defaultTimeZone: string,
): string {
  const known = name ? findZone(name) : null;
  if (known !== null) return known;
  const written = name && offset && !/^z$/i.test(offset) ? offsetZone(offset) : null;
  return written ?? resolveTimeZone(null, defaultTimeZone);
}

/**
 * The instant of a date-time by its offset. If only the seconds of an old zone's offset are missing, the wall
 * clock decides instead.
 */
function toInstant(readMs: number, dateTime: string, timeZone: string): number {
  if (readMs >= OFFSETS_IN_MINUTES_SINCE_MS || /[Zz]$/.test(dateTime)) return readMs;
  const wallMs = Date.parse(`${dateTime.slice(0, -'+00:00'.length)}Z`);
  const away = Math.abs(instantToWall(timeZone, readMs) - wallMs);
  return away > 0 && away < MINUTE_MS ? wallToInstant(timeZone, wallMs) : readMs;
}

/** The instant as `2026-01-05T09:00:00Z`; fractions of a second are cut off. */
export function formatInstant(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** The UTC date of an instant, as `2026-01-05`. */
export function formatDate(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** Whether a time is an all-day date. */
export function isAllDay(time: EventTime): time is { date: string } {
  return 'date' in time;
}

function isStorable(ms: number): boolean {
  return ms >= EARLIEST_MS && ms < LATEST_MS;
}

/** Milliseconds since 1970; a date counts as its midnight in UTC, so that dates can be compared. */
export function toMs(time: EventTime): number {
  return Date.parse(isAllDay(time) ? `${time.date}T00:00:00Z` : time.dateTime);
}

/** The time that `ms` stands for: the inverse of {@link toMs}. */
export function fromMs(ms: number, allDay: boolean, timeZone: string | null): EventTime {
  return allDay ? { date: formatDate(ms) } : { dateTime: formatInstant(ms), timeZone };
}

/**
 * Parses Google's `{date}` or `{dateTime, timeZone}`. A missing zone becomes the calendar's. Google always
 * sends an offset; a `dateTime` without one is wall time in the zone. Null for anything else, and outside the
 * years 1 to 9999.
 */
export function parseEventTime(
  time: { date?: string | null; dateTime?: string | null; timeZone?: string | null } | null | undefined,
  defaultTimeZone: string,
): EventTime | null {
  if (time?.dateTime) {
    const match = DATE_TIME.exec(time.dateTime);
    if (!match) return null;
    const timeZone = zoneOf(time.timeZone, match[3], defaultTimeZone);
    const readMs = Date.parse(match[3] ? time.dateTime : `${time.dateTime}Z`);
    if (Number.isNaN(readMs)) return null;
    const ms = match[3] ? toInstant(readMs, time.dateTime, timeZone) : wallToInstant(timeZone, readMs);
    return isStorable(ms) ? { dateTime: formatInstant(ms), timeZone } : null;
  }
  if (time?.date && DATE.test(time.date)) {
    const ms = Date.parse(`${time.date}T00:00:00Z`);
    // Date.parse rolls 30 February over into March.
    return isStorable(ms) && formatDate(ms) === time.date ? { date: time.date } : null;
  }
  return null;
}
