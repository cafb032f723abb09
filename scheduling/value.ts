import type { Span } from './spans.ts';
import type { Job } from './world.ts';

/** What blocks are worth, in whole numbers that add up exactly. */
export interface Value {
  /** Weight · minutes. */
  onTime: number;
  late: number;
  /** Minutes of blocks that are where the last run had put them. */
  kept: number;
  blocks: number;
  /** Level 5 in units of 1/1440. */
  spread: number;
  minutes: number;
}

/** A class, because V8 makes millions of them several times faster than object literals whose fields change between kinds of numbers. */
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

/** Units of `Value.spread` in a day, and in an hour for the distance from an ideal. */
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

/** A total in which one part has become another. In one step, because it is what a search does most. */
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

/** The last start that is ideal for a block: it lies in the ideal part of the day, as far as it is not longer than that. */
export function lastIdealStart(ideal: Span, length: number): number {
  return Math.max(ideal.start, ideal.end - length);
}

/**
 * Minutes between a start and the nearest ideal one. The ideal is a part of the day that holds the block, or a time
 * that it starts at: a span without length.
 */
export function fromIdeal(ideal: Span | null, start: number, length: number): number {
  return ideal ? Math.max(0, ideal.start - start, start - lastIdealStart(ideal, length)) : 0;
}

/** Minutes of a block that end by the deadline. */
export function timelyMinutes(deadline: number, start: number, end: number): number {
  return Math.max(0, Math.min(end, deadline) - start);
}

/** What blocks of a job are worth. */
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

/** Above zero where `a` is better, level by level. */
export function compareValues(a: Value, b: Value): number {
  return compareServed(a, b) || a.kept - b.kept || b.blocks - a.blocks || b.spread - a.spread;
}

/** Above zero where `a` is better in levels 1 and 2: what is done, and whether in time. */
export function compareServed(a: Pick<Value, 'onTime' | 'late'>, b: Pick<Value, 'onTime' | 'late'>): number {
  return a.onTime - b.onTime || a.late - b.late;
}
