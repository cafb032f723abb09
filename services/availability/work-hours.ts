import { civilHours, type WeeklyHours } from '../../calendar/availability/civil-hours.ts';
import { type Interval, merge } from '../../calendar/availability/interval.ts';
import { DAY_MS, HOUR_MINUTES } from '../../contracts/durations.ts';
import { WEEKDAYS } from '../../scheduling/week-hours.ts';
import { type HoursRow, toWeekHours } from '../planning/write-back/week-hours.ts';

function minuteOfDay(clock: string): number {
  const [hour = '', minute = ''] = clock.split(':');
  return Number(hour) * HOUR_MINUTES + Number(minute);
}

function toWeekly(rows: readonly HoursRow[]): WeeklyHours {
  const { work } = toWeekHours(rows);
  return WEEKDAYS.map((day) =>
    (work?.[day] ?? []).map(([from, until]) => ({ from: minuteOfDay(from), until: minuteOfDay(until) })),
  );
}

/**
 * Expands hours of type `work` around windows. Many people share a zone and its default hours, so that equal ones
 * are expanded once.
 */
export function workHoursWithin(
  windows: readonly Interval[],
): (person: { timeZone: string; hours: readonly HoursRow[] }) => Interval[] {
  // Whole days, so that the middle of the hours is not that of a window.
  const reach = merge(windows.map(({ start, end }) => ({ start: start - DAY_MS, end: end + DAY_MS })));
  const expanded = new Map<string, Interval[]>();
  return ({ timeZone, hours }) => {
    const key = JSON.stringify([timeZone, hours]);
    const known = expanded.get(key);
    if (known !== undefined) return known;
    const weekly = toWeekly(hours);
    const open = reach.flatMap((span) => civilHours(weekly, timeZone, span));
    expanded.set(key, open);
    return open;
  };
}
