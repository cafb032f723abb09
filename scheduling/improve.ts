import { byDeadline, bySlack, byWeight, complete, inDependencyOrder, type JobOrder } from './construct.ts';
import { type Blink, insert } from './insert.ts';
import { keepCurrent } from './keep.ts';
import { firstAbove, type Schedule } from './schedule.ts';
import type { Span } from './spans.ts';
import { compareServed, compareValues, type Value } from './value.ts';
import type { Job } from './world.ts';

export interface SearchOptions {
  /** Gaps to look at. */
  steps: number;
  random: () => number;
  /** Stop as soon as levels 1 and 2 are as good as this. */
  target?: Value;
}

/** Jobs taken out at once, at most. */
const MOST_RUINED = 12;

/** Jobs that are not placed in full and are tried again along with those taken out. */
const OPEN_JOBS_TRIED = 3;

const BLINK_RATES = [0, 0, 0.03, 0.15];

interface Search {
  schedule: Schedule;
  random: () => number;
}

const pick = <T>(list: readonly T[], random: () => number): T | undefined =>
  list[Math.floor(random() * list.length)];

/** Owners of the blocks in a random stretch of time. */
function neighboursInTime({ schedule, random }: Search): number[] {
  const count = schedule.starts.length;
  if (count === 0) return [];
  const size = 2 + Math.floor(random() * Math.min(count, MOST_RUINED));
  const first = Math.floor(random() * count);
  return schedule.owners.slice(first, first + size);
}

function anyJobs({ schedule, random }: Search): number[] {
  const size = 1 + Math.floor((random() * MOST_RUINED) / 2);
  return Array.from({ length: size }, () => pick(schedule.owners, random)).filter(
    (index) => index !== undefined,
  );
}

/** A job that wants more, and blocks that stand where it could be, rather of lighter jobs. */
function rivals({ schedule, random }: Search, open: readonly Job[]): number[] {
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
    if (lighter || random() < 0.3) chosen.push(owner);
  }
  return chosen;
}

function chooseOrder(random: () => number): JobOrder {
  const orders = [byWeight, byDeadline, bySlack];
  const index = Math.floor(random() * (orders.length + 1));
  const order = orders[index];
  if (order) return order;
  const keys = new Map<number, number>();
  const keyOf = (job: Job) => {
    if (!keys.has(job.index)) keys.set(job.index, random() / job.weight);
    return keys.get(job.index)!;
  };
  return (a, b) => keyOf(a) - keyOf(b);
}

/** Takes jobs out and places them anew in another order. Returns what the changed jobs had, to go back to. */
function rebuild(search: Search, chosen: readonly number[], open: readonly Job[]): Map<Job, Span[]> {
  const { schedule, random } = search;
  const { world } = schedule;
  const before = new Map<Job, Span[]>();
  const takeOut = (job: Job) => {
    if (!before.has(job)) before.set(job, schedule.blocks[job.index]!.slice());
  };
  const jobs = new Set(chosen.map((index) => world.jobs[index]!));
  for (let count = 0; count < OPEN_JOBS_TRIED && open.length > 0; count++) jobs.add(pick(open, random)!);
  for (const job of jobs) {
    takeOut(job);
    const stack = [...job.followers];
    while (stack.length > 0) {
      const follower = world.jobs[stack.pop()!]!;
      if (before.has(follower)) continue;
      takeOut(follower);
      stack.push(...follower.followers);
    }
  }
  for (const job of before.keys()) schedule.clear(job);

  const rate = pick(BLINK_RATES, random)!;
  const blink: Blink = rate === 0 ? () => false : () => random() < rate;
  const keeping = random() < 0.5;
  const order = inDependencyOrder(world, [...before.keys()].toSorted(chooseOrder(random)));
  if (keeping) for (const job of order) if (random() < 0.8) keepCurrent(schedule, job);
  for (const job of order) insert(schedule, job, blink);
  return before;
}

function undo(schedule: Schedule, before: ReadonlyMap<Job, Span[]>): void {
  for (const job of before.keys()) schedule.clear(job);
  for (const [job, blocks] of before) for (const { start, end } of blocks) schedule.place(job, start, end);
}

function openJobs(schedule: Schedule): Job[] {
  return schedule.world.jobs.filter(
    (job) => !schedule.isComplete(job) || (schedule.values[job.index]!.late > 0 && job.deadline > 0),
  );
}

/**
 * Ruins and rebuilds small parts of a schedule again and again, and keeps what is not worse. The work is counted in gaps
 * looked at, so that the result is the same on every machine.
 */
export function improve(schedule: Schedule, options: SearchOptions): Schedule {
  const search: Search = { schedule, random: options.random };
  const { random } = options;
  const end = schedule.visits + options.steps;
  let open = openJobs(schedule);
  while (schedule.visits < end) {
    if (options.target && compareServed(schedule.total, options.target) >= 0) break;
    const before = schedule.total;
    const draw = random();
    const chosen =
      open.length > 0 && draw < 0.5
        ? rivals(search, open)
        : draw < 0.8
          ? neighboursInTime(search)
          : anyJobs(search);
    if (chosen.length === 0 && open.length === 0) {
      if (schedule.starts.length === 0) break;
      continue;
    }
    const undone = rebuild(search, chosen, open);
    // An attempt costs something even where there is no gap to look at.
    schedule.visits += undone.size;
    const change = compareValues(schedule.total, before);
    if (change < 0) undo(schedule, undone);
    else if (change > 0) open = openJobs(schedule);
  }
  complete(schedule);
  return schedule;
}
