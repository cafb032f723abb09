import { Temporal } from 'temporal-polyfill';
import type { Interval } from '../../calendar/availability/interval.ts';

/** The day of an instant in a zone. */
export function dayOf(instant: Date, timeZone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(timeZone).toPlainDate();
}

/** Days of a zone as an interval, from midnight of the first to midnight after the last. */
export function daysWithin(first: Temporal.PlainDate, days: number, timeZone: string): Interval {
  const midnight = (date: Temporal.PlainDate) => date.toZonedDateTime(timeZone).epochMilliseconds;
  return { start: midnight(first), end: midnight(first.add({ days })) };
}
