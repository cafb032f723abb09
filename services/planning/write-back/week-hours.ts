import { withDefaultHours } from '../../../scheduling/default-hours.ts';
import { WEEKDAYS, type WeekHours } from '../../../scheduling/week-hours.ts';

/** A row of `calendar_hours`. */
export interface HoursRow {
  type: string;
  weekday: string;
  /** `09:00-12:00` */
  blocks: readonly string[];
}

/**
 * Hours of every type by weekday: the user's, and the defaults on other days. A type without defaults is
 * closed on those.
 */
export function toWeekHours(rows: readonly HoursRow[]): Record<string, Required<WeekHours>> {
  const defaults = withDefaultHours({});
  const types = [...new Set([...Object.keys(defaults), ...rows.map(({ type }) => type)])];
  return Object.fromEntries(
    types.map((type) => {
      const set = new Map(rows.filter((row) => row.type === type).map((row) => [row.weekday, row.blocks]));
      const week = WEEKDAYS.map((day) => [day, set.get(day)?.map(toBlock) ?? defaults[type]?.[day] ?? []]);
      return [type, Object.fromEntries(week) as Required<WeekHours>];
    }),
  );
}

function toBlock(text: string): [string, string] {
  const [start = '', end = ''] = text.split('-');
  return [start, end];
}
