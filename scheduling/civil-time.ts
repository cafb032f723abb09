import { Temporal } from 'temporal-polyfill';
import { MINUTE_MS } from '../contracts/durations.ts';
import { formatInstant } from '../contracts/instants.ts';

/** Converts an instant in any notation with an offset to `2026-01-05T09:00:00Z`; null for anything else. */
export function canonicalInstant(text: string): string | null {
  // Most are canonical already, which is cheap to check.
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
  /** 0 for the first day of the window, −1 for the day before it. */
  index: number;
  /** `2026-01-05` */
  date: string;
  /** 1 is Monday. */
  weekday: number;
  startMinute: number;
  endMinute: number;
}

/** The days of a window, with what converts between instants and minutes since its start. */
export interface CivilWindow {
  timeZone: string;
  startMs: number;
  /** Length in elapsed minutes. Blocks start before this minute. */
  minutes: number;
  /**
   * Minute by which blocks end: a day after the window, so that blocks of the last evening may pass midnight.
   */
  horizon: number;
  days: CivilDay[];
  /** The day before the first: its hours may run over midnight into the window. */
  eve: CivilDay;
  /** The day after the last: hours of the last day may run over midnight into it. */
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
 * The elapsed minute at which the wall clock of a day shows `clock` (`07:30`, `24:00`). A skipped time moves
 * forward by the gap; a repeated time is the first of the two.
 */
export function clockMinute(window: CivilWindow, day: CivilDay, clock: string): number {
  const minutes = minuteOfDay(clock);
  if (minutes === 24 * 60) return day.endMinute;
  // Days of 24 hours, nearly all, need no zone.
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

/** Minutes since the start of the window, with a fraction if the instant has seconds. */
export function instantToMinute(window: CivilWindow, instant: string): number {
  return (Date.parse(instant) - window.startMs) / MINUTE_MS;
}

export function minuteToInstant(window: CivilWindow, minute: number): string {
  return formatInstant(window.startMs + minute * MINUTE_MS);
}
