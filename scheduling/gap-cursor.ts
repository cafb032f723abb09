import { ceilTo, floorTo } from './grid.ts';
import { STEP_MINUTES } from '../contracts/limits.ts';
import { firstAbove, type Schedule } from './schedule.ts';
import { firstEndingAfter, type Span } from './spans.ts';

/**
 * Walks through the gaps that a schedule leaves in spans, in order of time. A gap starts on the grid, ends on
 * a step, and keeps the buffer from the blocks around it. The schedule must not change during the walk.
 */
export class GapCursor {
  start = 0;
  end = 0;
  private readonly schedule: Schedule;
  private readonly spans: readonly Span[];
  private readonly until: number;
  private at: number;
  private spanIndex: number;
  private blockIndex: number;

  constructor(schedule: Schedule, spans: readonly Span[], from: number, until: number) {
    this.schedule = schedule;
    this.spans = spans;
    this.until = floorTo(Math.min(until, schedule.world.window.horizon), STEP_MINUTES);
    this.at = ceilTo(Math.max(from, 0), schedule.world.granularity);
    this.spanIndex = firstEndingAfter(spans, this.at);
    this.blockIndex = firstAbove(schedule.ends, this.at - schedule.world.buffer);
  }

  /** Moves to the next gap; false if there is none. */
  next(): boolean {
    const { schedule, spans, until } = this;
    const { starts, ends } = schedule;
    const { buffer } = schedule.world;
    while (this.spanIndex < spans.length) {
      schedule.visits++;
      const span = spans[this.spanIndex]!;
      const start = Math.max(span.start, this.at);
      const limit = Math.min(span.end, until);
      if (span.start >= until) return false;
      if (start >= limit) {
        this.spanIndex++;
        continue;
      }
      while (this.blockIndex < starts.length && ends[this.blockIndex]! + buffer <= start) this.blockIndex++;
      const taken = this.blockIndex < starts.length ? starts[this.blockIndex]! - buffer : Infinity;
      if (taken < limit) this.at = schedule.following(ends[this.blockIndex++]!);
      else this.spanIndex++;
      const end = Math.min(limit, taken);
      if (end - start < STEP_MINUTES) continue;
      this.start = start;
      this.end = end;
      return true;
    }
    return false;
  }
}
