import type { FailureType } from './failure-types.ts';
import type { SyncSource } from './sync.ts';

export const PLAN_MODES = ['preview', 'apply', 'undo', 'purge'] as const;
/** `undo` takes back an applied run, `purge` removes everything Almanac has written for the workspace. */
export type PlanMode = (typeof PLAN_MODES)[number];

/** Input of `scheduleWorkspace`. Additive for ever. */
export interface PlanRequest {
  workspaceId: string;
  /** Default `manual`. */
  source?: SyncSource;
  correlationId?: string;
  /** Default `preview`: nothing is written to Google. */
  mode?: PlanMode;
  /** Days from today that the plan covers. Default: the workspace's policy. */
  days?: number;
  /** Plans as if nothing had been placed before; pinned blocks stay. */
  force?: boolean;
  /** Applies nothing unless the mirror is complete and nothing has changed since the preview, its days included. */
  safe?: boolean;
  /** Of the preview that is to be applied. */
  expectedFingerprint?: string;
  /** The applied run that `undo` takes back. */
  undoRunId?: string;
}

/** Why nothing, or not everything, was applied. */
export const PLAN_REFUSALS = [
  /** With `safe`: the calendar, the tasks, the habits or the days asked for are not those of the preview. */
  'changed-since-preview',
  /** A calendar could not be synced: what was free may be taken. */
  'not-synced',
  /** People kept editing what was being written. The next run goes on. */
  'edited-meanwhile',
  /** The run to undo was not applied, or has been undone. */
  'nothing-to-undo',
] as const;
export type PlanRefusal = (typeof PLAN_REFUSALS)[number];

/** Writes to Google that were done. */
export interface WriteCounts {
  created: number;
  moved: number;
  deleted: number;
}

/** What people had done to blocks in Google since the last run. */
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
  /** Row of `schedule_runs`; null where no plan was made. */
  runId: string | null;
  mode: PlanMode;
  /** Everything that was to be written is written. */
  applied: boolean;
  /** Blocks in the plan. */
  placed: number;
  /** Tasks and habit days with minutes that found no place. */
  unscheduled: number;
  edits: EditCounts;
  /** Changes of the calendar or the tasks since the preview made another plan than the one that was shown. */
  replanned: boolean;
  refused?: PlanRefusal;
  error?: FailureType;
}
