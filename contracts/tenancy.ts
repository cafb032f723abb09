import type { FailureType } from './failure-types.ts';

/** State of a workspace. One that is being deleted is not found by callers any more. */
export const WORKSPACE_STATUSES = ['active', 'paused', 'deleting'] as const;

/** Input of `deleteWorkspace`. */
export interface DeleteWorkspaceInput {
  workspaceId: string;
  /** Whether the calendars that Almanac made are deleted in Google as well. Default: no. */
  ownCalendars?: boolean;
  /** API key that requested it. Default: the command line. */
  keyId?: string;
  correlationId?: string;
}

/** What a deletion begins with. */
export interface BeginDeletionResult {
  accountIds: string[];
  /** Batches of writes that may have a run. */
  batchIds: string[];
}

/** Input of the step that ends runs. */
export interface EndRunsInput {
  workspaceId: string;
  batchIds: string[];
}

/** One account of a workspace that is being deleted. */
export interface ReleaseAccountInput {
  workspaceId: string;
  accountId: string;
  /** Why its own calendars could not be deleted. */
  calendarsError?: FailureType;
}

export const DELETION_STEPS = ['ending-runs', 'releasing-accounts', 'deleting-rows', 'done'] as const;

/** Result of `deleteWorkspace`, and answer to its query `progress`. The receipt has the numbers by table. */
export interface DeletionProgress {
  step: (typeof DELETION_STEPS)[number];
  accountsTotal: number;
  accountsDone: number;
  /** Deleted rows of all tables. */
  rows: number;
}

export interface DeleteRowsResult {
  outcome: 'more' | 'done';
  rows: number;
}

/** Input of the steps that concern the workspace as a whole. */
export interface DeletionStepInput {
  workspaceId: string;
}
