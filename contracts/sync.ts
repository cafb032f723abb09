import type { FailureType } from './failure-types.ts';

export const SYNC_MODES = ['incremental', 'full'] as const;
/** What a sync asks of Google: what has changed, or everything. */
export type SyncMode = (typeof SYNC_MODES)[number];

/** Who asked for a run. */
export const SYNC_SOURCES = ['schedule', 'push', 'manual', 'api'] as const;
/** Who asked for a sync. */
export type SyncSource = (typeof SYNC_SOURCES)[number];

/** Input of `incrementalSync` and `fullSync`. Additive for ever. */
export interface SyncInput {
  workspaceId: string;
  /** Default `manual`. */
  source?: SyncSource;
  /** Found again in logs, the run log and the change log. Default: the run ID. */
  correlationId?: string;
  /** These calendars only. Default: every enabled calendar of the workspace. */
  calendarIds?: string[];
  /** What is due, as the fan-out has just read it; without it the workflow looks for itself. */
  targets?: SyncTargets;
  /** Set by continue-as-new only. */
  resume?: SyncResume;
}

/** What one pass over a workspace has to do. All IDs are ours (UUIDs). */
export interface SyncTargets {
  calendarIds: string[];
  /** Accounts whose calendar list is to be refreshed first: daily, or when they have just been connected. */
  accountIds: string[];
}

/** What a run hands to its successor. */
export interface SyncResume {
  results: CalendarSyncResult[];
  /** Accounts that could not be reached. */
  accounts?: AccountFailure[];
  /** Requests that have not been served: coalesced, so no more than there are calendars. */
  requests: SyncRequest[];
  /** IDs of requests that have not been served: every other one has. Without them, none may be taken for served. */
  requestIds?: string[];
  /** The run is for somebody who waits. */
  isHurried?: boolean;
}

/** Payload of the signal `syncRequested`. */
export interface SyncRequest {
  mode: SyncMode;
  /** Default: every enabled calendar of the workspace. */
  calendarIds?: string[];
  /** A UUID by which a caller finds out whether a run that has handed on had served the request. */
  requestId?: string;
  /** Default true: from here on the run goes before the 15-minute tick. */
  isHurried?: boolean;
}

export interface AccountFailure {
  accountId: string;
  error: FailureType;
}

export interface CalendarSyncResult {
  calendarId: string;
  /** `full` as soon as one pass of this run listed the calendar anew. */
  mode: SyncMode;
  upserted: number;
  deleted: number;
  pages: number;
  error?: FailureType;
}

/** Result of `incrementalSync` and `fullSync`. */
export interface SyncResult {
  workspaceId: string;
  /** False as soon as one calendar or account has an error. */
  success: boolean;
  calendars: CalendarSyncResult[];
  /** Accounts that could not be reached at all. */
  accounts?: AccountFailure[];
}

/** Answer of the query `progress`. */
export interface SyncProgress {
  workspaceId: string;
  /** Passes over the workspace, this one included. */
  passes: number;
  calendarsDone: number;
  calendarsTotal: number;
  pages: number;
  upserted: number;
  deleted: number;
}

export const SYNC_REQUESTED_SIGNAL = 'syncRequested';
export const PROGRESS_QUERY = 'progress';
