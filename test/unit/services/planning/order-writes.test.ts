import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BlockChange,
  orderWrites,
  type Span,
} from '../../../../services/planning/write-back/order-writes.ts';

const at = (startMs: number, endMs: number): Span => ({ startMs, endMs });
const overlap = (a: Span, b: Span) => a.startMs < b.endMs && b.startMs < a.endMs;
const brief = (changes: readonly BlockChange[]) =>
  orderWrites(changes).map(({ operation, blockId }) => `${operation} ${blockId}`);

/** A list of spans that touch at most, some of them left out. */
const spans = (count: number) =>
  fc
    .array(fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 1, max: 4 })), {
      minLength: count,
      maxLength: count,
    })
    .chain((steps) => {
      let end = 0;
      const list = steps.map(([gap, length]) => {
        const span = at(end + gap, end + gap + length);
        end = span.endMs;
        return span;
      });
      return fc.tuple(
        fc.shuffledSubarray(list, { minLength: count, maxLength: count }),
        fc.array(fc.boolean(), { minLength: count, maxLength: count }),
      );
    })
    .map(([list, present]) => list.map((span, index) => (present[index] ? span : null)));

const BLOCKS = 12;
const changes = fc
  .tuple(spans(BLOCKS), spans(BLOCKS))
  .map(([before, after]) =>
    before.flatMap((span, index): BlockChange[] =>
      span === null && after[index] === null
        ? []
        : [{ blockId: `b${index}`, before: span, after: after[index] ?? null }],
    ),
  );

describe('the order of writes', () => {
  it('never lets two blocks overlap, at any moment, and ends where the plan ends', () => {
    fc.assert(
      fc.property(changes, (list) => {
        const calendar = new Map(list.flatMap(({ blockId, before }) => (before ? [[blockId, before]] : [])));
        for (const { operation, blockId, before, after } of orderWrites(list)) {
          expect(calendar.get(blockId) ?? null).toEqual(before);
          expect(operation).toBe(before === null ? 'insert' : after === null ? 'delete' : 'move');
          if (after === null) calendar.delete(blockId);
          else calendar.set(blockId, after);
          const shown = [...calendar.values()];
          expect(shown.some((a, i) => shown.slice(i + 1).some((b) => overlap(a, b)))).toBe(false);
        }
        expect(calendar).toEqual(
          new Map(list.flatMap(({ blockId, after }) => (after ? [[blockId, after]] : []))),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('deletes first and inserts last', () => {
    expect(
      brief([
        { blockId: 'new', before: null, after: at(0, 1) },
        { blockId: 'moved', before: at(2, 3), after: at(4, 5) },
        { blockId: 'old', before: at(0, 1), after: null },
      ]),
    ).toEqual(['delete old', 'move moved', 'insert new']);
  });

  it('moves a chain from its free end', () => {
    expect(
      brief([
        { blockId: 'a', before: at(0, 1), after: at(1, 2) },
        { blockId: 'b', before: at(1, 2), after: at(2, 3) },
        { blockId: 'c', before: at(2, 3), after: at(3, 4) },
      ]),
    ).toEqual(['move c', 'move b', 'move a']);
  });

  it('takes one block of a ring away until its place is free', () => {
    expect(
      brief([
        { blockId: 'a', before: at(0, 1), after: at(1, 2) },
        { blockId: 'b', before: at(1, 2), after: at(0, 1) },
      ]),
    ).toEqual(['delete b', 'move a', 'insert b']);
  });

  it('lets a block slide over its own place', () => {
    expect(brief([{ blockId: 'a', before: at(0, 4), after: at(1, 5) }])).toEqual(['move a']);
  });
});
