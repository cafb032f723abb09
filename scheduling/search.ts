import { buildWorld, heldBlocks } from './build-world.ts';
import { byDeadline, bySlack, byWeight, complete, construct, constructCalmly } from './construct.ts';
import { levelOneCeiling } from './ceiling.ts';
import { fixedValue } from './fixed-value.ts';
import type { Frame } from './frame.ts';
import { frozenBlocks } from './frozen.ts';
import { improve } from './improve.ts';
import { canKeep } from './keep.ts';
import type { CurrentBlock, PlanInput } from './plan-input.ts';
import { minuteToInstant } from './civil-time.ts';
import { seededRandom } from './random.ts';
import { Schedule } from './schedule.ts';
import { addValues, compareServed, compareValues, subtractValues, type Value } from './value.ts';
import type { Job, World } from './world.ts';

/** Gaps that a search looks at by default: for each task and habit, and at most, which takes about 200 ms. */
const STEPS_PER_ITEM = 40_000;
const MAX_STEPS = 4_000_000;

/** Large inputs take time for everything else; so much is taken off for each item, down to the least. */
const STEPS_OFF_PER_ITEM = 6_000;
const MIN_STEPS_WHEN_LARGE = 1_000_000;

export function defaultSteps({ tasks, habits }: PlanInput): number {
  const items = tasks.length + 3 * habits.length;
  const most = Math.max(MIN_STEPS_WHEN_LARGE, MAX_STEPS - STEPS_OFF_PER_ITEM * Math.max(0, items - 200));
  return Math.min(STEPS_PER_ITEM * items, most);
}

/** What level 1 alone gets of a search. */
const TIMELY_SHARE = 0.6;

/** About what five minutes of a critical task are worth, see `served`. */
const HEAT = 150;

/** A calm search starts from the plan before and needs less. */
const CALM_SHARE = 0.2;

/** As `HEAT`, for a search that starts from the plan before. */
const CALM_HEAT = 100;

/** How often a plan is made from the plan before until it stays as it is. */
const MAX_ROUNDS = 4;

export interface Found {
  schedule: Schedule;
  /** Of level 1. */
  ceiling: number;
  visits: number;
}

function best(schedules: readonly Schedule[]): Schedule {
  return schedules.reduce((a, b) => (compareValues(b.total, a.total) > 0 ? b : a));
}

/** The best plan without regard to where free blocks are now. */
function planAnew(world: World, ceiling: number, steps: number): Schedule {
  const random = seededRandom(world.input.seed);
  const orders = [byDeadline, byWeight, bySlack];
  const plain = best(orders.map((order) => construct(world, order)));
  let schedule = plain;
  if (plain.total.onTime < ceiling && steps > 0) {
    schedule = best(orders.map((order) => construct(world, order, { timelyOnly: true })));
    const target = { onTime: ceiling, late: 0 };
    improve(schedule, { steps: steps * TIMELY_SHARE, random, target, timelyOnly: true, heat: HEAT });
    complete(schedule);
    schedule = best([plain, schedule]);
  }
  const rest = steps - schedule.visits;
  improve(schedule, { steps: rest, random });
  complete(schedule);
  return schedule;
}

/** The same for a job in every world of one input. */
function jobKey({ kind, refId, date }: Job): string {
  return JSON.stringify([kind, refId, date]);
}

/** The blocks of another schedule as far as they are legal in this world, and the rest placed around them. */
function transfer(from: Schedule, world: World): Schedule {
  const schedule = new Schedule(world);
  const source = new Map(from.world.jobs.map((job) => [jobKey(job), job.index]));
  for (const job of world.jobs) {
    const index = source.get(jobKey(job));
    for (const block of index === undefined ? [] : from.blocks[index]!)
      if (canKeep(schedule, job, block)) schedule.place(job, block.start, block.end);
  }
  dropUnready(schedule);
  complete(schedule);
  return schedule;
}

/** Takes out what waits for a job that is not placed in full. */
function dropUnready(schedule: Schedule): void {
  const { jobs } = schedule.world;
  for (let changed = true; changed;) {
    changed = false;
    for (const job of jobs) {
      if (schedule.blocks[job.index]!.length === 0) continue;
      if (job.after.every((index) => schedule.isComplete(jobs[index]!))) continue;
      schedule.clear(job);
      changed = true;
    }
  }
}

/**
 * Holds the frozen blocks, moves others only as far as levels 1 and 2 gain by it: at first every block is kept that may be;
 * where that is not enough, the search goes on from there, and what it moved more than it had to is put back.
 */
function planCalmly(world: World, anew: Schedule, steps: number): { schedule: Schedule; settled: boolean } {
  const target: Value = subtractValues(addValues(anew.total, fixedValue(anew.world)), fixedValue(world));
  const reaches = (schedule: Schedule) => compareServed(schedule.total, target) >= 0;
  const random = seededRandom(world.input.seed);
  const calm = constructCalmly(world);
  const candidates = [calm, construct(world, byDeadline)];
  if (!reaches(calm)) {
    improve(calm, { steps: steps * CALM_SHARE, random, target });
    if (!reaches(calm)) improve(calm, { steps: steps * CALM_SHARE, random, target, heat: CALM_HEAT });
    complete(calm);
    const others = transfer(anew, world);
    if (!reaches(calm)) candidates.push(others);
    for (const one of new Set([calm, best(candidates)]))
      improve(one, { steps: steps * CALM_SHARE, random, reclaim: true });
  }
  const schedule = best(candidates);
  return { schedule, settled: reaches(schedule) };
}

/** The blocks of a schedule as the next run would find them. */
function blocksOf({ world, blocks }: Schedule): CurrentBlock[] {
  const current: CurrentBlock[] = [];
  for (const { id, kind, refId, start, end, pinned } of world.fixed) {
    const at = { start: minuteToInstant(world.window, start), end: minuteToInstant(world.window, end) };
    current.push({ id, kind, refId, ...at, pinned });
  }
  for (const job of world.jobs) {
    for (const { start, end } of blocks[job.index]!) {
      const at = { start: minuteToInstant(world.window, start), end: minuteToInstant(world.window, end) };
      const id = `${job.index} ${start}`;
      current.push({ id, kind: job.kind, refId: job.refId, ...at, pinned: false });
    }
  }
  return current;
}

/**
 * Searches for a plan.
 *
 * First one is made anew, as if no free block had a place yet: its levels 1 and 2 are what can be asked for, whatever the
 * last plan was. Then the last plan is kept and repaired, and only if it falls short of that is it disturbed. So an unchanged
 * world, which gives the same plan anew, finds nothing to move. Where the frozen blocks keep a plan from getting there, it is
 * planned again from its own result until that stays.
 */
export function search(frame: Frame, steps: number): Found {
  const { input } = frame;
  const held = heldBlocks(input);
  const freeWorld = buildWorld(frame, held);
  const ceiling = levelOneCeiling(freeWorld);
  const anew = planAnew(freeWorld, ceiling - fixedValue(freeWorld).onTime, steps);
  let { visits } = anew;
  if (held.length === input.current.length) return { schedule: anew, ceiling, visits };

  let current: readonly CurrentBlock[] = input.current;
  let found = anew;
  for (let count = 0; count < MAX_ROUNDS; count++) {
    const world = buildWorld(frame, current, frozenBlocks(buildWorld(frame, current)));
    const { schedule, settled } = planCalmly(world, anew, steps);
    visits += schedule.visits;
    if (count > 0 && schedule.total.kept === world.freeCurrentMinutes) break;
    found = schedule;
    if (settled) break;
    current = blocksOf(schedule);
  }
  return { schedule: found, ceiling, visits };
}
