const MS_PER_HOUR = 3_600_000;
/** Two-sided 95 % of a normal distribution. */
const Z = 1.96;

export interface Point {
  atMs: number;
  value: number;
}

/** A straight line through samples: how fast they rise, and how sure that is. */
export interface Fit {
  samples: number;
  mean: number;
  perHour: number;
  /** The 95 % interval of the slope is `perHour ± plusMinus`. */
  plusMinus: number;
}

/** Student's t for 95 %, by the first terms of its expansion around the normal distribution. */
function studentT(degrees: number): number {
  return Z + (Z ** 3 + Z) / (4 * degrees) + (5 * Z ** 5 + 16 * Z ** 3 + 3 * Z) / (96 * degrees ** 2);
}

/**
 * Least squares over time. The interval takes samples for independent: a value that wanders slowly looks
 * surer than it is, so that a longer run tells more than more samples.
 */
export function fitLine(points: readonly Point[]): Fit {
  const count = points.length;
  const mean = points.reduce((sum, { value }) => sum + value, 0) / count;
  const meanAt = points.reduce((sum, { atMs }) => sum + atMs, 0) / count;
  const spread = points.reduce((sum, { atMs }) => sum + (atMs - meanAt) ** 2, 0);
  const together = points.reduce((sum, { atMs, value }) => sum + (atMs - meanAt) * (value - mean), 0);
  const slope = together / spread;
  const residual = points.reduce(
    (sum, { atMs, value }) => sum + (value - mean - slope * (atMs - meanAt)) ** 2,
    0,
  );
  const degrees = count - 2;
  const error = degrees > 0 ? Math.sqrt(residual / degrees / spread) : Number.POSITIVE_INFINITY;
  return {
    samples: count,
    mean,
    perHour: slope * MS_PER_HOUR,
    plusMinus: degrees > 0 ? error * studentT(degrees) * MS_PER_HOUR : Number.POSITIVE_INFINITY,
  };
}

/** A slope through fewer is an accident. */
const FEWEST_SAMPLES = 20;

/** `growing` and `flat` only if the whole interval lies on one side of the limit. */
export type Verdict = 'flat' | 'growing' | 'not shown';

/** Whether something grows by more than `limitPerHour`. What falls is flat. */
export function judge({ samples, perHour, plusMinus }: Fit, limitPerHour: number): Verdict {
  if (samples < FEWEST_SAMPLES) return 'not shown';
  if (perHour + plusMinus <= limitPerHour) return 'flat';
  return perHour - plusMinus > limitPerHour ? 'growing' : 'not shown';
}
