import type { SyncSource } from './sync-modes.ts';

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
