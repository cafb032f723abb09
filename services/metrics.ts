import type { RateLimitScope } from '../contracts/retry-table.ts';
import type { SyncMode } from '../contracts/sync.ts';
import type { FailureType } from '../contracts/failure-types.ts';

/**
 * What activities measure. Nothing here takes an ID: every value of a label comes from a list in the code, so the
 * number of time series does not grow with the number of workspaces.
 */
export interface Metrics {
  /** A request to Google has ended. `status` is its HTTP status; null where no answer came. */
  googleRequest(method: string, status: number | null, durationMs: number): void;
  /** A request to Google was held back for the sake of a quota, by so much. */
  rateLimitWaited(scope: RateLimitScope, waitMs: number): void;
  /** A page of a listing has been committed, with so many rows. */
  pageCommitted(mode: SyncMode, written: { upserted: number; deleted: number }): void;
  /** The listing of a calendar has been committed to its end. */
  calendarSynced(mode: SyncMode, durationMs: number): void;
  /** A calendar, or an account, could not be synced in this run. */
  syncFailed(failureType: FailureType): void;
  /** An attempt that is not the first has begun. */
  activityRetried(activity: string): void;
}

/** Measures nothing: for activities that run outside a worker. */
export const noMetrics: Metrics = {
  googleRequest: () => undefined,
  rateLimitWaited: () => undefined,
  pageCommitted: () => undefined,
  calendarSynced: () => undefined,
  syncFailed: () => undefined,
  activityRetried: () => undefined,
};
