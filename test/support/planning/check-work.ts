import type { Plan, PlanInput } from '../../../scheduling/index.ts';
import { dateAt } from './civil-time.ts';
import { habitDates, habitDays } from './habit-dates.ts';
import { divisible, type Habit, minutesLeft, type Placed, placedOf, spanOf, type Task } from './world.ts';

function total(blocks: readonly Placed[]): number {
  return blocks.reduce((sum, { minutes }) => sum + minutes, 0);
}

function brokenByLength(task: Task, left: number, free: readonly Placed[]): string[] {
  if (!task.splittable) {
    return free.length === 0 || (free.length === 1 && total(free) === left)
      ? []
      : [`is not splittable and has ${free.map(({ minutes }) => minutes).join('+')} of ${left} minutes`];
  }
  const broken: string[] = [];
  // Only what cannot be divided leaves a remainder, and it comes last.
  const remainder = divisible(left, task) || total(free) !== left ? undefined : free.at(-1);
  for (const chunk of free) {
    if (chunk.minutes > task.maxChunkMinutes) broken.push(`has a chunk of ${chunk.minutes} minutes`);
    if (chunk.minutes < task.minChunkMinutes && chunk !== remainder)
      broken.push(`has a short chunk of ${chunk.minutes} minutes`);
  }
  return broken;
}

function brokenByOrder(input: PlanInput, plan: Plan, task: Task, free: readonly Placed[]): string[] {
  const broken: string[] = [];
  const [first] = free;
  if (!first) return broken;
  if (task.earliestStart !== null && first.start < Date.parse(task.earliestStart))
    broken.push('starts before its earliest start');
  for (const id of task.after) {
    const earlier = input.tasks.find((other) => other.id === id);
    if (!earlier) continue;
    const blocks = placedOf(plan, 'task', id);
    if (blocks.some(({ end }) => end > first.start)) broken.push(`starts before ${id} ends`);
    if (total(blocks.filter(({ block }) => !block.pinned)) < minutesLeft(input, earlier))
      broken.push(`is placed while ${id} is not placed in full`);
  }
  return broken;
}

/** Violations by a task's blocks: rules 1 (order), 2 (chunks) and 3. */
export function brokenByTask(input: PlanInput, plan: Plan, task: Task): string[] {
  const free = placedOf(plan, 'task', task.id).filter(({ block }) => !block.pinned);
  const left = minutesLeft(input, task);
  const broken = [...brokenByLength(task, left, free), ...brokenByOrder(input, plan, task, free)];
  if (total(free) > left) broken.push(`has ${total(free)} of ${left} minutes placed`);
  return broken.map((problem) => `task ${task.id} ${problem}`);
}

/** Violations by a habit's blocks: rule 4, and the order of two habits on one day. */
export function brokenByHabit(input: PlanInput, plan: Plan, habit: Habit): string[] {
  const broken: string[] = [];
  const dates = habitDates(input, habit);
  const dateOf = ({ start }: Placed) => dateAt(input.timeZone, start).toString();
  const all = placedOf(plan, 'habit', habit.id);
  const days = habitDays(input);
  // A block that has moved is placed for the day that it lies on.
  const dayOf = (at: Placed) => {
    const before = input.current.find(({ id }) => id === at.block.id);
    return before && at.block.kept ? days.get(before.id) : dateOf(at);
  };
  const other = (id: string | null, at: Placed) =>
    id === null ? undefined : placedOf(plan, 'habit', id).find((found) => dateOf(found) === dateOf(at));
  for (const at of all.filter(({ block }) => !block.pinned)) {
    const date = dateOf(at);
    if (!dates.has(date)) broken.push(`is on ${date}, a day its recurrence does not name or that is skipped`);
    if (all.filter((found) => dayOf(found) === date).length > 1) broken.push(`is on ${date} twice`);
    if (at.minutes < habit.minMinutes || at.minutes > habit.durationMinutes)
      broken.push(`lasts ${at.minutes} minutes`);
    const earlier = other(habit.after, at);
    if (earlier && earlier.end > at.start) broken.push(`starts before ${habit.after} ends on ${date}`);
    const later = other(habit.before, at);
    if (later && later.start < at.end) broken.push(`ends after ${habit.before} starts on ${date}`);
  }
  return broken.map((problem) => `habit ${habit.id} ${problem}`);
}

/** Rule 5, and that every block belongs to something. */
export function brokenByCurrent(input: PlanInput, plan: Plan): string[] {
  const broken: string[] = [];
  for (const block of input.current.filter(({ pinned }) => pinned)) {
    const same = plan.blocks.find(({ id }) => id === block.id);
    if (!same) broken.push(`pinned ${block.id} is gone`);
    else if (JSON.stringify(spanOf(same)) !== JSON.stringify(spanOf(block)))
      broken.push(`pinned ${block.id} is not where it was`);
    else if (!same.pinned || !same.kept) broken.push(`pinned ${block.id} is not called pinned and kept`);
  }
  return broken;
}
