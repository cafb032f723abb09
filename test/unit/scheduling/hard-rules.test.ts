import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { greedy, parsePlanInput, plan, type PlanInput } from '../../../scheduling/index.ts';
import { arbitraryInput } from '../../support/planning/arbitrary-input.ts';
import { brokenRules } from '../../support/planning/broken-rules.ts';
import { compareValues, valueOf } from '../../support/planning/value.ts';
import { wrongClaims } from '../../support/planning/wrong-claims.ts';

const RUNS = Number(process.env.ALMANAC_PROPERTY_RUNS ?? 300);
/** Most of what can go wrong goes wrong with few steps, and thousands of worlds are to be seen. */
const FEW_STEPS = { steps: 300 };
const TEN_MINUTES_MS = 600_000;
const AT_ONE_TIME = {
  numRuns: RUNS,
  endOnFailure: false,
  seed: Number(process.env.ALMANAC_PROPERTY_SEED ?? 1),
};

function forEveryWorld(runs: number, holds: (input: PlanInput) => void) {
  fc.assert(
    fc.property(arbitraryInput(), (input) => {
      holds(input);
    }),
    { ...AT_ONE_TIME, numRuns: Math.max(1, Math.round(runs)) },
  );
}

describe('a plan of any world', { timeout: TEN_MINUTES_MS }, () => {
  it('breaks no hard rule', () => {
    forEveryWorld(RUNS, (input) => expect(brokenRules(input, plan(input, FEW_STEPS))).toEqual([]));
  });

  it('breaks no hard rule when it is the plain greedy one', () => {
    forEveryWorld(RUNS / 2, (input) => expect(brokenRules(input, greedy(input))).toEqual([]));
  });

  it('says of itself what is so', () => {
    forEveryWorld(RUNS / 2, (input) => expect(wrongClaims(input, plan(input, FEW_STEPS))).toEqual([]));
  });

  it('is the same to the byte when made again', () => {
    forEveryWorld(RUNS / 4, (input) => {
      const again = parsePlanInput(JSON.parse(JSON.stringify(input)));
      expect(JSON.stringify(plan(again, FEW_STEPS))).toBe(JSON.stringify(plan(input, FEW_STEPS)));
    });
  });

  it('is never worse than plain greedy', () => {
    forEveryWorld(RUNS / 2, (input) => {
      const best = valueOf(input, plan(input, FEW_STEPS).blocks);
      const plain = valueOf(input, greedy(input).blocks);
      expect(compareValues(best, plain), JSON.stringify({ best, plain })).toBeLessThanOrEqual(0);
    });
  });

  it('is never below plain greedy of less free time at the first level', () => {
    forEveryWorld(RUNS / 2, (input) => {
      const freer = { ...input, busy: input.busy.filter((_, index) => index % 2 === 0) };
      const { onTime } = valueOf(freer, plan(freer, FEW_STEPS).blocks);
      expect(onTime).toBeGreaterThanOrEqual(valueOf(input, greedy(input).blocks).onTime);
    });
  });

  it('moves nothing when nothing has changed since', () => {
    forEveryWorld(RUNS / 2, (input) => {
      const first = plan(input, FEW_STEPS);
      const current = first.blocks.map(({ id, kind, refId, start, end, pinned }) => {
        return { id, kind, refId, start, end, pinned };
      });
      const second = plan({ ...input, current }, FEW_STEPS);
      expect(brokenRules({ ...input, current }, second)).toEqual([]);
      expect(second.objective.moved).toBe(0);
      expect(second.blocks.map(({ id, start, end }) => [id, start, end])).toEqual(
        first.blocks.map(({ id, start, end }) => [id, start, end]),
      );
    });
  });
});
