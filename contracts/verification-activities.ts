import type { DifferenceSummaries } from './verification.ts';

/** Fields common to every step of a calendar's verification. */
export interface VerificationStep {
  workspaceId: string;
  calendarId: string;
  /** Number of this activity in the calendar's verification, from 0: the fence. */
  step: number;
}

export interface CompareEventsPageInput extends VerificationStep {
  /** Number of this page in the listing, from 0. Page 0 restarts the comparison. */
  page: number;
  pageToken: string | null;
  /** The previous listing lacked suspiciously much: this one is accepted as it is. */
  confirmEmpty: boolean;
}

export type CompareEventsPageResult =
  | { outcome: 'more'; nextPageToken: string; events: number }
  /** `differs`: there are differences to settle. */
  | { outcome: 'done'; events: number; differs: boolean }
  /** The listing starts again. */
  | { outcome: 'page-token-expired' }
  /** Many or all of the stored events are not listed: a second listing has to confirm it. */
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
  /** `replaced`: a sync has got a new token in the meantime, so the comparison can start again. */
  | { outcome: 'sync-token-expired'; replaced: boolean };

export interface CompareOccurrencesInput extends VerificationStep {
  /** Single events and series up to this ID are done. */
  afterSourceId: string | null;
}

export interface CompareOccurrencesResult {
  /** Value for `afterSourceId` of the next call; null after the last one. */
  nextSourceId: string | null;
  differs: boolean;
}

export interface SettleDifferencesInput extends VerificationStep {
  repair: boolean;
  correlationId: string;
}

/** `moved`: a sync has written since the increment was read, so it must be read again. */
export type SettleDifferencesResult = 'more' | 'done' | 'moved';

export interface FinishVerificationInput extends VerificationStep {
  /** The whole calendar was compared, so its health may use the result. */
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

/** Kinds of rows that retention deletes. */
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
