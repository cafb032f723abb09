import { nearestStart } from './insert.ts';
import type { Span } from './spans.ts';
import { fromIdeal, SPREAD_PER_MINUTE_FROM_IDEAL, type Value } from './value.ts';
import type { Job, World } from './world.ts';

/** Minutes of free time before a minute. */
function freeUntil(spans: readonly Span[], until: number): number {
  return spans.reduce((sum, { start, end }) => sum + Math.max(0, Math.min(end, until) - start), 0);
}

/** The least distance from its ideal that a habit of full length can have; 0 if it fits nowhere. */
function leastDistance(job: Job, granularity: number): number {
  const distances = job.spans
    .filter(({ start, end }) => end - start >= job.left)
    .map((span) => fromIdeal(job.ideal, nearestStart(job, span, job.left, granularity), job.left));
  return distances.length === 0 ? 0 : Math.min(...distances);
}

/**
 * The least sum of weight · minutes · start that tasks of one type of hours can have. It is the sum for
 * single minutes, heavier tasks in earlier free time, less the gain of the longest allowed blocks: every
 * minute of a block counts from the start of the block.
 */
function leastTaskSpread(jobs: readonly Job[], free: readonly Span[]): number {
  let spread = 0;
  let index = 0;
  let at = free[0]?.start ?? 0;
  for (const { weight, left, most } of jobs.toSorted((a, b) => b.weight - a.weight)) {
    const full = Math.floor(left / most);
    spread -= (weight * (full * most ** 2 + (left - full * most) ** 2)) / 2;
    for (let rest = left; rest > 0 && index < free.length;) {
      const until = Math.min(free[index]!.end, at + rest);
      spread += (weight * (until ** 2 - at ** 2)) / 2;
      rest -= until - at;
      at = until;
      if (at === free[index]!.end) at = free[++index]?.start ?? 0;
    }
  }
  return spread;
}

/**
 * Upper bound of the value of any plan of a world: every job is placed in full, on time as far as there is
 * free time, in the fewest blocks, and blocks compete only by their minutes. Worlds that are not full have a
 * plan that reaches it, and a search that has found one may stop.
 */
export function upperBound({ jobs, free, granularity }: World): Value {
  const bound = { onTime: 0, late: 0, kept: 0, blocks: 0, spread: 0, minutes: 0 };
  const tasksByHours = new Map<string, Job[]>();
  for (const job of jobs) {
    const { kind, weight, left, most, deadline, hours } = job;
    if (left === 0) continue;
    const onTime = deadline === Infinity ? left : Math.min(left, freeUntil(job.spans, deadline));
    bound.onTime += weight * onTime;
    bound.late += weight * (left - onTime);
    bound.blocks += Math.ceil(left / most);
    bound.minutes += left;
    if (kind === 'task') tasksByHours.set(hours, [...(tasksByHours.get(hours) ?? []), job]);
    else bound.spread += weight * leastDistance(job, granularity) * SPREAD_PER_MINUTE_FROM_IDEAL;
  }
  for (const [hours, tasks] of tasksByHours) bound.spread += leastTaskSpread(tasks, free.get(hours) ?? []);
  return bound;
}
