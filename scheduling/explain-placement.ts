import { GapCursor } from './gap-cursor.ts';
import type { PlacementReason } from './reasons.ts';
import type { Schedule } from './schedule.ts';
import { overlaps, type Span } from './spans.ts';
import { fromIdeal, timelyMinutes } from './value.ts';
import type { Job } from './world.ts';

/** The job that a job waited for, if it starts as soon as that one has ended. */
function awaited(schedule: Schedule, job: Job, start: number): string | null {
  const { jobs, fixed } = schedule.world;
  for (const index of [...job.after, ...job.orderedAfter]) {
    const other = jobs[index]!;
    const ends = [
      ...schedule.blocks[index]!.map(({ end }) => end),
      ...fixed
        .filter(({ kind, refId }) => kind === other.kind && refId === other.refId)
        .map(({ end }) => end),
    ];
    const last = Math.max(-Infinity, ...ends);
    if (schedule.following(last) === start) return other.refId;
  }
  return null;
}

/** The job now at the former place of a moved block, if the block could still be there. */
function displacedBy(schedule: Schedule, job: Job, was: Span): string | null {
  if (!job.spans.some(({ start, end }) => start <= was.start && was.end <= end)) return null;
  const index = schedule.starts.findIndex((start, at) => overlaps({ start, end: schedule.ends[at]! }, was));
  const owner = index < 0 ? undefined : schedule.world.jobs[schedule.owners[index]!];
  return owner && owner !== job ? owner.refId : null;
}

/** Whether no earlier time is free for the job. */
function isEarliest(schedule: Schedule, job: Job, start: number): boolean {
  const cursor = new GapCursor(schedule, job.spans, 0, start);
  return !cursor.next();
}

/** The reason for a block's place. `was` is its place in the last plan, if it has moved. */
export function explainPlacement(
  schedule: Schedule,
  job: Job,
  block: Span,
  was: Span | null,
  deadline: string | null,
): PlacementReason {
  const lateMinutes = block.end - block.start - timelyMinutes(job.deadline, block.start, block.end);
  if (lateMinutes > 0 && deadline !== null) return { code: 'after-deadline', deadline, lateMinutes };
  const other = was && displacedBy(schedule, job, was);
  if (other) return { code: 'displaced-by', refId: other };
  if (job.ideal)
    return {
      code: 'ideal-time',
      deviationMinutes: fromIdeal(job.ideal, block.start, block.end - block.start),
    };
  const before = isEarliest(schedule, job, block.start) ? null : awaited(schedule, job, block.start);
  return before === null ? { code: 'earliest-fit' } : { code: 'waiting-for', refId: before };
}
