import { byDeadline, bySlack, byWeight, inDependencyOrder, type JobOrder } from './construct.ts';
import { type Blink, insert } from './insert.ts';
import { keepCurrent } from './keep.ts';
import { anyJobs, displaced, neighboursInTime, pick, rivals } from './ruin.ts';
import type { Schedule } from './schedule.ts';
import { type Span, totalMinutes } from './spans.ts';
import { compareServed, compareValues, type Value } from './value.ts';
import type { Job } from './world.ts';

export interface SearchOptions {
  /** Gaps to look at. */
  steps: number;
  random: () => number;
  /** Stop as soon as levels 1 and 2 are as good as this. */
  target?: Pick<Value, 'onTime' | 'late'>;
  /** Look after level 1 alone: minutes after a deadline only stand in the way of it. */
  timelyOnly?: boolean;
  /** Try above all to put blocks back to where the last run had them. */
  reclaim?: boolean;
  /** The loss in levels 1 and 2, in weight · minutes on time, that is often accepted at first. Default: none is. */
  heat?: number;
}

/** Jobs that are not placed in full and are tried again along with those taken out. */
const OPEN_JOBS_TRIED = 3;

/** What a minute on time counts beside one after the deadline. */
const ON_TIME_FACTOR = 4;

/** What an attempt takes beside the gaps that it looks at, in the time of a gap: for itself and for each job. */
const COST_OF_ATTEMPT = 40;
const COST_OF_JOB = 20;

/** How often a rebuilding puts blocks back where the last run had them, and how many of them. */
const KEEPING_SHARE = 0.5;
const KEPT_SHARE = 0.8;

const BLINK_RATES = [0, 0, 0.03, 0.15];

interface Search {
  schedule: Schedule;
  random: () => number;
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
function rebuild(
  search: Search,
  chosen: readonly number[],
  open: readonly Job[],
  { timelyOnly = false, reclaim = false }: SearchOptions,
): Map<Job, readonly Span[]> {
  const { schedule, random } = search;
  const { world } = schedule;
  const before = new Map<Job, readonly Span[]>();
  const stack = chosen.map((index) => world.jobs[index]!);
  for (let count = 0; count < OPEN_JOBS_TRIED && open.length > 0; count++) stack.push(pick(open, random)!);
  while (stack.length > 0) {
    const job = stack.pop()!;
    if (before.has(job)) continue;
    before.set(job, schedule.blocks[job.index]!);
    for (const follower of job.followers) stack.push(world.jobs[follower]!);
  }
  for (const job of before.keys()) schedule.clear(job);

  const rate = pick(BLINK_RATES, random)!;
  const blink: Blink = rate === 0 ? () => false : () => random() < rate;
  const order = inDependencyOrder(world, [...before.keys()].toSorted(chooseOrder(random)));
  const keeping = reclaim || random() < KEEPING_SHARE;
  if (reclaim && chosen.length > 0) keepCurrent(schedule, world.jobs[chosen[0]!]!);
  if (keeping)
    for (const job of order)
      if (schedule.blocks[job.index]!.length === 0 && random() < KEPT_SHARE) keepCurrent(schedule, job);
  for (const job of order) insert(schedule, job, { blink, timelyOnly });
  return before;
}

function undo(schedule: Schedule, before: ReadonlyMap<Job, readonly Span[]>): void {
  for (const job of before.keys()) schedule.clear(job);
  for (const [job, blocks] of before) for (const { start, end } of blocks) schedule.place(job, start, end);
}

/** Jobs that could be better placed in levels 1 and 2. */
function openJobs(schedule: Schedule, timelyOnly: boolean): Job[] {
  return schedule.world.jobs.filter((job) => {
    const hopeless = job.deadline <= (job.spans[0]?.start ?? Infinity);
    if (hopeless && timelyOnly) return false;
    return !schedule.isComplete(job) || (schedule.values[job.index]!.late > 0 && !hopeless);
  });
}

/** Jobs with a block that is not where the last run had it. */
function unkeptJobs(schedule: Schedule): Job[] {
  return schedule.world.jobs.filter(
    (job) => job.current.length > 0 && schedule.values[job.index]!.kept < totalMinutes(job.current),
  );
}

/** Levels 1 to 3 in one number, for the chance to accept a loss. */
function served({ onTime, late, kept }: Value): number {
  return onTime * ON_TIME_FACTOR + late + kept;
}

/**
 * Ruins and rebuilds small parts of a schedule again and again. At first it also accepts what is a little worse in levels 1
 * and 2, ever more rarely (simulated annealing), and ends with the best it has seen. The work is counted in gaps looked at, so
 * that the result is the same on every machine.
 */
export function improve(schedule: Schedule, options: SearchOptions): Schedule {
  const { random, target, steps, timelyOnly = false, reclaim = false } = options;
  const search: Search = { schedule, random };
  const began = schedule.visits;
  const heat = options.heat ?? 0;
  let open = openJobs(schedule, timelyOnly);
  let unkept = reclaim ? unkeptJobs(schedule) : [];
  let best = schedule.total;
  let bestBlocks = schedule.blocks.slice();
  for (let spent = 0; spent < steps; spent = schedule.visits - began) {
    if (target && compareServed(schedule.total, target) >= 0) break;
    const before = schedule.total;
    const draw = random();
    let chosen: number[];
    if (reclaim && unkept.length === 0) break;
    if (reclaim) chosen = displaced(search, unkept);
    else if (open.length > 0 && draw < 0.5) chosen = rivals(search, open);
    else chosen = draw < 0.8 ? neighboursInTime(search) : anyJobs(search);
    if (chosen.length === 0 && open.length === 0) break;
    const undone = rebuild(search, chosen, reclaim ? [] : open, options);
    schedule.visits += COST_OF_ATTEMPT + COST_OF_JOB * undone.size;
    const change = compareValues(schedule.total, before);
    if (
      change < 0 &&
      !toleratesLoss(served(before) - served(schedule.total), heat * (1 - spent / steps), random)
    )
      undo(schedule, undone);
    else if (change !== 0) {
      open = openJobs(schedule, timelyOnly);
      if (reclaim) unkept = unkeptJobs(schedule);
      if (compareValues(schedule.total, best) > 0) {
        best = schedule.total;
        bestBlocks = schedule.blocks.slice();
      }
    }
  }
  if (compareValues(schedule.total, best) < 0) schedule.restore(bestBlocks);
  return schedule;
}

function toleratesLoss(loss: number, temperature: number, random: () => number): boolean {
  return temperature > 0 && random() < Math.exp(-loss / temperature);
}
