import type { FailureType } from './failure-types.ts';

/**
 * How a mirror can differ from Google: an event it lacks, one it has too many, one in another version (by etag), one
 * with other content under the same etag; or occurrences that are not what the stored events expand to.
 */
export const DIFFERENCE_KINDS = ['missing', 'extra', 'etag', 'content', 'occurrences'] as const;
/** How the mirror differs from Google. */
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number];

/** Input of `verifyWorkspace`. Additive for ever. */
export interface VerifyInput {
  workspaceId: string;
  /** These calendars only. Default: every enabled calendar of the workspace. */
  calendarIds?: string[];
  /** Mends what differs. Default false: nothing is changed. */
  repair?: boolean;
  /** Found again in the change log of a repair. Default: the run ID. */
  correlationId?: string;
  /** Set by continue-as-new only. */
  resume?: VerifyResume;
}

/** What a run hands to its successor. */
interface VerifyResume {
  calendars: CalendarVerification[];
  differences: DifferenceSummaries;
  calendarIds: string[];
}

export type VerificationOutcome =
  | 'compared'
  /** It has not been listed to its end yet, so there is nothing to compare. */
  | 'not-synced'
  /** Disabled, removed or disconnected. */
  | 'not-syncable'
  /** Something differs, but the sync token has expired: what has merely not been pulled yet cannot be told apart. */
  | 'sync-token-expired'
  /** Something differs, but syncs kept writing while it was looked at. */
  | 'unsettled'
  | 'failed';

export interface CalendarVerification {
  calendarId: string;
  outcome: VerificationOutcome;
  /** Events that Google has listed. */
  events: number;
  pages: number;
  /** Found, those that were repaired included. */
  differences: number;
  repaired: number;
  /** Changes that the next sync brings: no drift. */
  pending: number;
  error?: FailureType;
}

export interface DifferenceSummary {
  found: number;
  repaired: number;
  /** At most `MAX_EXAMPLES`. Of occurrences: the single event or series that they come from. */
  examples: { calendarId: string; googleEventId: string }[];
}
/** Differences by kind. */
export type DifferenceSummaries = Record<DifferenceKind, DifferenceSummary>;

/** Result of `verifyWorkspace`. */
export interface VerifyResult {
  workspaceId: string;
  /** Every calendar was compared, and nothing differs (any more). */
  inStep: boolean;
  calendars: CalendarVerification[];
  differences: DifferenceSummaries;
  /** Accounts whose calendars cannot be read. */
  accounts?: { accountId: string; error: FailureType }[];
}

/** Answer of the query `progress`. */
export interface VerifyProgress {
  workspaceId: string;
  calendarsDone: number;
  calendarsTotal: number;
  pages: number;
  events: number;
}

/** Input of `auditDrift`. */
export interface AuditInput {
  /** How many calendars are looked at, those first that have not been for longest. Default `DEFAULT_AUDIT_SIZE`. */
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

/** Per kind, in any result. */
export const MAX_EXAMPLES = 20;
export const DEFAULT_AUDIT_SIZE = 50;
export const MAX_AUDIT_SIZE = 1_000;
