import type { PlacementReason, PlanWarning, UnscheduledReason } from './reasons.ts';

export interface PlannedBlock {
  /** ID of the current block if that was kept or moved, else a new one. */
  id: string;
  kind: 'task' | 'habit';
  refId: string;
  /** UTC instants. */
  start: string;
  end: string;
  /** Number of the block among those of its task, from 1 in order of time; a habit has one block a day. */
  chunk: { index: number; of: number };
  pinned: boolean;
  /** It is at its place in the last run. */
  kept: boolean;
  reason: PlacementReason;
}

export interface Unscheduled {
  refId: string;
  /** The day of a habit. */
  date?: string;
  minutes: number;
  reason: UnscheduledReason;
}

/** Minutes of a task that lie after its deadline. */
export interface LateTask {
  refId: string;
  minutes: number;
  deadline: string;
}

/** The levels of the objective, compared in this order. */
export interface PlanObjective {
  /** Level 1, more is better: weight · minutes of tasks before their deadline, and of habits. */
  onTime: number;
  /** Upper bound of `onTime`: the optimum without chunks, buffers and order. */
  ceiling: number;
  /** Level 2, more is better: weight · minutes of tasks after their deadline. */
  late: number;
  /** Level 3, less is better: minutes of free current blocks that are not kept at their place. */
  moved: number;
  /** Level 4, less is better: number of blocks. */
  blocks: number;
  /**
   * Level 5, less is better: weight · minutes · days from the window's start, and weight · hours from the
   * ideal time.
   */
  spread: number;
}

export interface Plan {
  /** Sorted by start. */
  blocks: PlannedBlock[];
  unscheduled: Unscheduled[];
  late: LateTask[];
  warnings: PlanWarning[];
  objective: PlanObjective;
  stats: { steps: number; window: { start: string; end: string } };
}

export interface PlanOptions {
  /** Budget of the search, in gaps looked at. Default: grows with the input, about 200 ms for 100 tasks. */
  steps?: number;
}
