import { describe, expect, it } from 'vitest';
import { fitLine, judge } from '../../../bench/soak/fit.ts';
import { createRandom } from '../../support/random-editor.ts';

const SAMPLE_MS = 10_000;
const HOUR_MS = 3_600_000;

/** Samples of ten minutes: a slope per hour, and noise as wide as told. */
function samples(perHour: number, noise: number, seed = 1) {
  const random = createRandom(seed);
  return Array.from({ length: 60 }, (_, index) => ({
    atMs: index * SAMPLE_MS,
    value: 100 + (perHour * index * SAMPLE_MS) / HOUR_MS + noise * (random() - 0.5),
  }));
}

describe('the slopes of a soak', () => {
  it('are those of the line that the samples lie on', () => {
    const { perHour, plusMinus } = fitLine(samples(6, 0));
    expect(perHour).toBeCloseTo(6);
    expect(plusMinus).toBeCloseTo(0);
  });

  it('lie within their interval nineteen times in twenty', () => {
    const within = Array.from({ length: 200 }, (_, seed) => fitLine(samples(6, 5, seed))).filter(
      ({ perHour, plusMinus }) => Math.abs(perHour - 6) <= plusMinus,
    ).length;
    expect(within).toBeGreaterThan(180);
    expect(within).toBeLessThan(200);
  });

  it('are judged only where the interval lies on one side of the limit', () => {
    expect(judge(fitLine(samples(0, 1)), 10)).toBe('flat');
    expect(judge(fitLine(samples(-50, 1)), 10)).toBe('flat');
    expect(judge(fitLine(samples(50, 1)), 10)).toBe('growing');
    expect(judge(fitLine(samples(10, 20)), 10)).toBe('not shown');
    expect(judge(fitLine(samples(0, 0).slice(0, 10)), 10)).toBe('not shown');
  });
});
