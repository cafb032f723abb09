import { RRule } from 'rrule';
import { Temporal } from 'temporal-polyfill';
import type { PlanInput } from '../../../scheduling/index.ts';
import { dateAt } from './civil-time.ts';

const DAY_MS = 86_400_000;

/** A zone that crosses the date line skips a date. */
function existsIn(timeZone: string, date: string): boolean {
  return Temporal.PlainDate.from(date).toZonedDateTime(timeZone).toPlainDate().toString() === date;
}

/** The dates of the window that a habit's recurrence names, less the skipped ones. */
export function habitDates(input: PlanInput, habit: PlanInput['habits'][number]): Set<string> {
  const today = Date.parse(dateAt(input.timeZone, Date.parse(input.now)).toString());
  const rule = new RRule({
    ...RRule.parseString(habit.rrule.replace(/^RRULE:/, '')),
    dtstart: new Date(habit.startDate ?? today),
  });
  const named = rule.between(new Date(today), new Date(today + (input.days - 1) * DAY_MS), true);
  const dates = new Set(named.map((date) => date.toISOString().slice(0, 10)));
  for (const date of habit.skippedDates) dates.delete(date);
  for (const date of dates) if (!existsIn(input.timeZone, date)) dates.delete(date);
  return dates;
}
