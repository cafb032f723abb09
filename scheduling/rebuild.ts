import { byDeadline, bySlack, byWeight, inDependencyOrder, type JobOrder } from './construct.ts';
import { insert } from './insert.ts';
import type { InsertOptions } from './insert-options.ts';
import { keepCurrent } from './keep.ts';
import { pick, type Ruin } from './ruin.ts';
import type { Schedule } from './schedule.ts';
import type { Span } from './spans.ts';
import type { Job } from './world.ts';

export interface RebuildOptions {
  random: () => number;
  /** Jobs that are not placed as well as they could be: some are tried again along with those taken out. */
  open: readonly Job[];
  /** Look after level 1 alone: minutes after a deadline only stand in the way of it. */
  timelyOnly: boolean;
  /** Put the first job back to where the last run had it, before all others. */
  reclaim: boolean;
}

/** What jobs had before a rebuilding, to go back to. */
export type Undo = ReadonlyMap<Job, readonly Span[]>;

const OPEN_JOBS_TRIED = 3;

/** How often a rebuilding puts blocks back where the last run had them, and how many of them. */
const KEEPING_SHARE = 0.5;
const KEPT_SHARE = 0.8;

/** How often a rebuilding tries other lengths than the longest. It finds what level 1 needs less often than what the rest does. */
const SHORTENING_SHARE = { timely: 0.2, otherwise: 0.3 };

const BLINK_RATES = [0, 0, 0.03, 0.15];

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

/** What a ruin takes blocks of, with some of the open jobs and everything that waits for one of them. */
function affectedJobs(schedule: Schedule, { jobs: chosen }: Ruin, { open, random }: RebuildOptions): Undo {
  const { jobs } = schedule.world;
  const before = new Map<Job, readonly Span[]>();
  const stack = chosen.map((index) => jobs[index]!);
  for (let count = 0; count < OPEN_JOBS_TRIED && open.length > 0; count++) stack.push(pick(open, random)!);
  while (stack.length > 0) {
    const job = stack.pop()!;
    if (before.has(job)) continue;
    before.set(job, schedule.blocks[job.index]!);
    for (const follower of job.followers) stack.push(jobs[follower]!);
  }
  return before;
}

function takeOut(schedule: Schedule, { jobs: chosen, within }: Ruin, before: Undo): void {
  const { jobs } = schedule.world;
  const inPart = new Set(within ? chosen : []);
  for (const [job, blocks] of before) {
    const waits = job.after.some((index) => before.has(jobs[index]!));
    // A remainder must not stay without the rest, nor what waits for a job that is taken out.
    if (!inPart.has(job.index) || job.remainder || waits) schedule.clear(job);
    else
      for (const { start } of blocks)
        if (within!.some((span) => span.start <= start && start < span.end)) schedule.remove(job, start);
  }
}

/** Takes blocks out and places their jobs anew in another order. */
export function rebuild(schedule: Schedule, ruin: Ruin, options: RebuildOptions): Undo {
  const { random, timelyOnly, reclaim } = options;
  const { world } = schedule;
  const before = affectedJobs(schedule, ruin, options);
  takeOut(schedule, ruin, before);

  const rate = pick(BLINK_RATES, random)!;
  const shortening = SHORTENING_SHARE[timelyOnly ? 'timely' : 'otherwise'];
  const order = inDependencyOrder(world, [...before.keys()].toSorted(chooseOrder(random)));
  const keeping = reclaim || random() < KEEPING_SHARE;
  if (reclaim && ruin.jobs.length > 0) keepCurrent(schedule, world.jobs[ruin.jobs[0]!]!);
  if (keeping)
    for (const job of order)
      if (schedule.blocks[job.index]!.length === 0 && random() < KEPT_SHARE) keepCurrent(schedule, job);
  const insertOptions: InsertOptions = {
    timelyOnly,
    blink: rate === 0 ? () => false : () => random() < rate,
  };
  if (random() < shortening) insertOptions.shorten = random;
  for (const job of order) insert(schedule, job, insertOptions);
  return before;
}

export function undo(schedule: Schedule, before: Undo): void {
  for (const job of before.keys()) schedule.clear(job);
  for (const [job, blocks] of before) for (const { start, end } of blocks) schedule.place(job, start, end);
}
