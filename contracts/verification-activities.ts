import type { DifferenceSummaries } from './verification.ts';

/** What every step of a calendar's verification names. */
export interface VerificationStep {
  workspaceId: string;
  calendarId: string;
  /** Counts the activities of this calendar's verification, from 0: the fence. */
  step: number;
}

export interface CompareEventsPageInput extends VerificationStep {
  /** Counts the pages of the listing, from 0. The first one begins the comparison anew. */
  page: number;
  pageToken: string | null;
  /** A listing before lacked so much that this one was made: believe it. */
  confirmEmpty: boolean;
}

export type CompareEventsPageResult =
  | { outcome: 'more'; nextPageToken: string; events: number }
  /** `differs`: something is to be settled. */
  | { outcome: 'done'; events: number; differs: boolean }
  /** The listing starts again. */
  | { outcome: 'page-token-expired' }
  /** A calendar with many events suddenly lists none: look once more before believing it. */
  | { outcome: 'suspiciously-empty' }
  | { outcome: 'not-synced' }
  | { outcome: 'not-syncable' };

export interface SetPendingAsideInput extends VerificationStep {
  pageToken: string | null;
}

export type SetPendingAsideResult =
  | { outcome: 'more'; nextPageToken: string }
  | { outcome: 'done' }
  | { outcome: 'page-token-expired' }
  /** `replaced`: a sync has got another token meanwhile, so that the comparison can begin anew. */
  | { outcome: 'sync-token-expired'; replaced: boolean };

export interface CompareOccurrencesInput extends VerificationStep {
  /** Single events and series up to this ID are done. */
  afterSourceId: string | null;
}

export interface CompareOccurrencesResult {
  /** Null when none is left. */
  nextSourceId: string | null;
  differs: boolean;
}

export interface SettleDifferencesInput extends VerificationStep {
  repair: boolean;
  correlationId: string;
}

/** `moved`: a sync has written since the increment was looked at, so it has to be looked at again. */
export type SettleDifferencesResult = 'more' | 'done' | 'moved';

export interface FinishVerificationInput extends VerificationStep {
  /** Everything was compared: the calendar's health may say so. */
  conclusive: boolean;
}

export interface FinishVerificationResult {
  differences: DifferenceSummaries;
  pending: number;
}

export interface SampleCalendarsInput {
  limit: number;
}

export interface SampledWorkspace {
  workspaceId: string;
  calendarIds: string[];
}

/** What retention deletes. */
export const RETENTION_SUBJECTS = [
  'run-log',
  'dead-letters',
  'google-quotas',
  'watch-channels',
  'verifications',
  'change-log',
  'idempotency-keys',
] as const;
export type RetentionSubject = (typeof RETENTION_SUBJECTS)[number];

export interface DeleteExpiredInput {
  subject: RetentionSubject;
}

/** Result of `applyRetention`: deleted rows. */
export type RetentionResult = Record<RetentionSubject, number>;
