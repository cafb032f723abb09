import { percentile } from '../support/statistics.ts';
import { compareValues, type Comparison } from './measure.ts';

interface Summary {
  instances: number;
  /** Lowest ratios: of level 1, and of level 2 among the plans that are best at level 1. */
  leastOnTime: number;
  leastLate: number;
  belowGreedy: number;
  /** Plans of CP-SAT's that are better than Almanac's at some level. */
  belowSolver: number;
  medianMs: number;
  sentence: string;
}

const SAME = 1e-9;

/** The worst of a comparison, which is what the goals are about. */
export function summarize(comparisons: readonly Comparison[]): Summary {
  const least = (values: readonly number[]) => Math.min(1, ...values);
  const leastOnTime = least(comparisons.map(({ ratio }) => ratio.almanac.onTime));
  const equalFirst = comparisons.filter(({ ratio }) => ratio.almanac.onTime >= 1 - SAME);
  const leastLate = least(equalFirst.map(({ ratio }) => ratio.almanac.late));
  const belowGreedy = comparisons.filter(({ almanac, greedy }) => compareValues(almanac, greedy) > 0).length;
  const belowSolver = comparisons.filter(
    ({ almanac, solver }) => solver && compareValues(almanac, solver) > 0,
  ).length;
  const medianMs = percentile(
    comparisons.map(({ almanac }) => almanac.ms),
    0.5,
  );
  return {
    instances: comparisons.length,
    leastOnTime,
    leastLate,
    belowGreedy,
    belowSolver,
    medianMs,
    sentence:
      `${comparisons.length} instances: level 1 at least ${leastOnTime.toFixed(4)} of the best known, ` +
      `level 2 at least ${leastLate.toFixed(4)} where level 1 is equal; below greedy ${belowGreedy} times, ` +
      `below CP-SAT at any level ${belowSolver} times.`,
  };
}
