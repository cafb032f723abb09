import { type CivilDay, type CivilWindow, clockMinute } from './civil-time.ts';
import { WEEKDAYS, type WeekHours } from './week-hours.ts';
import { clip, type Span, unite } from './spans.ts';

function hoursOfDay(window: CivilWindow, week: WeekHours, day: CivilDay, next: CivilDay | undefined): Span[] {
  return (week[WEEKDAYS[day.weekday - 1]!] ?? []).map(([from, to]) => {
    const start = clockMinute(window, day, from);
    if (to > from) return { start, end: clockMinute(window, day, to) };
    // Over midnight, or for the last day of the list to the horizon.
    return { start, end: next ? clockMinute(window, next, to) : window.horizon };
  });
}

/**
 * The hours of a type as spans of the window. A block whose end is not after its start runs over midnight,
 * also from the day before the window into it, and from its last day into the next. Hours that start after
 * the window are left out.
 */
export function openHours(window: CivilWindow, week: WeekHours): Span[] {
  const days = [window.eve, ...window.days, window.morrow];
  const spans = days.flatMap((day, index) => hoursOfDay(window, week, day, days[index + 1]));
  return clip(unite(spans), 0, window.horizon).filter(({ start }) => start < window.minutes);
}
