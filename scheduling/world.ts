import type { ChunkRule } from './chunks.ts';
import type { CivilWindow } from './civil-time.ts';
import type { PlanInput } from './plan-input.ts';
import type { Span } from './spans.ts';

/** The rest to place of a task, or of a habit on one day. Minutes count from the start of the window. */
export interface Job extends ChunkRule {
  index: number;
  kind: 'task' | 'habit';
  refId: string;
  /** The day of a habit. */
  date: string | null;
  weight: number;
  /** Most minutes to place; for a habit, its duration. */
  left: number;
  /** At most one block: a habit (of `least` to `left` minutes) or an unsplittable task (of `left`). */
  whole: boolean;
  hours: string;
  /** Minutes allowed a day for the type of hours; Infinity without a limit. */
  dailyLimit: number;
  /** Sorted spans open to it: hours without busy, fixed and declined time. Starts are on the grid. */
  spans: readonly Span[];
  /** A habit starts before the end of its day, a task before the end of the window. */
  startBefore: number;
  /** Minute of the deadline; Infinity without one, and for habits. */
  deadline: number;
  /** Ideal time of a habit, see `fromIdeal`. */
  ideal: Span | null;
  /** Jobs that must be complete and end before this one starts. */
  after: number[];
  /** Jobs that wait for this one. */
  followers: number[];
  /** Habits of the same day that, if placed, must end before this one starts. */
  orderedAfter: number[];
  orderedBefore: number[];
  /** ID of a task that it waits for and that no plan can finish. */
  blockedBy: string | null;
  /** Free blocks of the last run that it may keep. */
  current: CurrentSpan[];
}

export interface CurrentSpan extends Span {
  id: string;
}

/** A block that must not be moved: pinned, begun, or too soon to be moved. */
export interface FixedBlock extends Span {
  id: string;
  kind: 'task' | 'habit';
  refId: string;
  /** The day that a habit's block was made for; null for a task. */
  habitDay: string | null;
  pinned: boolean;
}

/** The immutable data that a search works on. */
export interface World {
  window: CivilWindow;
  granularity: number;
  /** Minutes between blocks, in whole steps. */
  buffer: number;
  jobs: Job[];
  /** Free time by type of hours, sorted. */
  free: ReadonlyMap<string, readonly Span[]>;
  fixed: FixedBlock[];
  /** Types of hours with a daily limit, and by day the minutes of it that fixed blocks use. */
  limitedUse: ReadonlyMap<string, Int32Array>;
  /** Minutes of free current blocks. */
  freeCurrentMinutes: number;
  input: PlanInput;
}

export const WEIGHTS = { critical: 8, high: 4, normal: 2, low: 1 } as const;
