import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Plan, plan } from '../../../scheduling/index.ts';
import { addableChunks } from '../../support/planning/addable-chunks.ts';
import { arbitraryInput } from '../../support/planning/arbitrary-input.ts';
import { falseReasons } from '../../support/planning/false-reasons.ts';
import { faultsOf } from '../../support/planning/faults-of.ts';
import { wrongClaims } from '../../support/planning/wrong-claims.ts';
import { worldOf } from './world-of.ts';

/** The short form of `npm run check:planning`. */
const INPUTS = Number(process.env.ALMANAC_PROPERTY_RUNS ?? 60);
const SEED = Number(process.env.ALMANAC_PROPERTY_SEED ?? 7);
const FEW_STEPS = { steps: 3_000 };
const TEN_MINUTES_MS = 600_000;

describe('plans of random inputs', { timeout: TEN_MINUTES_MS }, () => {
  it('break no rule, leave no chunk out and give true reasons, at once, again and later', () => {
    const broken = fc
      .sample(arbitraryInput(), { numRuns: INPUTS, seed: SEED })
      .flatMap((input, index) => faultsOf(input, FEW_STEPS).map((fault) => `#${index}: ${fault}`));
    expect(broken).toEqual([]);
  });
});

describe('the check of random plans', () => {
  const INPUT = worldOf({
    tasks: [
      { id: 'long', durationMinutes: 150, minChunkMinutes: 60, maxChunkMinutes: 120 },
      { id: 'whole', durationMinutes: 60, splittable: false },
      { id: 'later', durationMinutes: 60, after: ['whole'] },
    ],
    habits: [
      { id: 'walk', rrule: 'FREQ=DAILY;COUNT=1', durationMinutes: 30, idealTime: '15:00', hours: 'work' },
    ],
  });
  const PLAN = plan(INPUT);
  const without = (refId: string): Plan => ({
    ...PLAN,
    blocks: PLAN.blocks.filter((block) => block.refId !== refId),
  });

  it('finds nothing in a plan that has everything', () => {
    expect([...addableChunks(INPUT, PLAN), ...falseReasons(INPUT, PLAN)]).toEqual([]);
  });

  it('finds what could be added', () => {
    expect(addableChunks(INPUT, without('long'))).toMatchObject(
      [/^60 minutes of long fit at 2026-01-05T/].map((text) => expect.stringMatching(text) as string),
    );
    expect(addableChunks(INPUT, without('walk'))).toHaveLength(1);
    // A task has to end before the tasks that wait for it, and to go on waiting without it.
    expect(addableChunks(INPUT, without('later'))).toHaveLength(1);
    const onlyLater = without('whole').blocks.map((block) =>
      block.refId === 'later'
        ? { ...block, start: '2026-01-05T09:00:00Z', end: '2026-01-05T10:00:00Z' }
        : block,
    );
    expect(addableChunks(INPUT, { ...PLAN, blocks: onlyLater })).toEqual([]);
  });

  it('finds reasons that are not so', () => {
    const unscheduled = (reason: Plan['unscheduled'][number]['reason']) =>
      falseReasons(INPUT, { ...PLAN, unscheduled: [{ refId: 'long', minutes: 60, reason }] });
    expect(unscheduled({ code: 'no-gap-long-enough', longest: 60, needed: 60 })).toHaveLength(1);
    expect(unscheduled({ code: 'no-gap-long-enough', longest: 55, needed: 60 })).toEqual([]);
    expect(unscheduled({ code: 'displaced-by', refId: 'long' })).toHaveLength(1);
    expect(unscheduled({ code: 'hours-exhausted-before-deadline', free: 60, needed: 60 })).toHaveLength(1);
    expect(unscheduled({ code: 'too-short', shortest: 60 })).toHaveLength(1);
    const moved = PLAN.blocks.map((block) =>
      block.refId === 'walk' ? { ...block, start: '2026-01-05T14:00:00Z' } : block,
    );
    expect(falseReasons(INPUT, { ...PLAN, blocks: moved })).toHaveLength(1);
  });

  it('finds minutes that are neither placed nor named', () => {
    expect(wrongClaims(INPUT, without('walk')).join('\n')).toContain('lacks 0 of 30 minutes on 2026-01-05');
    expect(wrongClaims(INPUT, without('whole')).join('\n')).toContain('says 0 of 60 minutes are unscheduled');
  });
});
