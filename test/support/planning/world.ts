import type { Plan, PlanInput } from '../../../scheduling/index.ts';
import { MINUTE_MS, type Span } from './civil-time.ts';

export type Task = PlanInput['tasks'][number];
export type Habit = PlanInput['habits'][number];
export type Block = Plan['blocks'][number];

/** A block with its times as numbers. */
export interface Placed extends Span {
  block: Block;
  minutes: number;
}

export const DURATION_STEP_MINUTES = 5;

export function placed(block: Block): Placed {
  const start = Date.parse(block.start);
  const end = Date.parse(block.end);
  return { block, start, end, minutes: (end - start) / MINUTE_MS };
}

export function placedOf(plan: Plan, kind: 'task' | 'habit', refId: string): Placed[] {
  return plan.blocks
    .filter((block) => block.kind === kind && block.refId === refId)
    .map(placed)
    .toSorted((a, b) => a.start - b.start);
}

export function spanOf({ start, end }: { start: string; end: string }): Span {
  return { start: Date.parse(start), end: Date.parse(end) };
}

/**
 * What is left of a task besides its blocks that are pinned, or have begun, in whole steps of five minutes.
 */
export function minutesLeft(input: PlanInput, task: Task): number {
  let left = task.durationMinutes - task.doneMinutes;
  for (const block of input.current) {
    const held = block.pinned || Date.parse(block.start) < Date.parse(input.now);
    if (!held || block.kind !== 'task' || block.refId !== task.id) continue;
    const { start, end } = spanOf(block);
    left -= (end - start) / MINUTE_MS;
  }
  return Math.max(0, Math.floor(left / DURATION_STEP_MINUTES) * DURATION_STEP_MINUTES);
}

/** Whether minutes can be divided into chunks that are all between the shortest and the longest allowed. */
export function divisible(minutes: number, { minChunkMinutes, maxChunkMinutes }: Task): boolean {
  const fewest = Math.ceil(minutes / maxChunkMinutes);
  return fewest * minChunkMinutes <= minutes;
}
