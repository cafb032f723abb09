import type { PlanInput, PlanObjective } from '../../../scheduling/index.ts';
import { dateAt, instantOf, MINUTE_MS, type Span } from './civil-time.ts';
import { windowOf } from './open-hours.ts';
import { type Block, type Habit, placed } from './world.ts';

const WEIGHT = { critical: 8, high: 4, normal: 2, low: 1 };
const PREFERRED_HOURS = {
  morning: ['06:00', '12:00'],
  afternoon: ['12:00', '17:00'],
  evening: ['17:00', '21:00'],
  night: ['21:00', '24:00'],
} as const;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/**
 * How far a block is from when the habit would rather be, in hours. Inside the preferred part of the day: not
 * at all.
 */
export function hoursFromIdeal(input: PlanInput, habit: Habit, { start, end }: Span): number {
  const date = dateAt(input.timeZone, start);
  if (habit.idealTime !== null)
    return Math.abs(start - instantOf(input.timeZone, date, habit.idealTime)) / HOUR_MS;
  if (habit.preference === null) return 0;
  const [from, to] = PREFERRED_HOURS[habit.preference].map((clock) => instantOf(input.timeZone, date, clock));
  if (start < from!) return (from! - start) / HOUR_MS;
  // A block that is too long for the part of the day is best where that begins.
  return Math.max(0, Math.min(end - to!, start - from!)) / HOUR_MS;
}

/** Minutes of a task's block before and after its deadline. */
export function timelyMinutes(deadline: string | null, block: Block): { timely: number; late: number } {
  const { start, end, minutes } = placed(block);
  if (deadline === null) return { timely: minutes, late: 0 };
  const timely = Math.max(0, Math.min(end, Date.parse(deadline)) - start) / MINUTE_MS;
  return { timely, late: minutes - timely };
}

/** Minutes of the free blocks of the last plan that are not in this one as they were. */
function movedMinutes(input: PlanInput, blocks: readonly Block[]): number {
  const places = new Set(
    blocks.map(({ kind, refId, start, end }) => JSON.stringify([kind, refId, start, end])),
  );
  return input.current
    .filter(({ pinned }) => !pinned)
    .filter(({ kind, refId, start, end }) => !places.has(JSON.stringify([kind, refId, start, end])))
    .reduce((sum, { start, end }) => sum + (Date.parse(end) - Date.parse(start)) / MINUTE_MS, 0);
}

/** The five levels of the objective by the specification, besides the ceiling. */
export function valueOf(input: PlanInput, blocks: readonly Block[]): Omit<PlanObjective, 'ceiling'> {
  const window = windowOf(input);
  const value = {
    onTime: 0,
    late: 0,
    moved: movedMinutes(input, blocks),
    blocks: blocks.length,
    spread: 0,
  };
  for (const block of blocks) {
    const { start, minutes } = placed(block);
    const task = block.kind === 'task' && input.tasks.find(({ id }) => id === block.refId);
    const habit = block.kind === 'habit' && input.habits.find(({ id }) => id === block.refId);
    if (task) {
      const weight = WEIGHT[task.priority];
      const { timely, late } = timelyMinutes(task.deadline, block);
      value.onTime += weight * timely;
      value.late += weight * late;
      value.spread += (weight * minutes * (start - window.start)) / DAY_MS;
    } else if (habit) {
      const weight = WEIGHT[habit.priority];
      value.onTime += weight * minutes;
      // Where a user pinned it on a day that is not planned, nothing is wished for.
      if (window.start <= start && start < window.end)
        value.spread += weight * hoursFromIdeal(input, habit, placed(block));
    }
  }
  return value;
}

/** Below zero where `a` is the better plan; levels are compared in their order. */
export function compareValues(
  a: Omit<PlanObjective, 'ceiling'>,
  b: Omit<PlanObjective, 'ceiling'>,
  tolerance = 1e-6,
): number {
  const differences = [
    b.onTime - a.onTime,
    b.late - a.late,
    a.moved - b.moved,
    a.blocks - b.blocks,
    a.spread - b.spread,
  ];
  return differences.find((difference) => Math.abs(difference) > tolerance) ?? 0;
}
