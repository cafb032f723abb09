import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  MOVABLE,
  type Person,
  type Preference,
  PREFERENCES,
  type SlotQuery,
} from '../../../../calendar/availability/availability-query.ts';
import { busyTime } from '../../../../calendar/availability/busy-time.ts';
import { findSlots } from '../../../../calendar/availability/find-slots.ts';
import type { Interval } from '../../../../calendar/availability/interval.ts';
import { busyMinutes, MINUTE, slotsByMinute } from './minute-oracle.ts';

const DAY = 1_440;
const START = Date.parse('2026-01-05T00:00:00Z');
const IDS = ['ada', 'grace', 'linus', 'edsger'];

/** Times on whole minutes, of two days at most, some without length. */
const interval = (longest: number): fc.Arbitrary<Interval> =>
  fc
    .tuple(fc.integer({ min: -120, max: DAY }), fc.integer({ min: 0, max: longest }))
    .map(([from, length]) => ({ start: START + from * MINUTE, end: START + (from + length) * MINUTE }));
const buffer = fc.constantFrom(0, 0, 5, 10, 25).map((minutes) => minutes * MINUTE);

const person = (id: string): fc.Arbitrary<Person> =>
  fc.record({
    id: fc.constant(id),
    busy: fc.array(interval(180), { maxLength: 8 }),
    movable: fc
      .array(interval(600), { maxLength: 4 })
      .map((blocks) =>
        blocks
          .toSorted((a, b) => a.start - b.start)
          .map((block, index) => ({ ...block, blockId: `${id}-${index}` })),
      ),
    hours: fc.option(fc.array(interval(600), { minLength: 1, maxLength: 3 }), { nil: null }),
    bufferBeforeMs: buffer,
    bufferAfterMs: buffer,
  });

const world = fc.integer({ min: 1, max: IDS.length }).chain((count) => {
  const ids = IDS.slice(0, count);
  const group = fc
    .subarray(ids, { minLength: 1 })
    .chain((people) =>
      fc.record({ people: fc.constant(people), atLeast: fc.integer({ min: 1, max: people.length }) }),
    );
  return fc.tuple(fc.tuple(...ids.map(person)), fc.array(group, { minLength: 1, maxLength: 3 }));
});

const query = fc.record({
  windows: fc.array(interval(DAY), { minLength: 1, maxLength: 3 }),
  durationMs: fc.integer({ min: 1, max: 24 }).map((fives) => fives * 5 * MINUTE),
  granularityMs: fc.constantFrom(5, 10, 15, 30, 60).map((minutes) => minutes * MINUTE),
  anchorMs: fc.integer({ min: 0, max: 59 }).map((minutes) => START + minutes * MINUTE),
  movable: fc.constantFrom(...MOVABLE, 'ask' as const),
  prefer: fc
    .shuffledSubarray([...PREFERENCES], { minLength: 1 })
    .map((prefer) => prefer as [Preference, ...Preference[]]),
});

describe('findSlots', () => {
  it('finds what asking every minute of every person finds, in the same order', () => {
    fc.assert(
      fc.property(world, query, ([people, groups], asked) => {
        const complete: SlotQuery = { ...asked, groups, mostSlots: Infinity, overlapping: true };
        const { slots, found } = findSlots(people, complete);
        const expected = slotsByMinute(people, complete);
        expect(found).toBe(expected.length);
        const byStart = new Map(expected.map((slot) => [slot.start, slot]));
        for (const slot of slots) {
          const { people: ids, movable, score, values } = byStart.get(slot.start)!;
          expect(slot).toMatchObject({ people: ids, end: slot.start + complete.durationMs });
          expect(new Set(slot.movable)).toEqual(new Set(movable));
          expect(slot.score).toBeCloseTo(score, 5);
          complete.prefer.forEach((preference, index) =>
            expect(slot.reason.values[preference]).toBeCloseTo(values[index]!, 5),
          );
        }
        // Sums in another order differ in the last digit.
        const scores = slots.map(({ score }) => score);
        expect(scores).toEqual([...scores].toSorted((a, b) => b - a));
      }),
      { numRuns: 400 },
    );
  });

  it('bounds the list to the best, and keeps those apart that must not overlap', () => {
    fc.assert(
      fc.property(world, query, fc.integer({ min: 1, max: 20 }), ([people, groups], asked, mostSlots) => {
        const complete: SlotQuery = { ...asked, groups, mostSlots: Infinity, overlapping: true };
        const all = findSlots(people, complete).slots;
        expect(findSlots(people, { ...complete, mostSlots }).slots).toEqual(all.slice(0, mostSlots));
        const apart: Interval[] = [];
        for (const slot of all)
          if (
            apart.length < mostSlots &&
            apart.every(({ start, end }) => slot.end <= start || slot.start >= end)
          )
            apart.push(slot);
        expect(findSlots(people, { ...complete, mostSlots, overlapping: false }).slots).toEqual(apart);
      }),
      { numRuns: 150 },
    );
  });

  it('names the preference in which a slot is ahead of the next', () => {
    fc.assert(
      fc.property(world, query, ([people, groups], asked) => {
        const { slots } = findSlots(people, { ...asked, groups, mostSlots: Infinity, overlapping: true });
        slots.forEach(({ reason: { code, values } }, index) => {
          const next = slots[index + 1];
          if (next === undefined) expect(code).toBe(asked.prefer[0]);
          else expect(values[code]!).toBeGreaterThanOrEqual(next.reason.values[code]!);
        });
      }),
      { numRuns: 150 },
    );
  });
});

describe('busyTime', () => {
  it('is sorted, never touches itself, and holds the minutes that are busy', () => {
    fc.assert(
      fc.property(person('ada'), query, (ada, asked) => {
        const busy = busyTime(ada, asked.windows, asked.movable);
        busy.forEach(({ start, end }, index) => {
          expect(start).toBeLessThan(end);
          if (index > 0)
            expect(start).toBeGreaterThan(busy[index - 1]!.end - (isCut(asked.windows, start) ? 1 : 0));
        });
        const minutes = busy.flatMap(({ start, end }) =>
          Array.from({ length: (end - start) / MINUTE }, (_, index) => start / MINUTE + index),
        );
        expect(minutes).toEqual(busyMinutes(ada, { ...asked, groups: [], mostSlots: 1, overlapping: true }));
      }),
    );
  });
});

/** Whether a window begins there, so that two busy times may touch. */
const isCut = (windows: readonly Interval[], at: number) => windows.some(({ start }) => start === at);
