import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { greedy, parsePlanInput, plan, type PlanInput } from '../../../scheduling/index.ts';
import { arbitraryInput } from '../../support/planning/arbitrary-input.ts';
import { brokenRules } from '../../support/planning/broken-rules.ts';
import { currentOf } from '../../support/planning/faults-of.ts';
import { compareValues, valueOf } from '../../support/planning/value.ts';
import { wrongClaims } from '../../support/planning/wrong-claims.ts';

const RUNS = Number(process.env.ALMANAC_PROPERTY_RUNS ?? 200);
/** Most of what can go wrong goes wrong with few steps, and thousands of worlds are to be seen. */
const FEW_STEPS = { steps: 300 };
/** How good a plan is, and so whether a second look finds better, needs more of a search; still far below the default. */
const MORE_STEPS = { steps: 20_000 };
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
      const { onTime } = valueOf(freer, plan(freer, MORE_STEPS).blocks);
      expect(onTime).toBeGreaterThanOrEqual(valueOf(input, greedy(input).blocks).onTime);
    });
  });

  it('moves nothing when nothing has changed since', () => {
    forEveryWorld(RUNS / 2, (input) => {
      const first = plan(input, MORE_STEPS);
      const current = currentOf(input, first);
      const second = plan({ ...input, current }, MORE_STEPS);
      expect(brokenRules({ ...input, current }, second)).toEqual([]);
      expect(second.objective.moved).toBe(0);
      expect(second.blocks.map(({ id, start, end }) => [id, start, end])).toEqual(
        first.blocks.map(({ id, start, end }) => [id, start, end]),
      );
    });
  });
});

describe('a plan of habits that follow each other', () => {
  it('makes room for a habit that comes before another', () => {
    const input = parsePlanInput({
      timeZone: 'UTC',
      now: '2026-01-05T05:00:00Z',
      days: 7,
      hours: { personal: { sun: [['07:00', '23:00']] } },
      habits: [
        { id: 'run', rrule: 'FREQ=DAILY', durationMinutes: 60 },
        { id: 'warm-up', rrule: 'FREQ=DAILY', durationMinutes: 15, idealTime: '22:30', before: 'run' },
      ],
    });
    expect(plan(input).blocks.map(({ refId }) => refId)).toEqual(['warm-up', 'run']);
  });
});

describe('the check of the hard rules', () => {
  const WORLD = parsePlanInput({
    timeZone: 'Europe/Berlin',
    now: '2026-01-05T07:00:00Z',
    days: 7,
    busy: [['2026-01-05T10:00:00Z', '2026-01-05T11:00:00Z']],
    tasks: [
      { id: 'long', durationMinutes: 240, earliestStart: '2026-01-05T08:30:00Z' },
      { id: 'whole', durationMinutes: 60, splittable: false },
      { id: 'later', durationMinutes: 30, after: ['whole'] },
    ],
    habits: [
      {
        id: 'run',
        rrule: 'FREQ=DAILY;INTERVAL=2',
        durationMinutes: 45,
        minMinutes: 30,
        skippedDates: ['2026-01-09'],
      },
      { id: 'rest', rrule: 'FREQ=DAILY', durationMinutes: 30, after: 'run' },
    ],
    current: [
      {
        id: 'pin',
        kind: 'task',
        refId: 'long',
        start: '2026-01-06T08:00:00Z',
        end: '2026-01-06T09:00:00Z',
        pinned: true,
      },
      { id: 'soon', kind: 'task', refId: 'long', start: '2026-01-05T08:30:00Z', end: '2026-01-05T09:30:00Z' },
    ],
    policy: {
      bufferMinutes: 10,
      maxMinutesPerDay: { personal: 100 },
      declined: [{ refId: 'whole', start: '2026-01-07T08:00:00Z', end: '2026-01-07T09:00:00Z' }],
    },
  });
  const PLAN = plan(WORLD);

  /** The plan with blocks of one owner put elsewhere, as `day hh:mm–hh:mm` of January 2026 in UTC. */
  function withBlocks(refId: string, ...times: string[]) {
    const kind = WORLD.tasks.some(({ id }) => id === refId) ? ('task' as const) : ('habit' as const);
    const blocks = times.map((text, index) => {
      const [day = '', start = '', end = ''] = text.split(/[ –]/);
      const at = (time: string) => `2026-01-${day}T${time}:00Z`;
      return {
        id: `other-${index}`,
        kind,
        refId,
        start: at(start),
        end: at(end),
        chunk: { index: index + 1, of: times.length },
        pinned: false,
        kept: false,
        reason: { code: 'earliest-fit' as const },
      };
    });
    const others = PLAN.blocks.filter(
      (block) => block.refId !== refId || block.pinned || block.id === 'soon',
    );
    return brokenRules(WORLD, { ...PLAN, blocks: [...others, ...blocks] }).join('\n');
  }

  it('finds nothing in a plan that keeps them', () => {
    expect(brokenRules(WORLD, PLAN)).toEqual([]);
    expect(PLAN.blocks.length).toBeGreaterThan(8);
    expect(withBlocks('later', '09 15:00–15:30')).toBe('');
  });

  it.each([
    ['whole', ['08 07:00–08:00'], 'outside its hours'],
    ['whole', ['10 09:00–10:00'], 'outside its hours'],
    ['whole', ['05 10:30–11:30'], 'in busy time'],
    ['whole', ['05 11:05–12:05'], 'in busy time'],
    ['whole', ['06 08:30–09:30'], 'too close to pinned pin'],
    ['whole', ['06 09:05–10:05'], 'too close to pinned pin'],
    ['whole', ['05 08:00–09:00'], 'overlap or are too close'],
    ['whole', ['07 08:30–09:30'], 'in a declined slot'],
    ['whole', ['08 08:05–09:05'], 'off the grid'],
    ['whole', ['08 08:00–08:30', '08 09:00–09:30'], 'not splittable'],
    ['whole', [], 'while whole is not placed in full'],
    ['whole', ['09 15:00–16:00'], 'before whole ends'],
    ['long', ['08 08:00–11:00'], 'a chunk of 180 minutes'],
    ['long', ['08 08:00–08:20'], 'a short chunk of 20 minutes'],
    ['long', ['08 08:00–08:33'], 'lasts 33 minutes'],
    ['long', ['05 08:15–09:00'], 'before its earliest start'],
    ['long', ['08 08:00–10:00', '09 08:00–10:00'], 'of 180 minutes placed'],
    ['run', ['06 08:00–08:30'], 'a day its recurrence does not name'],
    ['run', ['09 08:00–08:30'], 'a day its recurrence does not name'],
    ['run', ['07 11:00–11:45', '07 19:00–19:45'], 'twice'],
    ['run', ['07 06:00–06:25'], 'lasts 25 minutes'],
    ['run', ['07 21:15–22:00'], 'starts before run ends'],
    ['rest', ['07 18:00–19:20'], 'minutes of personal on 2026-01-07'],
  ])('finds %s at %s', (refId, times, problem) => {
    expect(withBlocks(refId, ...times)).toContain(problem);
  });

  it('finds blocks that are gone or moved, pinned or soon to begin', () => {
    const without = (id: string) => ({ ...PLAN, blocks: PLAN.blocks.filter((block) => block.id !== id) });
    expect(brokenRules(WORLD, without('pin')).join('\n')).toContain('pinned pin is gone');
    expect(brokenRules(WORLD, without('soon')).join('\n')).toContain('free soon begins soon and was moved');
    const moved = PLAN.blocks.map((block) =>
      block.id === 'pin' ? { ...block, end: '2026-01-06T09:30:00Z' } : block,
    );
    expect(brokenRules(WORLD, { ...PLAN, blocks: moved }).join('\n')).toContain('pin is not where it was');
  });
});
