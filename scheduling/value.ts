import type { Span } from './spans.ts';
import type { Job } from './world.ts';

/** Value of blocks, in whole numbers that add up exactly. */
export interface Value {
  /** Weight · minutes. */
  onTime: number;
  late: number;
  /** Minutes of blocks at their places in the last run. */
  kept: number;
  blocks: number;
  /** Level 5 in units of 1/1440. */
  spread: number;
  minutes: number;
}

/** A class, because V8 creates it several times faster than object literals with mixed kinds of numbers. */
class Sum implements Value {
  readonly onTime: number;
  readonly late: number;
  readonly kept: number;
  readonly blocks: number;
  readonly spread: number;
  readonly minutes: number;

  constructor(onTime: number, late: number, kept: number, blocks: number, spread: number, minutes: number) {
    this.onTime = onTime;
    this.late = late;
    this.kept = kept;
    this.blocks = blocks;
    this.spread = spread;
    this.minutes = minutes;
  }
}

export const NOTHING: Value = new Sum(0, 0, 0, 0, 0, 0);

/** Units of `Value.spread` per day of a task's start, and per minute of a habit's distance from its ideal. */
const SPREAD_PER_DAY = 1_440;
export const SPREAD_PER_MINUTE_FROM_IDEAL = SPREAD_PER_DAY / 60;

export function addValues(a: Value, b: Value): Value {
  return new Sum(
    a.onTime + b.onTime,
    a.late + b.late,
    a.kept + b.kept,
    a.blocks + b.blocks,
    a.spread + b.spread,
    a.minutes + b.minutes,
  );
}

export function subtractValues(a: Value, b: Value): Value {
  return new Sum(
    a.onTime - b.onTime,
    a.late - b.late,
    a.kept - b.kept,
    a.blocks - b.blocks,
    a.spread - b.spread,
    a.minutes - b.minutes,
  );
}

/** Replaces one part of a total. In one step, because the search does it more than anything else. */
export function exchange(total: Value, before: Value, after: Value): Value {
  return new Sum(
    total.onTime - before.onTime + after.onTime,
    total.late - before.late + after.late,
    total.kept - before.kept + after.kept,
    total.blocks - before.blocks + after.blocks,
    total.spread - before.spread + after.spread,
    total.minutes - before.minutes + after.minutes,
  );
}

/**
 * Last start at which a block still lies within the ideal part of the day; its begin if the block is longer.
 */
export function lastIdealStart(ideal: Span, length: number): number {
  return Math.max(ideal.start, ideal.end - length);
}

/**
 * Minutes between a start and the nearest ideal start. The ideal is a part of the day that should hold the
 * block, or an empty span at which the block should start.
 */
export function fromIdeal(ideal: Span | null, start: number, length: number): number {
  return ideal ? Math.max(0, ideal.start - start, start - lastIdealStart(ideal, length)) : 0;
}

/** Minutes of a block before the deadline. */
export function timelyMinutes(deadline: number, start: number, end: number): number {
  return Math.max(0, Math.min(end, deadline) - start);
}

/** The value of blocks of a job. */
export function evaluate(job: Job, blocks: readonly Span[]): Value {
  const { weight, deadline, kind, ideal } = job;
  let onTime = 0;
  let late = 0;
  let kept = 0;
  let spread = 0;
  let minutes = 0;
  for (const { start, end } of blocks) {
    const length = end - start;
    minutes += length;
    const timely = timelyMinutes(deadline, start, end);
    onTime += weight * timely;
    late += weight * (length - timely);
    spread +=
      kind === 'task'
        ? weight * length * start
        : weight * fromIdeal(ideal, start, length) * SPREAD_PER_MINUTE_FROM_IDEAL;
    for (const current of job.current)
      if (current.start === start && current.end === end) {
        kept += length;
        break;
      }
  }
  return new Sum(onTime, late, kept, blocks.length, spread, minutes);
}

/** Above zero if `a` is better, level by level. */
export function compareValues(a: Value, b: Value): number {
  return compareServed(a, b) || a.kept - b.kept || b.blocks - a.blocks || b.spread - a.spread;
}

/** Above zero if `a` is better in levels 1 and 2, the minutes on time and late. */
export function compareServed(a: Pick<Value, 'onTime' | 'late'>, b: Pick<Value, 'onTime' | 'late'>): number {
  return a.onTime - b.onTime || a.late - b.late;
}
