import type { EventTime } from '../state/types.ts';
import { formatInstant, wallToEpochMs } from './zones.ts';

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME = /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2})(?:\.\d+)?([Zz]|[+-]\d{2}:\d{2})?$/;

/**
 * Milliseconds of `YYYY-MM-DD` at midnight UTC, the form in which all-day times are compared; NaN if
 * malformed.
 */
export function dateToMs(date: string): number {
  if (!DATE.test(date)) return NaN;
  const ms = Date.parse(`${date}T00:00:00Z`);
  return new Date(ms).toISOString().startsWith(date) ? ms : NaN;
}

export function msToDate(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** Instant of an RFC 3339 date-time; one without an offset is read in `zone`. NaN if malformed. */
export function dateTimeToMs(value: string, zone?: string): number {
  const match = DATE_TIME.exec(value);
  if (!match) return NaN;
  if (match[3]) return Math.floor(Date.parse(value.toUpperCase()) / 1000) * 1000;
  if (!zone) return NaN;
  const wall = Date.parse(`${match[1]}T${match[2]}Z`);
  return Number.isNaN(wall) ? NaN : wallToEpochMs(zone, wall);
}

/** Instant of a start or end; all-day dates count as midnight UTC. */
export function eventTimeMs(time: EventTime): number {
  return time.date === undefined ? dateTimeToMs(time.dateTime ?? '', time.timeZone) : dateToMs(time.date);
}

/** A start or end of the same kind as `like`, at another moment. */
export function eventTimeAt(ms: number, like: EventTime, renderZone: string): EventTime {
  if (like.date !== undefined) return { date: msToDate(ms) };
  return { dateTime: formatInstant(ms, renderZone), timeZone: like.timeZone ?? renderZone };
}
