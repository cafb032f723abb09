import { upperBound } from './bound.ts';
import { buildWorld, heldBlocks } from './build-world.ts';
import { levelOneCeiling } from './ceiling.ts';
import { byDeadline, bySlack, byWeight, complete, construct } from './construct.ts';
import { fixedValue } from './fixed-value.ts';
import type { Frame } from './frame.ts';
import { freezeEnd, frozenBlocks } from './frozen.ts';
import { improve } from './improve.ts';
import { planCalmly } from './plan-calmly.ts';
import type { CurrentBlock, PlanInput } from './plan-input.ts';
import { seededRandom } from './random.ts';
import { blocksOf, returnTo } from './replan.ts';
import { bestOf, type Schedule } from './schedule.ts';
import type { World } from './world.ts';

/** Default steps per item (a habit counts as three), and the most, which take about 200 ms. */
const STEPS_PER_ITEM = 200_000;
const MAX_STEPS = 4_000_000;

/**
 * Steps are reduced per item for large inputs, because the other phases need the time; never below the
 * minimum.
 */
const STEPS_OFF_PER_ITEM = 6_000;
const MIN_STEPS_WHEN_LARGE = 1_000_000;

export function defaultSteps({ tasks, habits }: PlanInput): number {
  const items = tasks.length + 3 * habits.length;
  const most = Math.max(MIN_STEPS_WHEN_LARGE, MAX_STEPS - STEPS_OFF_PER_ITEM * Math.max(0, items - 200));
  return Math.min(STEPS_PER_ITEM * items, most);
}

/** Share of the steps for level 1 alone. */
const TIMELY_SHARE = 0.6;

/** About the value of five minutes of a critical task on time, see `served`. */
const HEAT = 150;

/** Accepted losses in level 5 improve a search with many steps; with few steps it would not recover. */
const SPREAD_HEAT = 0.3;
const STEPS_PER_JOB_WITH_SPREAD_HEAT = 150_000;

/** Most times that a plan is made again from its own result. */
const MAX_ROUNDS = 6;

export interface Found {
  schedule: Schedule;
  /** Upper bound of level 1. */
  ceiling: number;
  visits: number;
}

/** The best plan, regardless of the current places of free blocks. */
function planAnew(world: World, ceiling: number, steps: number): Schedule {
  const random = seededRandom(world.input.seed);
  const orders = [byDeadline, byWeight, bySlack];
  const plain = bestOf(orders.map((order) => construct(world, order)));
  let schedule = plain;
  if (plain.total.onTime < ceiling && steps > 0) {
    schedule = bestOf(orders.map((order) => construct(world, order, { timelyOnly: true })));
    const target = { onTime: ceiling, late: 0 };
    improve(schedule, { steps: steps * TIMELY_SHARE, random, target, timelyOnly: true, heat: HEAT });
    complete(schedule);
    schedule = bestOf([plain, schedule]);
  }
  const many = steps >= STEPS_PER_JOB_WITH_SPREAD_HEAT * world.jobs.length;
  const rest = steps - schedule.visits;
  improve(schedule, { steps: rest, random, bound: upperBound(world), spreadHeat: many ? SPREAD_HEAT : 0 });
  complete(schedule);
  return schedule;
}

function touchesFreeze({ world, blocks }: Schedule): boolean {
  const until = freezeEnd(world);
  return blocks.some(([first]) => first !== undefined && first.start < until);
}

/**
 * Searches for a plan.
 *
 * First it makes a new plan, as if no free block had a place: its levels 1 and 2 are the target, independent
 * of the last plan. Then it repairs the last plan, and moves its blocks only if it falls short of the target.
 * So an unchanged world, which gives the same new plan, moves nothing. Blocks that the next run will find
 * frozen change the world of that run, which might then find a better plan: so the plan is made again from
 * its own result until it stays the same.
 */
export function search(frame: Frame, steps: number): Found {
  const { input } = frame;
  const held = heldBlocks(input);
  const freeWorld = buildWorld(frame, held);
  const ceiling = levelOneCeiling(freeWorld);
  const anew = planAnew(freeWorld, ceiling - fixedValue(freeWorld).onTime, steps);
  let { visits } = anew;

  let first = freeWorld;
  let found = anew;
  let settled = held.length === input.current.length;
  let current: readonly CurrentBlock[] = settled ? blocksOf(anew) : input.current;
  for (let count = 0; count < MAX_ROUNDS && !(settled && !touchesFreeze(found)); count++) {
    const world = buildWorld(frame, current, frozenBlocks(buildWorld(frame, current)));
    const calm = planCalmly(world, anew, steps);
    visits += calm.schedule.visits;
    const stays = calm.schedule.total.kept === world.freeCurrentMinutes;
    if (current === input.current) first = world;
    else if (stays) break;
    found = calm.schedule;
    settled = calm.settled;
    current = blocksOf(found);
  }
  return { schedule: found.world === first ? found : returnTo(first, found), ceiling, visits };
}
