import { array, assert, dictionary, integer, oneof, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { horizonAt, toHorizon } from '../../../activities/mirror/horizon.ts';
import { nextTick, nextTickAfterTrouble } from '../../../activities/mirror/next-sync.ts';
import { toJsonb } from '../../../activities/mirror/to-jsonb.ts';

const at = (text: string) => new Date(text);

describe('the next tick', () => {
  it.each([
    ['2026-01-05T09:00:00.000Z', '2026-01-05T09:15:00.000Z'],
    ['2026-01-05T09:00:00.001Z', '2026-01-05T09:15:00.000Z'],
    ['2026-01-05T09:14:59.999Z', '2026-01-05T09:15:00.000Z'],
    ['2026-01-05T23:59:00.000Z', '2026-01-06T00:00:00.000Z'],
  ])('after %s is %s', (now, expected) => {
    expect(nextTick(at(now)).toISOString()).toBe(expected);
  });

  it.each([
    [0, '2026-01-05T09:15:00.000Z'],
    [1, '2026-01-05T09:15:00.000Z'],
    [2, '2026-01-05T09:30:00.000Z'],
    [3, '2026-01-05T10:00:00.000Z'],
    [5, '2026-01-05T13:00:00.000Z'],
    [6, '2026-01-05T15:00:00.000Z'],
    [1_000, '2026-01-05T15:00:00.000Z'],
  ])('after %i failures in a row is %s', (times, expected) => {
    expect(nextTickAfterTrouble(at('2026-01-05T09:07:00Z'), times).toISOString()).toBe(expected);
  });
});

describe('the horizon', () => {
  it('reaches from 90 days ago to 400 days ahead, in whole UTC days', () => {
    const horizon = { from: '2025-10-07T00:00:00.000Z', to: '2027-02-09T00:00:00.000Z' };
    expect(toHorizon(horizonAt(at('2026-01-05T00:00:00.000Z')))).toEqual(horizon);
    expect(toHorizon(horizonAt(at('2026-01-05T23:59:59.999Z')))).toEqual(horizon);
    expect(horizonAt(at('2026-01-06T00:00:00.000Z')).from.toISOString()).toBe('2025-10-08T00:00:00.000Z');
  });
});

describe('JSON for Postgres', () => {
  it.each([
    ['NUL', 'a\0b', 'a\uFFFDb'],
    ['half a surrogate pair', 'a\ud800b', 'a\uFFFDb'],
    ['the other half', 'a\udc00b', 'a\uFFFDb'],
    ['a whole pair', 'a😀b', 'a😀b'],
    ['a backslash that only looks like an escape', String.raw`a\u0000b`, String.raw`a\u0000b`],
  ])('stores %s', (_what, given, stored) => {
    expect(JSON.parse(toJsonb({ deep: [given] }))).toEqual({ deep: [stored] });
    expect(JSON.parse(toJsonb({ [given]: 1 }))).toEqual({ [stored]: 1 });
  });

  it('is text that Postgres stores, whatever the value', () => {
    const text = string({ unit: 'binary' });
    assert(
      property(dictionary(text, oneof(text, array(text), integer())), (value) => {
        // An escaped backslash is no beginning of an escape.
        expect(toJsonb(value).replaceAll('\\\\', '')).not.toMatch(/\\u(0000|d[89a-f])/);
      }),
      { numRuns: 300 },
    );
  });
});
