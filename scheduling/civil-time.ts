import { Temporal } from 'temporal-polyfill';
import { MINUTE_MS } from '../contracts/durations.ts';
import { formatInstant } from '../contracts/instants.ts';

/** `2026-01-05T09:00:00Z` of an instant in any notation that carries an offset; null for anything else. */
export function canonicalInstant(text: string): string | null {
  // Most come as they are wanted.
  const ms = Date.parse(text);
  if (!Number.isNaN(ms) && formatInstant(ms) === text) return text;
  try {
    return formatInstant(Temporal.Instant.from(text).epochMilliseconds);
  } catch {
    return null;
  }
}

/** A day of the window. Minutes count elapsed time from the start of the window. */
export interface CivilDay {
  /** 0 on the first day of the window; the day before it is −1. */
  index: number;
  /** `2026-01-05` */
  date: string;
  /** 1 is Monday. */
  weekday: number;
  startMinute: number;
  endMinute: number;
}

/** The days of a window, and the way between instants and minutes since its start. */
export interface CivilWindow {
  timeZone: string;
  startMs: number;
  /** Length in elapsed minutes. Blocks start before it. */
  minutes: number;
  /** Blocks end by it: a day after the window, so that what starts on its last evening is not cut at midnight. */
  horizon: number;
  days: CivilDay[];
  /** The day before the first: hours that run over midnight reach from it into the window. */
  eve: CivilDay;
  /** The day after the last: hours that run over midnight reach into it. */
  morrow: CivilDay;
}

function civilDay(date: Temporal.PlainDate, timeZone: string, index: number, startMs: number): CivilDay {
  const from = date.toZonedDateTime(timeZone).epochMilliseconds;
  const to = date.add({ days: 1 }).toZonedDateTime(timeZone).epochMilliseconds;
  return {
    index,
    date: date.toString(),
    weekday: date.dayOfWeek,
    startMinute: Math.round((from - startMs) / MINUTE_MS),
    endMinute: Math.round((to - startMs) / MINUTE_MS),
  };
}

/** The window of `days` civil days that starts with the day of `now`. */
export function civilWindow(now: string, timeZone: string, days: number): CivilWindow {
  const today = Temporal.Instant.from(now).toZonedDateTimeISO(timeZone).toPlainDate();
  const startMs = today.toZonedDateTime(timeZone).epochMilliseconds;
  const list = Array.from({ length: days }, (_, index) =>
    civilDay(today.add({ days: index }), timeZone, index, startMs),
  )
    // A zone that crosses the date line skips a date.
    .filter(({ startMinute, endMinute }) => endMinute > startMinute)
    .map((day, index) => ({ ...day, index }));
  const morrow = [0, 1]
    .map((more) => civilDay(today.add({ days: days + more }), timeZone, list.length, startMs))
    .find(({ startMinute, endMinute }) => endMinute > startMinute)!;
  return {
    timeZone,
    startMs,
    minutes: list.at(-1)?.endMinute ?? 0,
    horizon: morrow.endMinute,
    days: list,
    morrow,
    eve: civilDay(today.subtract({ days: 1 }), timeZone, -1, startMs),
  };
}

/**
 * The elapsed minute at which the wall clock of a day shows `clock` (`07:30`, `24:00`). A time that is skipped moves
 * forward by the gap, one that comes twice is the first of the two.
 */
export function clockMinute(window: CivilWindow, day: CivilDay, clock: string): number {
  const minutes = minuteOfDay(clock);
  if (minutes === 24 * 60) return day.endMinute;
  // Ordinary days, nearly all, need no zone.
  if (day.endMinute - day.startMinute === 24 * 60) return day.startMinute + minutes;
  const at = Temporal.PlainDate.from(day.date)
    .toPlainDateTime(Temporal.PlainTime.from(clock))
    .toZonedDateTime(window.timeZone, { disambiguation: 'compatible' });
  return Math.round((at.epochMilliseconds - window.startMs) / MINUTE_MS);
}

/** Minutes since midnight on the wall clock. */
function minuteOfDay(clock: string): number {
  const [hour, minute] = clock.split(':');
  return Number(hour) * 60 + Number(minute);
}

/** Minutes since the start of the window, with a fraction where the instant has seconds. */
export function instantToMinute(window: CivilWindow, instant: string): number {
  return (Date.parse(instant) - window.startMs) / MINUTE_MS;
}

export function minuteToInstant(window: CivilWindow, minute: number): string {
  return formatInstant(window.startMs + minute * MINUTE_MS);
}
