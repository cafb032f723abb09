import { array, assert, dictionary, integer, oneof, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { horizonAt, toHorizon } from '../../../activities/mirror/horizon.ts';
import { nextSync, nextTick, nextTickAfterTrouble } from '../../../activities/mirror/next-sync.ts';
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

describe('the next sync', () => {
  const FIRST_ID = '00000000-0000-4000-8000-000000000000';
  const LAST_ID = 'ffffffff-ffff-4fff-bfff-ffffffffffff';
  const next = (minutes: number, calendarId: string) => {
    const ms = minutes * 60_000;
    const { plain, withPush } = nextSync(
      at('2026-01-05T09:07:00Z'),
      { plainMs: ms, withPushMs: ms },
      calendarId,
    );
    return { plain: plain.toISOString(), withPush: withPush.toISOString() };
  };

  it.each([
    [15, '2026-01-05T09:15:00.000Z'],
    [30, '2026-01-05T09:30:00.000Z'],
    [60, '2026-01-05T10:00:00.000Z'],
    [1_440, '2026-01-06T09:00:00.000Z'],
  ])('of a calendar that is polled every %i minutes is at %s', (minutes, expected) => {
    expect(next(minutes, FIRST_ID).plain).toBe(expected);
    expect(next(minutes, LAST_ID).plain).toBe(expected);
  });

  it('is up to a quarter earlier where a push channel is live, so that calendars come back one by one', () => {
    expect(next(360, FIRST_ID).withPush).toBe('2026-01-05T15:00:00.000Z');
    expect(next(360, LAST_ID).withPush).toBe('2026-01-05T13:30:00.000Z');
    expect(next(15, LAST_ID).withPush).toBe('2026-01-05T09:15:00.000Z');
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
