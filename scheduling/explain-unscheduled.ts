import { GapCursor } from './gap-cursor.ts';
import { timeBounds } from './insert.ts';
import type { UnscheduledReason } from './reasons.ts';
import type { Schedule } from './schedule.ts';
import { clip, overlaps, type Span, totalMinutes } from './spans.ts';
import type { Job } from './world.ts';

const longestOf = (spans: readonly Span[]): number =>
  Math.max(0, ...spans.map(({ start, end }) => end - start));

/** A job that this one waits for and that the plan does not complete. */
function unfinished(schedule: Schedule, job: Job): string | null {
  const { jobs } = schedule.world;
  const index = job.after.find((one) => !schedule.isComplete(jobs[one]!) || jobs[one]!.blockedBy !== null);
  return job.blockedBy ?? (index === undefined ? null : jobs[index]!.refId);
}

/** The heaviest other job that occupies time which this one could use. */
function heaviestRival(schedule: Schedule, job: Job, spans: readonly Span[]): string | null {
  const { jobs } = schedule.world;
  let rival: Job | null = null;
  let index = 0;
  for (const [at, start] of schedule.starts.entries()) {
    const block = { start, end: schedule.ends[at]! };
    while (index < spans.length && spans[index]!.end <= start) index++;
    if (index === spans.length) break;
    const owner = jobs[schedule.owners[at]!]!;
    // Another day of the same habit is no explanation.
    if (owner.kind === job.kind && owner.refId === job.refId) continue;
    if (!overlaps(spans[index]!, block)) continue;
    if (!rival || owner.weight > rival.weight) rival = owner;
  }
  return rival?.refId ?? null;
}

function gapsLeft(schedule: Schedule, job: Job, bounds: Span): Span[] {
  const gaps: Span[] = [];
  const cursor = new GapCursor(schedule, job.spans, bounds.start, bounds.end);
  while (cursor.next() && cursor.start < job.startBefore) gaps.push({ start: cursor.start, end: cursor.end });
  return gaps;
}

/** The reason why minutes of a job are not placed in the schedule. */
export function explainUnscheduled(schedule: Schedule, job: Job): UnscheduledReason {
  const waitsFor = unfinished(schedule, job);
  if (waitsFor !== null) return { code: 'waiting-for', refId: waitsFor };
  const missing = job.left - schedule.placedMinutes(job);
  // A shortened habit needs a gap for its full length.
  const shortened = job.kind === 'habit' && missing < job.left;
  if (!job.whole && !job.remainder && missing < job.least) return { code: 'too-short', shortest: job.least };
  let shortest = Math.min(job.least, missing);
  if (job.whole) shortest = shortened ? job.left : job.least;
  const needed = job.whole ? shortest : job.left;
  const bounds = timeBounds(schedule, job) ?? { start: 0, end: 0 };
  // A remainder comes last.
  if (missing < job.least && job.remainder)
    bounds.start = Math.max(bounds.start, schedule.blocks[job.index]!.at(-1)?.end ?? 0);
  // Open hours without busy time, ignoring other blocks.
  const open = clip(job.spans, bounds.start, bounds.end);
  const free = totalMinutes(open);
  const longest = longestOf(open);
  if (longest < shortest && free >= needed) return { code: 'no-gap-long-enough', longest, needed: shortest };
  if (free < needed) return { code: 'hours-exhausted-before-deadline', free, needed };
  const gaps = gapsLeft(schedule, job, bounds);
  const left = longestOf(gaps);
  if (job.dailyLimit !== Infinity && (shortened || left >= shortest))
    return { code: 'daily-limit', limit: job.dailyLimit, needed: missing };
  const rival = heaviestRival(schedule, job, open);
  if (rival !== null) return { code: 'displaced-by', refId: rival };
  return { code: 'no-gap-long-enough', longest: left, needed: shortest };
}
