import { describe, expect, it } from 'vitest';
import { CANARY, findLeaks, secretsOf } from '../../chaos/canary.ts';
import { isStoredAsSent, setDifferences } from '../../chaos/comparison.ts';
import { Dice } from '../../chaos/dice.ts';

describe('the comparison of chaos runs', () => {
  it('tells what is missing, what is too much, and what is there twice', () => {
    expect(setDifferences(['a', 'b'], ['b', 'a'])).toEqual([]);
    expect(setDifferences(['a', 'b'], ['b', 'c'])).toEqual([
      { how: 'missing', item: 'a' },
      { how: 'surplus', item: 'c' },
    ]);
    expect(setDifferences(['a'], ['a', 'a'])).toEqual([{ how: 'surplus', item: 'a' }]);
  });

  it('holds every field that is stored against what was sent, however deep', () => {
    const sent = {
      id: 'a',
      start: { dateTime: '2026-01-05T09:00:00Z' },
      attendees: [{ self: true, email: 'x' }],
    };
    expect(isStoredAsSent({ id: 'a', attendees: [{ self: true }] }, sent)).toBe(true);
    expect(isStoredAsSent({ start: { dateTime: '2026-01-05T10:00:00Z' } }, sent)).toBe(false);
    expect(isStoredAsSent({ attendees: [] }, sent)).toBe(false);
    expect(isStoredAsSent({ location: 'here' }, sent)).toBe(false);
  });
});

describe('the search for leaks', () => {
  const secrets = secretsOf('c2VjcmV0LWtleQ==');

  it('finds content, tokens and keys in text and in bytes', () => {
    const found = (text: string | Buffer) => findLeaks('a log', text, secrets).map(({ what }) => what);
    expect(found(`"summary":"${CANARY} lunch"`)).toEqual(['content, an address or a refresh token']);
    expect(found(Buffer.from('\0authorization: Bearer ya29.abc\0'))).toEqual(['an access token']);
    expect(found('key c2VjcmV0LWtleQ==')).toEqual(['the encryption key']);
    expect(found('{"calendarId":"0b0e"}')).toEqual([]);
  });
});

describe('the dice', () => {
  it('fall the same way for a seed and an actor, and otherwise not', () => {
    const throws = (seed: number, actor: number) => {
      const dice = new Dice(seed, actor);
      return Array.from({ length: 20 }, () => dice.between(1, 6));
    };
    expect(throws(5, 1)).toEqual(throws(5, 1));
    expect(throws(5, 1)).not.toEqual(throws(5, 2));
    expect(throws(5, 1)).not.toEqual(throws(6, 1));
  });
});
