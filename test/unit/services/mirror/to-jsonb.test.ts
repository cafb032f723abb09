import { array, assert, dictionary, integer, oneof, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toJsonb } from '../../../../services/mirror/to-jsonb.ts';

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
