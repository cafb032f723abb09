import type { SyncMode, SyncSource, SyncTargets } from './sync.ts';
import type { FailureType } from './failure-types.ts';
import type { WorkspaceRange } from './fan-out.ts';

/** What an activity of a sync run knows of its run. */
export interface SyncRunContext {
  workspaceId: string;
  source: SyncSource;
  correlationId: string;
  /** ISO instant; of two runs the later one may write. */
  runStartedAt: string;
}

export interface LoadSyncTargetsInput {
  workspaceId: string;
}

export interface LoadSyncTargetsResult extends SyncTargets {
  /** Accounts that have to be connected again before anything can be read. */
  disconnectedAccountIds: string[];
}

export interface RefreshCalendarListInput {
  workspaceId: string;
  accountId: string;
  correlationId: string;
}

export interface RefreshCalendarListResult {
  /** Calendars that have just appeared, or come back, and want their first sync. */
  newCalendarIds: string[];
  removedCalendarIds: string[];
  /** Calendars of the account are to have push channels that they have not. Absent: none is. */
  wantsChannels?: true;
}

export interface PullEventsPageInput extends SyncRunContext {
  calendarId: string;
  /** `incremental` without a stored sync token lists everything. */
  mode: SyncMode;
  /** Counts the listings of this calendar in this run, from 0. */
  listing: number;
  /** Counts the parts of the listing, from 0: an activity's pages are one. */
  page: number;
  /** Of the part's first page. */
  pageToken: string | null;
  /** At most as many pages are listed and committed, each in a transaction of its own. Absent: one. */
  pages?: number;
  /** The listing replaces a sync token that had expired. */
  tokenExpired: boolean;
  /** A listing before lacked so much that this one was made: what both of them lack is gone. */
  confirmEmpty: boolean;
}

export interface PageTotals {
  upserted: number;
  deleted: number;
  pages: number;
}

/** What became of a part of a listing. */
export type PullEventsPageResult =
  | { outcome: 'more'; mode: SyncMode; nextPageToken: string; totals: PageTotals }
  | { outcome: 'done'; mode: SyncMode; totals: PageTotals }
  /** HTTP 410: the calendar has to be listed anew. An outcome, not a failure. */
  | { outcome: 'sync-token-expired' }
  /** The page token died in the middle of a listing: the listing starts again. */
  | { outcome: 'page-token-expired' }
  /** Much that is stored, or all of it, is not listed: list once more before believing it. */
  | { outcome: 'suspiciously-empty' }
  /** The calendar was disabled, removed or disconnected meanwhile. */
  | { outcome: 'not-syncable' };

/** What a run could not sync: a calendar, or an account with all its calendars. */
export interface RecordSyncFailureInput extends SyncRunContext {
  calendarId: string | null;
  accountId: string | null;
  mode: SyncMode;
  failureType: FailureType;
  /** Of revoked consent: the fingerprint of the grant that Google refused. */
  grant?: string;
}

export interface SendNoticesResult {
  /** `unknown`: the message may have arrived, so its letters are not told of again. */
  outcome: 'nothing' | 'sent' | 'refused' | 'unknown';
  letters: number;
}

export interface PartitionWorkspacesInput {
  /** ISO instant: what is due by then. Null: every workspace with a usable account. */
  dueAt: string | null;
}

export interface ListWorkspacesInput {
  range: WorkspaceRange;
  dueAt: string | null;
  limit: number;
}

export interface DueWorkspace {
  workspaceId: string;
  /** Null: the child looks for itself, because it is to do everything. */
  targets: SyncTargets | null;
}

export interface RollCalendarHorizonsInput {
  /** Calendars up to this ID are done. */
  afterCalendarId: string | null;
}

export interface RollCalendarHorizonsResult {
  /** Null when no calendar is left. */
  nextCalendarId: string | null;
  calendars: number;
}
