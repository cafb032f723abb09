import type { Plan, PlanInput } from '../../../scheduling/index.ts';
import { dateAt } from './civil-time.ts';
import { habitDates, habitDays } from './habit-dates.ts';
import { timelyMinutes, valueOf } from './value.ts';
import { DURATION_STEP_MINUTES, minutesLeft, placedOf } from './world.ts';

const LEVELS = ['onTime', 'late', 'moved', 'blocks', 'spread'] as const;

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function close(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(a), Math.abs(b));
}

function wrongTask(input: PlanInput, plan: Plan, task: PlanInput['tasks'][number]): string[] {
  const wrong: string[] = [];
  const blocks = placedOf(plan, 'task', task.id);
  const free = blocks.filter(({ block }) => !block.pinned);
  const missing = minutesLeft(input, task) - sum(free.map(({ minutes }) => minutes));
  const said = sum(plan.unscheduled.filter(({ refId }) => refId === task.id).map(({ minutes }) => minutes));
  // A whole task below the shortest block is named; a rest below it is not.
  const expected = task.durationMinutes < DURATION_STEP_MINUTES ? said : missing;
  if (said !== expected) wrong.push(`says ${said} of ${missing} minutes are unscheduled`);
  const late = sum(blocks.map(({ block }) => timelyMinutes(task.deadline, block).late));
  const flagged = sum(plan.late.filter(({ refId }) => refId === task.id).map(({ minutes }) => minutes));
  if (!close(late, flagged)) wrong.push(`flags ${flagged} of ${late} late minutes`);
  blocks.forEach(({ block }, index) => {
    if (block.chunk.index !== index + 1 || block.chunk.of !== blocks.length)
      wrong.push(`calls block ${index + 1} of ${blocks.length} ${block.chunk.index} of ${block.chunk.of}`);
  });
  return wrong.map((problem) => `task ${task.id} ${problem}`);
}

/** False statements of a plan about itself. */
export function wrongClaims(input: PlanInput, plan: Plan): string[] {
  const wrong = input.tasks.flatMap((task) => wrongTask(input, plan, task));
  const value = valueOf(input, plan.blocks);
  for (const level of LEVELS) {
    if (!close(value[level], plan.objective[level]))
      wrong.push(`${level} is ${value[level]}, not ${plan.objective[level]}`);
  }
  if (plan.objective.onTime > plan.objective.ceiling + 1e-6)
    wrong.push(`onTime ${plan.objective.onTime} is above the ceiling ${plan.objective.ceiling}`);

  if (new Set(plan.blocks.map(({ id }) => id)).size !== plan.blocks.length) wrong.push('an ID is used twice');
  const starts = plan.blocks.map(({ start }) => start);
  if (starts.some((start, index) => index > 0 && start < starts[index - 1]!))
    wrong.push('blocks are not sorted');
  for (const block of plan.blocks) {
    const before = input.current.find(({ id }) => id === block.id);
    const same =
      before !== undefined &&
      Date.parse(before.start) === Date.parse(block.start) &&
      Date.parse(before.end) === Date.parse(block.end);
    if (block.kept !== same) wrong.push(`${block.id} is ${same ? '' : 'not '}kept and says otherwise`);
  }
  for (const habit of input.habits) wrong.push(...wrongHabit(input, plan, habit));
  return wrong;
}

/** Minutes placed and unscheduled of each day of a habit are its duration. */
function wrongHabit(input: PlanInput, plan: Plan, habit: PlanInput['habits'][number]): string[] {
  const madeFor = habitDays(input);
  const blocks = placedOf(plan, 'habit', habit.id).map((at) => ({
    minutes: at.minutes,
    date:
      (at.block.kept ? madeFor.get(at.block.id) : undefined) ?? dateAt(input.timeZone, at.start).toString(),
  }));
  const named = habitDates(input, habit);
  const said = plan.unscheduled.filter(({ refId }) => refId === habit.id);
  const wrong = said
    .filter(({ date }) => date === undefined || !named.has(date))
    .map(({ date }) => `lacks minutes on ${date}, which is none of its days`);
  for (const day of named) {
    const held = sum(blocks.filter(({ date }) => date === day).map(({ minutes }) => minutes));
    const lacks = sum(said.filter(({ date }) => date === day).map(({ minutes }) => minutes));
    const missing = Math.floor(Math.max(0, habit.durationMinutes - held) / DURATION_STEP_MINUTES);
    if (lacks !== missing * DURATION_STEP_MINUTES)
      wrong.push(`has ${held} and lacks ${lacks} of ${habit.durationMinutes} minutes on ${day}`);
  }
  return wrong.map((problem) => `habit ${habit.id} ${problem}`);
}
