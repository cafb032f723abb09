import { firstAbove, type Schedule } from './schedule.ts';
import type { Span } from './spans.ts';
import type { Job } from './world.ts';

/** Most jobs taken out at once. */
const MOST_RUINED = 12;

/** Probability that a block of a heavier job is taken out as well. */
const HEAVIER_SHARE = 0.3;

/** Most blocks taken out in each of two stretches of time. */
const MOST_IN_STRETCH = 4;

interface Search {
  schedule: Schedule;
  random: () => number;
}

export function pick<T>(list: readonly T[], random: () => number): T | undefined {
  return list[Math.floor(random() * list.length)];
}

/** Jobs to take out, with all their blocks or only with those that start in `within`. */
export interface Ruin {
  jobs: number[];
  within?: Span[];
}

/** The blocks in a random stretch of time; a share of `alone` without the other blocks of their jobs. */
export function neighboursInTime({ schedule, random }: Search, alone: number): Ruin {
  const count = schedule.starts.length;
  if (count === 0) return { jobs: [] };
  const size = 2 + Math.floor(random() * Math.min(count, MOST_RUINED));
  const ruin = stretch(schedule, Math.floor(random() * count), size);
  return random() < alone ? ruin : { jobs: ruin.jobs };
}

function stretch({ starts, owners }: Schedule, first: number, size: number) {
  const last = Math.min(first + size, starts.length) - 1;
  const jobs = owners.slice(first, last + 1);
  return { jobs, within: [{ start: starts[first]!, end: starts[last]! + 1 }] };
}

/** The blocks in two stretches of time, so that they can change places. */
export function farNeighbours({ schedule, random }: Search): Ruin {
  const count = schedule.starts.length;
  if (count === 0) return { jobs: [] };
  const [one, other] = [0, 1].map(() =>
    stretch(schedule, Math.floor(random() * count), 1 + Math.floor(random() * MOST_IN_STRETCH)),
  );
  return { jobs: [...one!.jobs, ...other!.jobs], within: [...one!.within, ...other!.within] };
}

/** Owners of random blocks. */
export function anyJobs({ schedule, random }: Search): number[] {
  const size = 1 + Math.floor((random() * MOST_RUINED) / 2);
  return Array.from({ length: size }, () => pick(schedule.owners, random)).filter(
    (index) => index !== undefined,
  );
}

/** An open job, and owners of blocks where it could be, lighter jobs preferred. */
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

/** A job with a block that has left its place, followed by the owners of the blocks there now. */
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
