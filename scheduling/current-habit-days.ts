import { Temporal } from 'temporal-polyfill';
import { habitDates } from './habit-days.ts';
import type { CurrentBlock, PlanHabit, PlanInput } from './plan-input.ts';

/** Range of the search for a block's day, in days before and after the block. */
const REACH_DAYS = 31;

function localDate(instant: string, timeZone: string): string {
  return Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone).toPlainDate().toString();
}

const dayNumber = (date: string): number => Date.parse(date) / 86_400_000;

/**
 * Days around a date that the habit's recurrence names and that are not skipped: nearest first, then
 * earliest.
 */
function namedDaysAround(habit: PlanHabit, date: string, today: string): string[] {
  const day = Temporal.PlainDate.from(date);
  const from = day.subtract({ days: REACH_DAYS }).toString();
  const to = day.add({ days: REACH_DAYS }).toString();
  const skipped = new Set(habit.skippedDates);
  const distance = (other: string) => Math.abs(dayNumber(other) - dayNumber(date));
  return habitDates(habit.rrule, habit.startDate ?? today, from, to)
    .filter((named) => !skipped.has(named))
    .toSorted((a, b) => distance(a) - distance(b) || (a < b ? -1 : 1));
}

/**
 * The blocks of the last run, with the day that each block of a habit was made for. If the input does not
 * give it, it is the local day of the block's start. A pinned or begun block on a day that the recurrence
 * does not name was moved there by a person: its day is the nearest named day without another such block.
 */
export function withHabitDays(input: PlanInput): CurrentBlock[] {
  const { timeZone, now } = input;
  const habits = new Map(input.habits.map((habit) => [habit.id, habit]));
  const today = localDate(now, timeZone);
  const resolved = input.current.map((block): CurrentBlock =>
    block.kind === 'task'
      ? { ...block, habitDay: null }
      : { ...block, habitDay: block.habitDay ?? localDate(block.start, timeZone) },
  );
  const held = ({ pinned, start }: CurrentBlock) => pinned || Date.parse(start) < Date.parse(now);
  const filled = new Set(resolved.filter(held).map(({ refId, habitDay }) => `${habitDay} ${refId}`));
  const unsaid = resolved
    .filter((block, index) => block.kind === 'habit' && held(block) && input.current[index]!.habitDay == null)
    .toSorted((a, b) => Date.parse(a.start) - Date.parse(b.start) || (a.id < b.id ? -1 : 1));
  for (const block of unsaid) {
    const habit = habits.get(block.refId);
    // A recurrence without a start date begins today, so it names no earlier day.
    if (!habit || (habit.startDate === null && block.habitDay! < today)) continue;
    const days = namedDaysAround(habit, block.habitDay!, today);
    if (days.includes(block.habitDay!) || habit.skippedDates.includes(block.habitDay!)) continue;
    const day = days.find((named) => !filled.has(`${named} ${habit.id}`));
    if (day === undefined) continue;
    block.habitDay = day;
    filled.add(`${day} ${habit.id}`);
  }
  return resolved;
}
