import {
  greedy,
  objective,
  plan,
  type Plan,
  type PlanInput,
  type PlanObjective,
} from '../../scheduling/index.ts';
import { percentile } from '../support/statistics.ts';
import { type Kind, makeInstance } from './instances.ts';
import { solve, type SolverLimits, type SolverPlan } from './solver.ts';

/** Each instance is planned so often, and the median time counts. */
const TIMED_RUNS = 5;

export const LEVELS = ['onTime', 'late', 'moved', 'blocks', 'spread'] as const;
type Level = (typeof LEVELS)[number];
export type Value = Record<Level, number>;

interface Instance {
  kind: Kind;
  tasks: number;
  seed: number;
}

/** One instance planned three ways. */
export interface Comparison extends Instance {
  days: number;
  /** Upper bound of level 1, computed by Almanac. */
  ceiling: number;
  almanac: Value & { ms: number };
  greedy: Value;
  /** Null where the solver found no plan in its time. */
  solver: (Value & { seconds: number; proven: number }) | null;
  /** Ratios of levels 1 and 2 to the best plan of the three; at level 2 at most 1. */
  ratio: Record<'almanac' | 'greedy', { onTime: number; late: number }>;
}

const SMALLER_IS_BETTER = new Set<Level>(['moved', 'blocks', 'spread']);
const TOLERANCE = 1e-6;

/** Below zero where `a` is the better one: levels are compared in their order. */
export function compareValues(a: Value, b: Value): number {
  for (const level of LEVELS) {
    const difference = SMALLER_IS_BETTER.has(level) ? a[level] - b[level] : b[level] - a[level];
    if (Math.abs(difference) > TOLERANCE) return difference;
  }
  return 0;
}

function valueOf({ onTime, late, moved, blocks, spread }: PlanObjective): Value {
  return { onTime, late, moved, blocks, spread };
}

/** Levels up to the last that the solver has proven to be the best, given the ones before. */
function provenLevels({ levels }: SolverPlan): number {
  const open = levels.findIndex(({ status }) => status !== 'OPTIMAL');
  return open === -1 ? levels.length : open;
}

function timedPlan(input: PlanInput): { planned: Plan; ms: number } {
  let planned = plan(input);
  const times: number[] = [];
  for (let run = 0; run < TIMED_RUNS; run++) {
    const start = performance.now();
    planned = plan(input);
    times.push(performance.now() - start);
  }
  return { planned, ms: percentile(times, 0.5) };
}

function ratioOf(value: Value, best: Value): { onTime: number; late: number } {
  const share = (level: 'onTime' | 'late') =>
    best[level] === 0 ? 1 : Math.min(1, value[level] / best[level]);
  return { onTime: share('onTime'), late: share('late') };
}

/** Start of CP-SAT: nothing, the greedy plan, or Almanac's plan, which it tries to improve. */
export type Start = 'nothing' | 'greedy' | 'almanac';

/** Plans an instance with Almanac, plain greedy and CP-SAT. */
export function compare(instance: Instance, python: string, limits: SolverLimits, start: Start): Comparison {
  const input = makeInstance(instance.kind, instance.tasks, instance.seed);
  const { planned, ms } = timedPlan(input);
  const plain = greedy(input);
  const hints = { nothing: [], greedy: plain.blocks, almanac: planned.blocks };

  const solved = solve(python, input, limits, hints[start]);
  const solver = solved.blocks && {
    ...valueOf(objective(input, solved.blocks)),
    seconds: solved.levels.reduce((sum, { seconds }) => sum + seconds, 0),
    proven: provenLevels(solved),
  };

  const almanac = valueOf(planned.objective);
  const greedyValue = valueOf(plain.objective);
  const [best = almanac] = [almanac, greedyValue, ...(solver ? [solver] : [])].toSorted(compareValues);
  return {
    ...instance,
    days: input.days,
    ceiling: planned.objective.ceiling,
    almanac: { ...almanac, ms },
    greedy: greedyValue,
    solver,
    ratio: { almanac: ratioOf(almanac, best), greedy: ratioOf(greedyValue, best) },
  };
}
