import type { SyncTargets } from './sync.ts';
import type { SyncMode, SyncSource } from './sync-modes.ts';
import type { FailureType } from './failure-types.ts';
import type { WorkspaceRange } from './fan-out.ts';

/** The run that an activity of a sync belongs to. */
export interface SyncRunContext {
  workspaceId: string;
  source: SyncSource;
  correlationId: string;
  /** ISO instant. Orders runs: only the latest one may write. */
  runStartedAt: string;
}

export interface LoadSyncTargetsInput {
  workspaceId: string;
}

export interface LoadSyncTargetsResult extends SyncTargets {
  /** Accounts that must be connected again before they can be read. */
  disconnectedAccountIds: string[];
}

export interface RefreshCalendarListInput {
  workspaceId: string;
  accountId: string;
  correlationId: string;
}

export interface RefreshCalendarListResult {
  /** Calendars that have appeared or come back, and need a first sync. */
  newCalendarIds: string[];
  removedCalendarIds: string[];
  /** Set when calendars of the account lack push channels that they should have. */
  wantsChannels?: true;
}

/**
 * Input of the activity `pullEventsPage`, which pulls one part of a listing: the pages of one activity. The
 * name of the activity and the field `page` say page, because histories and rolling upgrades need them.
 */
export interface PullPartInput extends SyncRunContext {
  calendarId: string;
  /** `incremental` without a stored sync token lists everything. */
  mode: SyncMode;
  /** Number of this listing among those of the calendar in this run, from 0. */
  listing: number;
  /** Number of the part within the listing, from 0. */
  page: number;
  /** Page token of the part's first page. Null: the listing's first page. */
  pageToken: string | null;
  /** Most pages to list and commit, each in its own transaction. Absent: one. */
  pages?: number;
  /** The listing replaces an expired sync token. */
  tokenExpired: boolean;
  /** The previous listing lacked suspiciously much: events that this one lacks as well are gone. */
  confirmEmpty: boolean;
}

export interface PartTotals {
  upserted: number;
  deleted: number;
  pages: number;
}

/** Outcome of one part of a listing. */
export type PullPartResult =
  | { outcome: 'more'; mode: SyncMode; nextPageToken: string; totals: PartTotals }
  | { outcome: 'done'; mode: SyncMode; totals: PartTotals }
  /** HTTP 410: the calendar has to be listed in full. An outcome, not a failure. */
  | { outcome: 'sync-token-expired' }
  /** The page token expired in the middle of a listing: the listing starts again. */
  | { outcome: 'page-token-expired' }
  /** Many or all of the stored events are not listed: a second listing has to confirm it. */
  | { outcome: 'suspiciously-empty' }
  /** The calendar has been disabled, removed or disconnected in the meantime. */
  | { outcome: 'not-syncable' };

/** A failed sync of a calendar, or of an account with all its calendars. */
export interface RecordSyncFailureInput extends SyncRunContext {
  calendarId: string | null;
  accountId: string | null;
  mode: SyncMode;
  failureType: FailureType;
  /** For revoked consent: the fingerprint of the grant that Google refused. */
  grant?: string;
}

export interface SendNoticesResult {
  /** `unknown`: the message may have arrived, so its dead letters are not announced again. */
  outcome: 'nothing' | 'sent' | 'refused' | 'unknown';
  /** Number of dead letters. Histories and rolling upgrades need the short name. */
  letters: number;
  /** Messages to notifiers by outcome. Absent: there was none. */
  messages?: Partial<Record<'delivered' | 'refused' | 'unconfirmed' | 'dropped', number>>;
}

export interface PartitionWorkspacesInput {
  /** ISO instant by which workspaces are due. Null: every workspace with a usable account. */
  dueAt: string | null;
}

export interface ListWorkspacesInput {
  range: WorkspaceRange;
  dueAt: string | null;
  limit: number;
}

export interface DueWorkspace {
  workspaceId: string;
  /** Null: the child syncs everything and reads its own targets. */
  targets: SyncTargets | null;
}

export interface RollCalendarHorizonsInput {
  /** Calendars up to this ID are done. */
  afterCalendarId: string | null;
}

export interface RollCalendarHorizonsResult {
  /** Value for `afterCalendarId` of the next call; null after the last calendar. */
  nextCalendarId: string | null;
  calendars: number;
}
