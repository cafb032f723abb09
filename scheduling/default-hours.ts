import { WEEKDAYS, type WeekHours } from './week-hours.ts';

const repeat = (days: readonly (typeof WEEKDAYS)[number][], start: string, end: string): WeekHours =>
  Object.fromEntries(days.map((day) => [day, [[start, end]]]));

const DEFAULT_HOURS: Record<string, WeekHours> = {
  work: repeat(WEEKDAYS.slice(0, 5), '09:00', '17:00'),
  personal: repeat(WEEKDAYS, '07:00', '23:00'),
};

/**
 * Fills in the hours of `work` and `personal` if the type is absent or names no weekday. In a type that names
 * some weekdays, the others have no hours.
 */
export function withDefaultHours(hours: Record<string, WeekHours>): Record<string, WeekHours> {
  const filled: Record<string, WeekHours> = { ...DEFAULT_HOURS };
  for (const [type, week] of Object.entries(hours)) {
    if (Object.keys(week).length > 0 || !filled[type]) filled[type] = week;
  }
  return filled;
}
