import { byDeadline, bySlack, byWeight, inDependencyOrder, type JobOrder } from './construct.ts';
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
  target?: Pick<Value, 'onTime' | 'late'>;
  /** Look after level 1 alone: minutes after a deadline only stand in the way of it. */
  timelyOnly?: boolean;
  /** The loss in levels 1 and 2, in weight · minutes on time, that is often accepted at first. Default: none is. */
  heat?: number;
}

/** Jobs taken out at once, at most. */
const MOST_RUINED = 12;

/** Jobs that are not placed in full and are tried again along with those taken out. */
const OPEN_JOBS_TRIED = 3;

/** What a minute on time counts beside one after the deadline. */
const ON_TIME_FACTOR = 4;

/** What an attempt takes beside the gaps that it looks at, in the time of a gap: for itself and for each job. */
const COST_OF_ATTEMPT = 40;
const COST_OF_JOB = 20;

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
function rebuild(
  search: Search,
  chosen: readonly number[],
  open: readonly Job[],
  timelyOnly: boolean,
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
  if (random() < 0.5) for (const job of order) if (random() < 0.8) keepCurrent(schedule, job);
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

/** Levels 1 and 2 in one number, for the chance to accept a loss. */
function served({ onTime, late }: Value): number {
  return onTime * ON_TIME_FACTOR + late;
}

/**
 * Ruins and rebuilds small parts of a schedule again and again. At first it also accepts what is a little worse in levels 1
 * and 2, ever more rarely (simulated annealing), and ends with the best it has seen. The work is counted in gaps looked at, so
 * that the result is the same on every machine.
 */
export function improve(schedule: Schedule, options: SearchOptions): Schedule {
  const { random, target, steps, timelyOnly = false } = options;
  const search: Search = { schedule, random };
  const began = schedule.visits;
  const heat = options.heat ?? 0;
  let open = openJobs(schedule, timelyOnly);
  let best = schedule.total;
  let bestBlocks = schedule.blocks.slice();
  for (let spent = 0; spent < steps; spent = schedule.visits - began) {
    if (target && compareServed(schedule.total, target) >= 0) break;
    const before = schedule.total;
    const draw = random();
    let chosen: number[];
    if (open.length > 0 && draw < 0.5) chosen = rivals(search, open);
    else chosen = draw < 0.8 ? neighboursInTime(search) : anyJobs(search);
    if (chosen.length === 0 && open.length === 0) break;
    const undone = rebuild(search, chosen, open, timelyOnly);
    schedule.visits += COST_OF_ATTEMPT + COST_OF_JOB * undone.size;
    const change = compareValues(schedule.total, before);
    if (
      change < 0 &&
      !toleratesLoss(served(before) - served(schedule.total), heat * (1 - spent / steps), random)
    )
      undo(schedule, undone);
    else if (change !== 0) {
      open = openJobs(schedule, timelyOnly);
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
