import { byDeadline, complete, construct, constructCalmly } from './construct.ts';
import { fixedValue } from './fixed-value.ts';
import { improve } from './improve.ts';
import { canKeep } from './keep.ts';
import { seededRandom } from './random.ts';
import { bestOf, Schedule } from './schedule.ts';
import { addValues, compareServed, subtractValues, type Value } from './value.ts';
import type { Job, World } from './world.ts';

/** Share of the steps for each calm search, which needs less because it starts from the last plan. */
const CALM_SHARE = 0.2;

/** Like `HEAT` of `search.ts`, for a search that starts from the last plan. */
const CALM_HEAT = 100;

/** Key of a job that is the same in every world of one input. */
export function jobKey({ kind, refId, date }: Pick<Job, 'kind' | 'refId' | 'date'>): string {
  return JSON.stringify([kind, refId, date]);
}

/** Takes the blocks of another schedule that are legal in this world, and places the rest around them. */
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

/** Takes out the blocks of jobs that wait for an incomplete job. */
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
 * Keeps the frozen blocks, and moves others only as far as levels 1 and 2 gain by it. It first keeps every
 * block that may stay. If that does not reach the value of the new plan `anew`, it searches from there, and
 * then puts back blocks that were moved without need.
 */
export function planCalmly(
  world: World,
  anew: Schedule,
  steps: number,
): { schedule: Schedule; settled: boolean } {
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
    for (const one of new Set([calm, bestOf(candidates)]))
      improve(one, { steps: steps * CALM_SHARE, random, reclaim: true });
  }
  // Putting blocks back may have freed time.
  for (const one of candidates) complete(one);
  const schedule = bestOf(candidates);
  return { schedule, settled: reaches(schedule) };
}
