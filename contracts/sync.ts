import type { SyncMode, SyncSource } from './sync-modes.ts';
import type { AccountFailure, CalendarSyncResult, SyncResult } from './sync-result.ts';

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

/** Payload of the signal `syncRequested` and of the update `syncNow`. */
export interface SyncRequest {
  mode: SyncMode;
  /** Default: every enabled calendar of the workspace. */
  calendarIds?: string[];
  /** UUID by which a caller learns whether a run that has continued as new had served the request. */
  requestId?: string;
  /** Default true: from here on the run has priority over the 15-minute tick. */
  isHurried?: boolean;
}

/**
 * Answer to the update `syncNow`: the result of the request's own pass. Null: the run has ended without
 * serving the request, and its successor serves it, or its failure tells why.
 */
export type SyncNowResult = SyncResult | null;

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
export const SYNC_NOW_UPDATE = 'syncNow';
export const PROGRESS_QUERY = 'progress';
