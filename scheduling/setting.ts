import type { Frame } from './frame.ts';
import { ceilTo, floorTo } from './grid.ts';
import { STEP_MINUTES } from '../contracts/limits.ts';
import type { Span } from './spans.ts';
import type { FixedBlock } from './world.ts';

/** The data from which the jobs of a world are made. */
export interface Setting {
  frame: Frame;
  fixed: readonly FixedBlock[];
  /** Free time by type of hours. */
  free: ReadonlyMap<string, Span[]>;
}

/** Aligns starts to the grid and ends to a step, and drops spans too short for a block. */
export function alignSpans(spans: readonly Span[], granularity: number): Span[] {
  const aligned: Span[] = [];
  for (const span of spans) {
    const start = ceilTo(span.start, granularity);
    const end = floorTo(span.end, STEP_MINUTES);
    if (end - start >= STEP_MINUTES)
      aligned.push(start === span.start && end === span.end ? span : { start, end });
  }
  return aligned;
}
