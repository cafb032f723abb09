import { canKeep } from './keep.ts';
import { Schedule } from './schedule.ts';
import type { World } from './world.ts';
import { MINUTE_MS } from '../contracts/durations.ts';

/** The minute up to which free current blocks stay. */
export function freezeEnd({ input, window }: World): number {
  return (Date.parse(input.now) - window.startMs) / MINUTE_MS + input.policy.freezeMinutes;
}

/**
 * The free current blocks that start too soon to be moved. One that may no longer be where it is (a meeting was put over
 * it, its task is done, what it waits for is not) is not among them: hard rules come first.
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
