import { rebuild, undo } from './rebuild.ts';
import { anyJobs, displaced, farNeighbours, neighboursInTime, type Ruin, rivals } from './ruin.ts';
import type { Schedule } from './schedule.ts';
import { totalMinutes } from './spans.ts';
import { compareServed, compareValues, type Value } from './value.ts';
import type { Job } from './world.ts';

export interface SearchOptions {
  /** Budget, in gaps looked at. */
  steps: number;
  random: () => number;
  /** Stop as soon as levels 1 and 2 are as good as this. */
  target?: Pick<Value, 'onTime' | 'late'>;
  /** Stop as soon as this upper bound is reached. */
  bound?: Value;
  /**
   * Improve level 1 only: minutes after a deadline are not placed, because they would only take time from it.
   */
  timelyOnly?: boolean;
  /** Try only to put blocks back to where the last run had them. */
  reclaim?: boolean;
  /** Loss in levels 1 to 3 that is often accepted at first, in the units of `served`. Default: none. */
  heat?: number;
  /** Loss in level 5 that is often accepted at first, as a share of a block's average. Default: none. */
  spreadHeat?: number;
}

/** Value of a minute on time, relative to a minute after the deadline. */
const ON_TIME_FACTOR = 4;

/** Cost of one more block, in losses of level 5 that are often accepted. */
const BLOCK_FACTOR = 3;

/** Cost of an attempt besides the gaps it looks at, in gaps: per attempt and per job. */
const COST_OF_ATTEMPT = 40;
const COST_OF_JOB = 20;

/** Shares of the ways to take out blocks; the rest takes out random jobs. */
interface Mix {
  rivals: number;
  neighbours: number;
  far: number;
  /** Share of neighbours in time that are taken out without the other blocks of their jobs. */
  alone: number;
}

/** Level 1 depends on which jobs are placed, the other levels on where their blocks are. */
const TIMELY_MIX: Mix = { rivals: 0.5, neighbours: 0.2, far: 0, alone: 0 };
const FULL_MIX: Mix = { rivals: 0.4, neighbours: 0.3, far: 0.15, alone: 0.5 };

function chooseRuin(
  schedule: Schedule,
  open: readonly Job[],
  { random, timelyOnly = false }: SearchOptions,
): Ruin {
  const mix = timelyOnly ? TIMELY_MIX : FULL_MIX;
  const search = { schedule, random };
  const draw = random();
  if (draw < mix.rivals && open.length > 0) return { jobs: rivals(search, open) };
  if (draw < mix.rivals + mix.neighbours) return neighboursInTime(search, mix.alone);
  if (draw < mix.rivals + mix.neighbours + mix.far) return farNeighbours(search);
  return { jobs: anyJobs(search) };
}

/** Jobs that could be placed better in levels 1 and 2. */
function openJobs(schedule: Schedule, timelyOnly: boolean): Job[] {
  return schedule.world.jobs.filter((job) => {
    const hopeless = job.deadline <= (job.spans[0]?.start ?? Infinity);
    if (hopeless && timelyOnly) return false;
    return !schedule.isComplete(job) || (schedule.values[job.index]!.late > 0 && !hopeless);
  });
}

/** Jobs with a block of the last run that is not at its place. */
function unkeptJobs(schedule: Schedule): Job[] {
  return schedule.world.jobs.filter(
    (job) => job.current.length > 0 && schedule.values[job.index]!.kept < totalMinutes(job.current),
  );
}

/** Levels 1 to 3 as one number, for the probability of accepting a loss. */
function served({ onTime, late, kept }: Value): number {
  return onTime * ON_TIME_FACTOR + late + kept;
}

/**
 * Loss of a change relative to the accepted loss: in levels 1 to 3, or if those are equal, in the last ones.
 */
function lossInHeats(before: Value, after: Value, heat: number, spreadHeat: number): number {
  const equal = compareServed(before, after) === 0 && before.kept === after.kept;
  if (!equal) return heat > 0 ? (served(before) - served(after)) / heat : Infinity;
  if (spreadHeat <= 0) return Infinity;
  return (after.spread - before.spread) / spreadHeat + (after.blocks - before.blocks) * BLOCK_FACTOR;
}

/**
 * Ruins and rebuilds small parts of a schedule repeatedly. It also accepts small losses, ever more rarely
 * (simulated annealing), and ends with the best schedule it has seen. Work is counted in gaps looked at, so
 * that the result is the same on every machine.
 */
export function improve(schedule: Schedule, options: SearchOptions): Schedule {
  const {
    random,
    target,
    bound,
    steps,
    timelyOnly = false,
    reclaim = false,
    heat = 0,
    spreadHeat = 0,
  } = options;
  const began = schedule.visits;
  const spreadUnit = (spreadHeat * schedule.total.spread) / Math.max(1, schedule.total.blocks);
  let open = openJobs(schedule, timelyOnly);
  let unkept = reclaim ? unkeptJobs(schedule) : [];
  let best = schedule.total;
  let bestBlocks = schedule.blocks.slice();
  for (let spent = 0; spent < steps; spent = schedule.visits - began) {
    if (target && compareServed(schedule.total, target) >= 0) break;
    if (bound && compareValues(schedule.total, bound) >= 0) break;
    if (reclaim && unkept.length === 0) break;
    const before = schedule.total;
    const ruin = reclaim
      ? { jobs: displaced({ schedule, random }, unkept) }
      : chooseRuin(schedule, open, options);
    if (ruin.jobs.length === 0 && open.length === 0) break;
    const undone = rebuild(schedule, ruin, { random, open: reclaim ? [] : open, timelyOnly, reclaim });
    schedule.visits += COST_OF_ATTEMPT + COST_OF_JOB * undone.size;
    const change = compareValues(schedule.total, before);
    const cooled = 1 - spent / steps;
    if (
      change < 0 &&
      random() >= Math.exp(-lossInHeats(before, schedule.total, heat * cooled, spreadUnit * cooled))
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
  // Even if the last one is as good: the best one found first has moved fewer blocks.
  schedule.restore(bestBlocks);
  return schedule;
}
