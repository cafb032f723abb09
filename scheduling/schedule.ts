import { ceilTo } from './grid.ts';
import type { Span } from './spans.ts';
import { compareValues, evaluate, exchange, NOTHING, type Value } from './value.ts';
import type { Job, World } from './world.ts';

/** The index of the first number above `limit` in a sorted list. */
export function firstAbove(sorted: readonly number[], limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! > limit) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Blocks of jobs as placed during the search, with their value kept up to date. Excludes fixed blocks. */
export class Schedule {
  readonly world: World;
  /** Blocks by job, sorted by start. Lists are replaced, never changed, so a saved list keeps its state. */
  readonly blocks: (readonly Span[])[];
  /** Starts of all blocks, sorted. Blocks do not overlap, so `ends` and `owners` have the same order. */
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  readonly owners: number[] = [];
  readonly values: Value[];
  total: Value = NOTHING;
  /** Gaps looked at so far, the measure of work. */
  visits = 0;
  private readonly dayStarts: number[];
  private readonly use: Map<string, Int32Array>;

  constructor(world: World) {
    this.world = world;
    this.blocks = world.jobs.map(() => []);
    this.values = world.jobs.map(() => NOTHING);
    this.dayStarts = world.window.days.map((day) => day.startMinute);
    this.use = new Map([...world.limitedUse].map(([type, days]) => [type, days.slice()]));
  }

  placedMinutes(job: Job): number {
    return this.values[job.index]!.minutes;
  }

  isComplete(job: Job): boolean {
    return this.placedMinutes(job) >= job.left;
  }

  /** The first minute at which a block may start after one that ends at `end`. */
  following(end: number): number {
    return ceilTo(end + this.world.buffer, this.world.granularity);
  }

  dayAt(minute: number): number {
    return firstAbove(this.dayStarts, minute) - 1;
  }

  /** Minutes that a job may still take on the day of `minute`. */
  room(job: Job, minute: number): number {
    if (job.dailyLimit === Infinity) return Infinity;
    return job.dailyLimit - this.use.get(job.hours)![this.dayAt(minute)]!;
  }

  /** Whether the daily limit allows a block. A block over midnight counts on the day it starts on. */
  hasRoom(job: Job, start: number, end: number): boolean {
    return this.room(job, start) >= end - start;
  }

  /** The minute at which the next day starts. */
  nextDay(minute: number): number {
    return this.dayStarts[this.dayAt(minute) + 1] ?? this.world.window.minutes;
  }

  place(job: Job, start: number, end: number): void {
    const index = firstAbove(this.starts, start);
    this.starts.splice(index, 0, start);
    this.ends.splice(index, 0, end);
    this.owners.splice(index, 0, job.index);
    const own = this.blocks[job.index]!;
    const last = own.at(-1);
    const blocks = [...own, { start, end }];
    this.blocks[job.index] =
      last && last.start > start ? blocks.toSorted((a, b) => a.start - b.start) : blocks;
    this.charge(job, start, end, 1);
    this.revalue(job);
  }

  remove(job: Job, start: number): void {
    const index = firstAbove(this.starts, start) - 1;
    const end = this.ends[index]!;
    this.starts.splice(index, 1);
    this.ends.splice(index, 1);
    this.owners.splice(index, 1);
    this.blocks[job.index] = this.blocks[job.index]!.filter((block) => block.start !== start);
    this.charge(job, start, end, -1);
    this.revalue(job);
  }

  clear(job: Job): void {
    for (const { start } of this.blocks[job.index]!) this.remove(job, start);
  }

  /** Restores saved blocks of all jobs. */
  restore(blocks: readonly (readonly Span[])[]): void {
    const changed = this.world.jobs.filter((job) => this.blocks[job.index] !== blocks[job.index]);
    for (const job of changed) this.clear(job);
    for (const job of changed) for (const { start, end } of blocks[job.index]!) this.place(job, start, end);
  }

  private revalue(job: Job): void {
    const before = this.values[job.index]!;
    const after = evaluate(job, this.blocks[job.index]!);
    this.values[job.index] = after;
    this.total = exchange(this.total, before, after);
  }

  private charge(job: Job, start: number, end: number, sign: 1 | -1): void {
    const use = this.use.get(job.hours);
    if (!use) return;
    use[this.dayAt(start)]! += sign * (end - start);
  }
}

export function bestOf(schedules: readonly Schedule[]): Schedule {
  return schedules.reduce((a, b) => (compareValues(b.total, a.total) > 0 ? b : a));
}
