import type { RateLimitScope } from '../contracts/retry-table.ts';
import type { SyncMode } from '../contracts/sync-modes.ts';
import type { FailureType } from '../contracts/failure-types.ts';

/**
 * Metrics of activities. No method takes an ID: every label value comes from a list in the code, so the
 * number of time series does not grow with the number of workspaces.
 */
export interface Metrics {
  /** Records a finished request to Google. `status` is its HTTP status; null if no answer came. */
  googleRequest(method: string, status: number | null, durationMs: number): void;
  /** Records that a quota delayed a request to Google. */
  rateLimitWaited(scope: RateLimitScope, waitMs: number): void;
  /** Records a committed page of a listing, with the number of rows it changed. */
  pageCommitted(mode: SyncMode, written: { upserted: number; deleted: number }): void;
  /** Records a listing that was committed up to its last page. */
  calendarSynced(mode: SyncMode, durationMs: number): void;
  /** Records writes of events that have their outcome. */
  eventsWritten(settled: { done: number; refused: number; failed: number }): void;
  /** Records an attempt to deliver changes to a webhook. `status` is null if no answer came. */
  delivered(status: number | null, durationMs: number): void;
  /** Records that a calendar or an account could not be synced in a run. */
  syncFailed(failureType: FailureType): void;
  /** Records the start of an attempt that is not the first. */
  activityRetried(activity: string): void;
}

/** Records nothing; for calls outside a worker. */
export const noMetrics: Metrics = {
  googleRequest: () => undefined,
  rateLimitWaited: () => undefined,
  pageCommitted: () => undefined,
  calendarSynced: () => undefined,
  eventsWritten: () => undefined,
  delivered: () => undefined,
  syncFailed: () => undefined,
  activityRetried: () => undefined,
};
