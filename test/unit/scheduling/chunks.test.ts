import { describe, expect, it } from 'vitest';
import { divisible, nextChunk, placeable } from '../../../scheduling/chunks.ts';

const rule = (least: number, most: number, minutes: number) => ({
  least,
  most,
  remainder: !divisible(minutes, least, most),
});

/** All chunks of minutes in endless time. */
function chunksOf(minutes: number, least: number, most: number, granularity = 15): number[] {
  const chunks: number[] = [];
  for (let rest = minutes; rest > 0;) {
    const chunk = nextChunk(rest, Infinity, rule(least, most, minutes), granularity);
    if (chunk === 0) return chunks;
    chunks.push(chunk);
    rest -= chunk;
  }
  return chunks;
}

describe('nextChunk', () => {
  it('divides minutes into chunks of legal length where that is possible', () => {
    expect(chunksOf(240, 60, 120)).toEqual([120, 120]);
    expect(chunksOf(150, 60, 120)).toEqual([90, 60]);
    expect(chunksOf(200, 30, 50)).toEqual([45, 45, 45, 30, 35]);
  });

  it('leaves a remainder, placed alone and last, where it is not', () => {
    expect(chunksOf(250, 120, 120)).toEqual([120, 120, 10]);
    expect(chunksOf(40, 60, 120)).toEqual([40]);
  });

  it('takes less than a gap holds where the rest would be too short', () => {
    expect(nextChunk(100, 90, rule(30, 120, 100), 15)).toBe(70);
  });

  it('takes nothing from a gap shorter than the shortest chunk', () => {
    expect(nextChunk(100, 25, rule(30, 120, 100), 15)).toBe(0);
  });
});

describe('placeable', () => {
  it('rounds down to steps of five minutes', () => {
    expect(placeable(52, rule(30, 120, 50))).toBe(50);
  });

  it('gives up a rest that no legal chunks can make up', () => {
    expect(placeable(30, { least: 60, most: 120, remainder: false })).toBe(0);
    expect(placeable(130, { least: 100, most: 120, remainder: false })).toBe(120);
  });
});
