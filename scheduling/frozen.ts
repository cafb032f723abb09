import { canKeep } from './keep.ts';
import { Schedule } from './schedule.ts';
import type { World } from './world.ts';
import { MINUTE_MS } from '../contracts/durations.ts';

/** The minute before which free current blocks stay. */
export function freezeEnd({ input, window }: World): number {
  return (Date.parse(input.now) - window.startMs) / MINUTE_MS + input.policy.freezeMinutes;
}

/**
 * IDs of the free current blocks that start too soon to be moved. A block that violates a hard rule at its
 * place is left out: a meeting overlaps it, its task is done, or the task it waits for is not.
 */
export function frozenBlocks(world: World): Set<string> {
  const { jobs } = world;
  const until = freezeEnd(world);
  const soon = jobs
    .flatMap((job) => job.current.map((block) => ({ job, block })))
    .filter(({ block }) => block.start < until)
    .toSorted((a, b) => a.block.start - b.block.start || a.job.index - b.job.index);
  const schedule = new Schedule(world);
  const frozen = new Set<string>();
  for (const { job, block } of soon) {
    if (!job.after.every((index) => schedule.isComplete(jobs[index]!))) continue;
    if (!canKeep(schedule, job, block)) continue;
    schedule.place(job, block.start, block.end);
    frozen.add(block.id);
  }
  return frozen;
}
