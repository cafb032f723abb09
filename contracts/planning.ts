import type { FailureType } from './failure-types.ts';
import type { SyncSource } from './sync.ts';

export const PLAN_MODES = ['preview', 'apply', 'undo', 'purge'] as const;
/** `undo` reverts an applied run; `purge` removes every event that Almanac has written for the workspace. */
export type PlanMode = (typeof PLAN_MODES)[number];

/** Input of `scheduleWorkspace`. Fields may be added, never changed or removed. */
export interface PlanRequest {
  workspaceId: string;
  /** Default `manual`. */
  source?: SyncSource;
  correlationId?: string;
  /** Default `preview`: nothing is written to Google. */
  mode?: PlanMode;
  /** Days from today that the plan covers. Default: the workspace's policy. */
  days?: number;
  /** Plans as if no block had been placed before, except pinned ones. */
  force?: boolean;
  /**
   * Applies only if every calendar was synced and the input, including `days`, equals that of the preview.
   */
  safe?: boolean;
  /** Fingerprint of the preview to apply. */
  expectedFingerprint?: string;
  /** Applied run that `undo` reverts. */
  undoRunId?: string;
}

/** Why the plan was not applied, or only in part. */
export const PLAN_REFUSALS = [
  /** With `safe`: the calendar, the tasks, the habits or the requested days differ from those of the preview. */
  'changed-since-preview',
  /** A calendar could not be synced, so free time in the mirror may be busy in Google. */
  'not-synced',
  /** People kept editing blocks while they were being written. The next run continues. */
  'edited-meanwhile',
  /** The run to undo was not applied, or has been undone. */
  'nothing-to-undo',
] as const;
export type PlanRefusal = (typeof PLAN_REFUSALS)[number];

/** Completed writes to Google. */
export interface WriteCounts {
  created: number;
  moved: number;
  deleted: number;
}

/** Edits that people have made to blocks in Google since the last run. */
export interface EditCounts {
  /** Moved or resized, and pinned there. */
  pinned: number;
  /** Deleted: the slot is declined, or the habit skipped that day. */
  declined: number;
}

/** Result of `scheduleWorkspace`: IDs, counts and reasons. The plan itself is in `schedule_runs`. */
export interface PlanResult extends WriteCounts {
  workspaceId: string;
  success: boolean;
  /** Row of `schedule_runs`; null when no plan was made. */
  runId: string | null;
  mode: PlanMode;
  /** Every planned write was completed. */
  applied: boolean;
  /** Blocks in the plan. */
  placed: number;
  /** Tasks and habit days with minutes that were not placed. */
  unscheduled: number;
  edits: EditCounts;
  /** The applied plan differs from the preview, because the calendar or the tasks have changed since. */
  replanned: boolean;
  refused?: PlanRefusal;
  error?: FailureType;
}
