import type { FailureType } from './failure-types.ts';

/**
 * How a mirror can differ from Google: a missing event, a surplus one, one in another version (by etag), or
 * one with other content under the same etag; `occurrences`: the read model is not what the stored events
 * expand to.
 */
export const DIFFERENCE_KINDS = ['missing', 'extra', 'etag', 'content', 'occurrences'] as const;
/** How the mirror differs from Google. */
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number];

/** Input of `verifyWorkspace`. Fields may be added, never changed or removed. */
export interface VerifyInput {
  workspaceId: string;
  /** Only these calendars. Default: every enabled calendar of the workspace. */
  calendarIds?: string[];
  /** Repairs differences. Default false: nothing is changed. */
  repair?: boolean;
  /** Recorded in the change log of a repair. Default: the run ID. */
  correlationId?: string;
  /** Set by continue-as-new only. */
  resume?: VerifyResume;
}

/** State that a run hands to its successor. */
interface VerifyResume {
  calendars: CalendarVerification[];
  differences: DifferenceSummaries;
  calendarIds: string[];
}

export type VerificationOutcome =
  | 'compared'
  /** No listing has finished yet, so there is nothing to compare. */
  | 'not-synced'
  /** Disabled, removed or disconnected. */
  | 'not-syncable'
  /** Something differs, but the sync token has expired: drift and pending changes look the same. */
  | 'sync-token-expired'
  /** Something differs, but syncs kept writing during the comparison. */
  | 'unsettled'
  | 'failed';

export interface CalendarVerification {
  calendarId: string;
  outcome: VerificationOutcome;
  /** Events that Google has listed. */
  events: number;
  pages: number;
  /** Differences found, repaired ones included. */
  differences: number;
  repaired: number;
  /** Changes that the next sync will pull, which are not drift. */
  pending: number;
  error?: FailureType;
}

export interface DifferenceSummary {
  found: number;
  repaired: number;
  /** At most `MAX_EXAMPLES`. For occurrences: the single event or series that they come from. */
  examples: { calendarId: string; googleEventId: string }[];
}
/** Differences by kind. */
export type DifferenceSummaries = Record<DifferenceKind, DifferenceSummary>;

/** Result of `verifyWorkspace`. */
export interface VerifyResult {
  workspaceId: string;
  /** Every calendar was compared, and every difference was repaired. */
  inStep: boolean;
  calendars: CalendarVerification[];
  differences: DifferenceSummaries;
  /** Accounts whose calendars cannot be read. */
  accounts?: { accountId: string; error: FailureType }[];
}

/** Answer to the query `progress`. */
export interface VerifyProgress {
  workspaceId: string;
  calendarsDone: number;
  calendarsTotal: number;
  pages: number;
  events: number;
}

/** Input of `auditDrift`. */
export interface AuditInput {
  /** Calendars to verify, least recently verified first. Default `DEFAULT_AUDIT_SIZE`. */
  calendars?: number;
}

/** Result of `auditDrift`: totals, never a list per workspace. */
export interface AuditResult {
  workspaces: number;
  calendars: number;
  inStep: number;
  drifted: number;
  /** Calendars that could not be compared. */
  undecided: number;
  /** Workspaces that are being verified already. */
  skipped: number;
  differences: Record<DifferenceKind, number>;
  /** At most `MAX_EXAMPLES`. */
  sampleDrifted: { workspaceId: string; calendarId: string }[];
}

/** Most examples per kind in a result. */
export const MAX_EXAMPLES = 20;
export const DEFAULT_AUDIT_SIZE = 50;
export const MAX_AUDIT_SIZE = 1_000;
