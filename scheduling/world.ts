import type { ChunkRule } from './chunks.ts';
import type { CivilWindow } from './civil-time.ts';
import type { PlanInput } from './plan-input.ts';
import type { Span } from './spans.ts';

/** What is left to place of a task, or a habit on one day. Minutes count from the start of the window. */
export interface Job extends ChunkRule {
  index: number;
  kind: 'task' | 'habit';
  refId: string;
  /** The day of a habit. */
  date: string | null;
  weight: number;
  /** Minutes to place at most; for a habit, its duration. */
  left: number;
  /** One block or none: a habit (of `least` to `left` minutes) or a task that must not be split (of `left`). */
  whole: boolean;
  hours: string;
  /** Minutes allowed a day for the type of hours; Infinity without a limit. */
  dailyLimit: number;
  /** Where it may be, sorted: hours without busy, pinned and declined time, from the earliest start. Starts are on the grid. */
  spans: readonly Span[];
  /** A habit starts before the end of its day, a task before the end of the window. */
  startBefore: number;
  /** Infinity without one, and for habits. */
  deadline: number;
  /** Habits only: when the block would best be, see `fromIdeal`. */
  ideal: Span | null;
  /** Jobs that have to be placed in full and end before this one starts. */
  after: number[];
  /** Jobs that wait for this one. */
  followers: number[];
  /** Habits of the same day that have to end before this one starts, where they are placed. */
  orderedAfter: number[];
  orderedBefore: number[];
  /** It waits for a task that cannot be finished, whatever the plan. */
  blockedBy: string | null;
  /** Free blocks of the last run that it may keep. */
  current: CurrentSpan[];
}

export interface CurrentSpan extends Span {
  id: string;
}

/** A block that the plan holds on to: pinned by the user, or too soon to be moved. */
export interface FixedBlock extends Span {
  id: string;
  kind: 'task' | 'habit';
  refId: string;
  /** The day that a habit's block was made for; null for a task. */
  habitDay: string | null;
  pinned: boolean;
}

/** Everything the search works on; made once from an input, never changed. */
export interface World {
  window: CivilWindow;
  granularity: number;
  /** Between blocks, in whole steps. */
  buffer: number;
  jobs: Job[];
  /** Free time by type of hours, sorted. */
  free: ReadonlyMap<string, readonly Span[]>;
  fixed: FixedBlock[];
  /** Types of hours with a daily limit, and the minutes that fixed blocks use of it by day. */
  limitedUse: ReadonlyMap<string, Int32Array>;
  /** Minutes of free current blocks. */
  freeCurrentMinutes: number;
  input: PlanInput;
}

export const WEIGHTS = { critical: 8, high: 4, normal: 2, low: 1 } as const;
