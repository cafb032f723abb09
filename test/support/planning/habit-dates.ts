import { createRequire } from 'node:module';
import { Temporal } from 'temporal-polyfill';
import type { PlanInput } from '../../../scheduling/index.ts';
import { dateAt, existsIn } from './civil-time.ts';

// A CommonJS module whose names Node does not find.
const { RRule } = createRequire(import.meta.url)('rrule') as typeof import('rrule');
const DAY_MS = 86_400_000;

type Habit = PlanInput['habits'][number];
type CurrentBlock = PlanInput['current'][number];

/** Blocks are never dragged farther from their day. */
const FARTHEST_DRAG_DAYS = 31;

function namedBetween(input: PlanInput, habit: Habit, from: number, to: number): string[] {
  const today = Date.parse(dateAt(input.timeZone, Date.parse(input.now)).toString());
  const rule = new RRule({
    ...RRule.parseString(habit.rrule.replace(/^RRULE:/, '')),
    dtstart: new Date(habit.startDate ?? today),
  });
  return rule.between(new Date(from), new Date(to), true).map((date) => date.toISOString().slice(0, 10));
}

/** By the ID of each current block of a habit, the date that it was made for. */
export function habitDays(input: PlanInput): Map<string, string> {
  const dateOf = ({ start }: CurrentBlock) => dateAt(input.timeZone, Date.parse(start)).toString();
  const blocks = input.current.filter(({ kind }) => kind === 'habit');
  const days = new Map(blocks.map((block) => [block.id, block.habitDay ?? dateOf(block)]));
  const held = blocks.filter(({ pinned, start }) => pinned || Date.parse(start) < Date.parse(input.now));
  const inOrder = held.toSorted(
    (a, b) => Date.parse(a.start) - Date.parse(b.start) || (a.id < b.id ? -1 : 1),
  );
  for (const block of inOrder) {
    const habit = input.habits.find(({ id }) => id === block.refId);
    if (!habit || typeof block.habitDay === 'string') continue;
    if (habit.startDate === null && dateOf(block) < dateAt(input.timeZone, Date.parse(input.now)).toString())
      continue;
    const at = Date.parse(dateOf(block));
    const reach = FARTHEST_DRAG_DAYS * DAY_MS;
    const named = namedBetween(input, habit, at - reach, at + reach);
    if (named.includes(dateOf(block)) || habit.skippedDates.includes(dateOf(block))) continue;
    const taken = held.filter(({ refId }) => refId === habit.id).map(({ id }) => days.get(id));
    const free = named.filter((date) => !habit.skippedDates.includes(date) && !taken.includes(date));
    let best: string | undefined;
    for (const date of free)
      if (best === undefined || Math.abs(Date.parse(date) - at) < Math.abs(Date.parse(best) - at))
        best = date;
    if (best !== undefined) days.set(block.id, best);
  }
  return days;
}

/** The dates of the window that a habit's recurrence names, less the skipped ones. */
export function habitDates(input: PlanInput, habit: Habit): Set<string> {
  const today = Date.parse(dateAt(input.timeZone, Date.parse(input.now)).toString());
  const dates = new Set(namedBetween(input, habit, today, today + (input.days - 1) * DAY_MS));
  for (const date of habit.skippedDates) dates.delete(date);
  for (const date of dates) if (!existsIn(input.timeZone, Temporal.PlainDate.from(date))) dates.delete(date);
  return dates;
}
