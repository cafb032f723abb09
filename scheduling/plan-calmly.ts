import { byDeadline, complete, construct, constructCalmly } from './construct.ts';
import { fixedValue } from './fixed-value.ts';
import { improve } from './improve.ts';
import { canKeep } from './keep.ts';
import { seededRandom } from './random.ts';
import { bestOf, Schedule } from './schedule.ts';
import { addValues, compareServed, subtractValues, type Value } from './value.ts';
import type { Job, World } from './world.ts';

/** A calm search starts from the plan before and needs less. */
const CALM_SHARE = 0.2;

/** As the heat of a search anew, for one that starts from the plan before. */
const CALM_HEAT = 100;

/** The same for a job in every world of one input. */
export function jobKey({ kind, refId, date }: Pick<Job, 'kind' | 'refId' | 'date'>): string {
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
  // What was put back may have left time that nothing uses.
  for (const one of candidates) complete(one);
  const schedule = bestOf(candidates);
  return { schedule, settled: reaches(schedule) };
}
