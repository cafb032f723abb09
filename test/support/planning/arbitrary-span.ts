import * as fc from 'fast-check';
import { MINUTE_MS } from './civil-time.ts';

const DAY_MINUTES = 1_440;
const MAX_DAYS = 12;

/** Minutes from now, and how many it lasts. */
interface ArbitrarySpan {
  offset: number;
  length: number;
}

/** A span from shortly before now on: on whole quarters, on odd minutes, now and then on half a minute. */
export function arbitrarySpan(longest: number): fc.Arbitrary<ArbitrarySpan> {
  return fc.record({
    offset: fc.oneof(
      fc.integer({ min: -600, max: MAX_DAYS * DAY_MINUTES }),
      fc.integer({ min: -8, max: 3 * 96 }).map((quarters) => quarters * 15),
      fc.constant(0.5),
    ),
    length: fc.oneof(
      fc.integer({ min: 1, max: longest }),
      fc.integer({ min: 1, max: longest / 15 }).map((quarters) => quarters * 15),
    ),
  });
}

/** `[start, end]` of a span, in UTC. */
export function instantsOf(nowMs: number, { offset, length }: ArbitrarySpan): [string, string] {
  const start = nowMs + offset * MINUTE_MS;
  return [new Date(start).toISOString(), new Date(start + length * MINUTE_MS).toISOString()];
}
