import type { PlacementReason, PlanWarning, UnscheduledReason } from './reasons.ts';

export interface PlannedBlock {
  /** That of the current block where it was kept or moved. */
  id: string;
  kind: 'task' | 'habit';
  refId: string;
  /** UTC instants. */
  start: string;
  end: string;
  /** From 1, in order of time, among the blocks of a task; a habit has one block a day. */
  chunk: { index: number; of: number };
  pinned: boolean;
  /** It is where the last run had put it. */
  kept: boolean;
  reason: PlacementReason;
}

export interface Unscheduled {
  refId: string;
  /** The day, where it is a habit. */
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
  /** Level 1, more is better: weight · minutes of tasks by their deadline and of habits. */
  onTime: number;
  /** No plan can have more `onTime` than this: the optimum with chunks, buffers and order forgotten. */
  ceiling: number;
  /** Level 2, more is better: weight · minutes of tasks after their deadline. */
  late: number;
  /** Level 3, less is better: minutes of free current blocks that are not kept where they were. */
  moved: number;
  /** Level 4, less is better. */
  blocks: number;
  /** Level 5, less is better: weight · minutes · days from the window's start, and weight · hours from the ideal time. */
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
  /** Budget of the search, in gaps looked at. Default: by the number of tasks and habits, about 200 ms for 100 tasks. */
  steps?: number;
}
