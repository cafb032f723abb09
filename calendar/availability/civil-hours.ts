import { DAY_MS, MINUTE_MS } from '../../contracts/durations.ts';
import { weekdayOf } from '../civil-day.ts';
import { instantToWall, wallToInstant } from '../time-zone.ts';
import { type Interval, intersect, merge } from './interval.ts';

/** Local time in minutes since midnight, 1,440 at the end. One that does not end after its start runs over midnight. */
export interface ClockSpan {
  from: number;
  until: number;
}

/** Hours by weekday; Monday is 0. */
export type WeeklyHours = readonly (readonly ClockSpan[])[];

/**
 * The hours of a zone within an interval, as merged intervals. A time that a change of clocks skips moves
 * forward by the gap, and of a repeated time the first counts. A date that the zone skips has no hours.
 */
export function civilHours(hours: WeeklyHours, timeZone: string, { start, end }: Interval): Interval[] {
  const instant = (day: number, minute: number) => wallToInstant(timeZone, day * DAY_MS + minute * MINUTE_MS);
  // Hours of the day before may run over midnight.
  const firstDay = Math.floor(instantToWall(timeZone, start) / DAY_MS) - 1;
  const lastDay = Math.floor(instantToWall(timeZone, end) / DAY_MS);
  const open: Interval[] = [];
  for (let day = firstDay; day <= lastDay; day += 1) {
    const spans = hours[weekdayOf(day)] ?? [];
    if (spans.length === 0 || instant(day, 0) === instant(day + 1, 0)) continue;
    for (const { from, until } of spans)
      open.push({
        start: instant(day, from),
        end: until > from ? instant(day, until) : instant(day + 1, until),
      });
  }
  return intersect(merge(open), [{ start, end }]);
}
