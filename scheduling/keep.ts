import { STEP_MINUTES } from '../contracts/limits.ts';
import { timeBounds } from './insert.ts';
import { firstAbove, type Schedule } from './schedule.ts';
import type { Span } from './spans.ts';
import type { Job } from './world.ts';

function isFree(schedule: Schedule, { start, end }: Span): boolean {
  const { buffer } = schedule.world;
  const index = firstAbove(schedule.ends, start - buffer);
  return !(index < schedule.starts.length && schedule.starts[index]! < end + buffer);
}

function fitsJob(schedule: Schedule, job: Job, block: Span): boolean {
  const length = block.end - block.start;
  const placed = schedule.placedMinutes(job);
  const existing = schedule.blocks[job.index]!;
  if (job.kind === 'habit') return existing.length === 0 && length >= job.least && length <= job.left;
  if (job.whole) return existing.length === 0 && length === job.left;
  if (length > job.most || placed + length > job.left) return false;
  if (length >= job.least) return true;
  // A remainder comes last and completes the task.
  return job.remainder && placed + length === job.left && existing.every(({ end }) => end <= block.start);
}

function inOrder(schedule: Schedule, job: Job, block: Span): boolean {
  const ends = (index: number) => schedule.blocks[index]!.at(-1)?.end ?? 0;
  const starts = (index: number) => schedule.blocks[index]![0]?.start ?? Infinity;
  return (
    [...job.after, ...job.orderedAfter].every((index) => ends(index) <= block.start) &&
    [...job.followers, ...job.orderedBefore].every((index) => starts(index) >= block.end)
  );
}

/** Whether a block of the last run may stay at its place, beside all placed blocks. */
export function canKeep(schedule: Schedule, job: Job, block: Span): boolean {
  const { start, end } = block;
  return (
    job.blockedBy === null &&
    start % schedule.world.granularity === 0 &&
    end % STEP_MINUTES === 0 &&
    start < job.startBefore &&
    job.spans.some((span) => span.start <= start && end <= span.end) &&
    fitsJob(schedule, job, block) &&
    isFree(schedule, block) &&
    schedule.hasRoom(job, start, end) &&
    inOrder(schedule, job, block)
  );
}

/** Puts blocks of the last run back to their places, as far as the rules allow. */
export function keepCurrent(schedule: Schedule, job: Job): void {
  if (job.current.length === 0 || !timeBounds(schedule, job)) return;
  keepLegal(schedule, job);
}

/** Like `keepCurrent`, but also for a job that waits for an incomplete one. */
export function keepLegal(schedule: Schedule, job: Job): void {
  for (const { start, end } of job.current)
    if (canKeep(schedule, job, { start, end })) schedule.place(job, start, end);
}
