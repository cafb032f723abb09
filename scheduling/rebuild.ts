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
  /** Jobs that could be placed better: some are tried again together with those taken out. */
  open: readonly Job[];
  /**
   * Improve level 1 only: minutes after a deadline are not placed, because they would only take time from it.
   */
  timelyOnly: boolean;
  /** Put the first job back to its place in the last run, before all others. */
  reclaim: boolean;
}

/** Blocks of the affected jobs before a rebuild, for `undo`. */
export type Undo = ReadonlyMap<Job, readonly Span[]>;

const OPEN_JOBS_TRIED = 3;

/** Share of rebuilds that put jobs back to their places in the last run, and share of such jobs. */
const KEEPING_SHARE = 0.5;
const KEPT_SHARE = 0.8;

/** Share of rebuilds that try shorter blocks than the longest. They help level 1 less than the others. */
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

/** The jobs of a ruin, some of the open jobs, and all jobs that wait for one of them, with their blocks. */
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
    // A remainder must not stay without the rest, and neither must a job that waits for one taken out.
    if (!inPart.has(job.index) || job.remainder || waits) schedule.clear(job);
    else
      for (const { start } of blocks)
        if (within!.some((span) => span.start <= start && start < span.end)) schedule.remove(job, start);
  }
}

/** Takes blocks out and places their jobs again in another order. */
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
