import { type CivilWindow, instantToMinute } from './civil-time.ts';
import { buildWorld, heldBlocks } from './build-world.ts';
import { levelOneCeiling } from './ceiling.ts';
import { makeFrame } from './frame.ts';
import { idealTime } from './habit-jobs.ts';
import type { PlannedBlock, PlanObjective } from './plan-types.ts';
import type { PlanInput } from './plan-input.ts';
import { fromIdeal, timelyMinutes } from './value.ts';
import { WEIGHTS } from './world.ts';
import { DAY_MINUTES, HOUR_MINUTES, MINUTE_MS } from '../contracts/durations.ts';

/** The fields of a block that the objective depends on. */
export type ObjectiveBlock = Pick<PlannedBlock, 'kind' | 'refId' | 'start' | 'end'>;

/** Level 3: minutes of free current blocks that the plan does not keep as they were. */
function movedMinutes(input: PlanInput, blocks: readonly ObjectiveBlock[]): number {
  const key = ({ kind, refId, start, end }: ObjectiveBlock) => JSON.stringify([kind, refId, start, end]);
  const places = new Set(blocks.map(key));
  return input.current
    .filter((block) => !block.pinned && !places.has(key(block)))
    .reduce((sum, { start, end }) => sum + (Date.parse(end) - Date.parse(start)) / MINUTE_MS, 0);
}

/** Rounds away the error of floating-point sums. */
function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

function habitSpread(input: PlanInput, window: CivilWindow, { refId, start, end }: ObjectiveBlock): number {
  const habit = input.habits.find(({ id }) => id === refId);
  const minute = instantToMinute(window, start);
  const day = window.days.find(({ startMinute, endMinute }) => minute >= startMinute && minute < endMinute);
  if (!habit || !day) return 0;
  const length = instantToMinute(window, end) - minute;
  return (WEIGHTS[habit.priority] * fromIdeal(idealTime(window, habit, day), minute, length)) / HOUR_MINUTES;
}

/** The five levels of the objective for the blocks of any plan, pinned ones included. */
export function objective(input: PlanInput, blocks: readonly ObjectiveBlock[]): PlanObjective {
  const frame = makeFrame(input);
  return objectiveUnder(
    levelOneCeiling(buildWorld(frame, heldBlocks(frame.input))),
    frame.window,
    input,
    blocks,
  );
}

/** Like `objective`, for a known ceiling. */
export function objectiveUnder(
  ceiling: number,
  window: CivilWindow,
  input: PlanInput,
  blocks: readonly ObjectiveBlock[],
): PlanObjective {
  const tasks = new Map(input.tasks.map((task) => [task.id, task]));
  const habits = new Map(input.habits.map((habit) => [habit.id, habit]));
  let onTime = 0;
  let late = 0;
  let spread = 0;
  for (const block of blocks) {
    const start = instantToMinute(window, block.start);
    const end = instantToMinute(window, block.end);
    if (block.kind === 'habit') {
      const habit = habits.get(block.refId);
      if (!habit) continue;
      onTime += WEIGHTS[habit.priority] * (end - start);
      spread += habitSpread(input, window, block);
      continue;
    }
    const task = tasks.get(block.refId);
    if (!task) continue;
    const weight = WEIGHTS[task.priority];
    const deadline = task.deadline === null ? Infinity : instantToMinute(window, task.deadline);
    const timely = timelyMinutes(deadline, start, end);
    onTime += weight * timely;
    late += weight * (end - start - timely);
    spread += (weight * (end - start) * start) / DAY_MINUTES;
  }
  return {
    onTime: rounded(onTime),
    ceiling: rounded(Math.max(onTime, ceiling)),
    late: rounded(late),
    moved: rounded(movedMinutes(input, blocks)),
    blocks: blocks.length,
    spread: rounded(spread),
  };
}
