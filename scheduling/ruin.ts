import { firstAbove, type Schedule } from './schedule.ts';
import type { Job } from './world.ts';

/** Jobs taken out at once, at most. */
const MOST_RUINED = 12;

/** How often a block of a heavier job makes room as well. */
const HEAVIER_SHARE = 0.3;

interface Search {
  schedule: Schedule;
  random: () => number;
}

export function pick<T>(list: readonly T[], random: () => number): T | undefined {
  return list[Math.floor(random() * list.length)];
}

/** Owners of the blocks in a random stretch of time. */
export function neighboursInTime({ schedule, random }: Search): number[] {
  const count = schedule.starts.length;
  if (count === 0) return [];
  const size = 2 + Math.floor(random() * Math.min(count, MOST_RUINED));
  const first = Math.floor(random() * count);
  return schedule.owners.slice(first, first + size);
}

/** Owners of random blocks. */
export function anyJobs({ schedule, random }: Search): number[] {
  const size = 1 + Math.floor((random() * MOST_RUINED) / 2);
  return Array.from({ length: size }, () => pick(schedule.owners, random)).filter(
    (index) => index !== undefined,
  );
}

/** A job that wants more, and blocks that stand where it could be, rather of lighter jobs. */
export function rivals({ schedule, random }: Search, open: readonly Job[]): number[] {
  const job = pick(open, random);
  const spans = job?.spans ?? [];
  const due = Math.min(job?.deadline ?? 0, schedule.world.window.minutes);
  const usable = spans.filter(({ start }) => start < due || due <= (spans[0]?.start ?? 0));
  const span = pick(usable, random);
  if (!job || !span) return [];
  const at = span.start + random() * (span.end - span.start) - job.left / 2;
  const chosen = [job.index];
  const size = 1 + Math.floor((random() * MOST_RUINED) / 2);
  for (
    let index = firstAbove(schedule.ends, at);
    index < schedule.starts.length && chosen.length <= size;
    index++
  ) {
    const owner = schedule.owners[index]!;
    const lighter = schedule.world.jobs[owner]!.weight <= job.weight;
    if (lighter || random() < HEAVIER_SHARE) chosen.push(owner);
  }
  return chosen;
}

/** A job with a block that is not where it was, first, and whoever is there now. */
export function displaced({ schedule, random }: Search, unkept: readonly Job[]): number[] {
  const { buffer } = schedule.world;
  const job = pick(unkept, random)!;
  const chosen = [job.index];
  for (const { start, end } of job.current) {
    const from = firstAbove(schedule.ends, start - buffer);
    for (let index = from; index < schedule.starts.length && schedule.starts[index]! < end + buffer; index++)
      chosen.push(schedule.owners[index]!);
  }
  return chosen;
}
