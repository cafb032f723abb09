import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { isKnownYear } from '../input.ts';

const ISO_WEEK = /^(\d{4})-W(\d{2})$/;

/** The Monday of a week such as `2026-W48`; null if there is no such week. */
function mondayOf(week: string): Temporal.PlainDate | null {
  const [, year, number] = ISO_WEEK.exec(week)?.map(Number) ?? [];
  if (year === undefined || number === undefined || !isKnownYear(year)) return null;
  // The first week is that of 4 January.
  const monday = startOfWeek(new Temporal.PlainDate(year, 1, 4)).add({ weeks: number - 1 });
  return weekOf(monday) === week ? monday : null;
}

/** An ISO week that exists. */
export const isoWeekSchema = z
  .string()
  .refine((text) => mondayOf(text) !== null, 'must be an ISO week like 2026-W48');

/** The Monday of a checked week. */
export function requireMonday(week: string): Temporal.PlainDate {
  const monday = mondayOf(week);
  if (monday === null) throw new TypeError('A week has to be checked before.');
  return monday;
}

/** The Monday of a day's week. */
export function startOfWeek(day: Temporal.PlainDate): Temporal.PlainDate {
  return day.subtract({ days: day.dayOfWeek - 1 });
}

/** The ISO week of a date such as 2026-11-23. */
export const weekOfDay = (day: string) => weekOf(Temporal.PlainDate.from(day));

/** The ISO week of a day. */
export function weekOf(day: Temporal.PlainDate): string {
  return `${day.yearOfWeek}-W${String(day.weekOfYear).padStart(2, '0')}`;
}
