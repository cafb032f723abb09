import type { CivilWindow } from './civil-time.ts';
import { ceilTo, floorTo, STEP_MINUTES } from './grid.ts';
import type { PlanInput } from './plan-input.ts';
import type { Span } from './spans.ts';
import type { FixedBlock } from './world.ts';

/** What the jobs of a world are made of. */
export interface Setting {
  input: PlanInput;
  window: CivilWindow;
  fixed: readonly FixedBlock[];
  free: ReadonlyMap<string, Span[]>;
  /** Slots that a user deleted a block of a task or habit from. */
  declined: ReadonlyMap<string, Span[]>;
}

/** Starts on the grid, ends on a step, nothing too short for a block. */
export function alignSpans(spans: readonly Span[], granularity: number): Span[] {
  return spans
    .map(({ start, end }) => ({ start: ceilTo(start, granularity), end: floorTo(end, STEP_MINUTES) }))
    .filter(({ start, end }) => end - start >= STEP_MINUTES);
}
