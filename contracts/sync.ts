import type { FailureType } from './failure-types.ts';

export const SYNC_MODES = ['incremental', 'full'] as const;
/** Whether a sync asks Google for changes or for everything. */
export type SyncMode = (typeof SYNC_MODES)[number];

/** Origins of a run. */
export const SYNC_SOURCES = ['schedule', 'push', 'manual', 'api'] as const;
/** Origin of a run. */
export type SyncSource = (typeof SYNC_SOURCES)[number];

/** Input of `incrementalSync` and `fullSync`. Fields may be added, never changed or removed. */
export interface SyncInput {
  workspaceId: string;
  /** Default `manual`. */
  source?: SyncSource;
  /** Recorded in logs, the run log and the change log. Default: the run ID. */
  correlationId?: string;
  /** Only these calendars. Default: every enabled calendar of the workspace. */
  calendarIds?: string[];
  /** Due calendars and accounts, as the fan-out has just read them. Default: the workflow reads them. */
  targets?: SyncTargets;
  /** Set by continue-as-new only. */
  resume?: SyncResume;
}

/** The work of one pass over a workspace. All IDs are Almanac's own (UUIDs). */
export interface SyncTargets {
  calendarIds: string[];
  /** Accounts whose calendar list must be refreshed first: daily, and right after they were connected. */
  accountIds: string[];
}

/** State that a run hands to its successor. */
export interface SyncResume {
  results: CalendarSyncResult[];
  /** Accounts that could not be reached. */
  accounts?: AccountFailure[];
  /** Requests not yet served, coalesced to at most one per calendar. */
  requests: SyncRequest[];
  /** IDs of the requests not yet served; all others were. Absent: no request can be assumed to be served. */
  requestIds?: string[];
  /** A caller waits for the run, so it has interactive priority. */
  isHurried?: boolean;
}

/** Payload of the signal `syncRequested`. */
export interface SyncRequest {
  mode: SyncMode;
  /** Default: every enabled calendar of the workspace. */
  calendarIds?: string[];
  /** UUID by which a caller learns whether a run that has continued as new had served the request. */
  requestId?: string;
  /** Default true: from here on the run has priority over the 15-minute tick. */
  isHurried?: boolean;
}

export interface AccountFailure {
  accountId: string;
  error: FailureType;
}

export interface CalendarSyncResult {
  calendarId: string;
  /** `full` once a pass of this run has listed the calendar in full. */
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

/** Answer to the query `progress`. */
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
