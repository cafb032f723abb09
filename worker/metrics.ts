import type { MetricMeter } from '@temporalio/common';
import type { Metrics } from '../services/metrics.ts';
import { SECOND_MS } from '../contracts/durations.ts';

/** Upper bounds in seconds, where Temporal's own, which are for milliseconds, do not fit. */
export const HISTOGRAM_BUCKETS: Record<string, number[]> = {
  almanac_google_request_seconds: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 45],
  almanac_google_rate_limit_wait_seconds: [0.01, 0.1, 1, 5, 15, 60, 300, 3_600],
  almanac_calendar_sync_seconds: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 1_800],
};

/** `2xx`, `4xx` and so on: a label with a value for each status would not help anybody. */
function statusClass(status: number | null): string {
  return status === null ? 'none' : `${Math.floor(status / 100)}xx`;
}

/** Counts and times what activities do, on the endpoint that serves Temporal's own metrics. */
export function createMetrics(meter: MetricMeter): Metrics {
  const counter = (name: string, description: string) => meter.createCounter(name, '', description);
  const seconds = (name: string, description: string) =>
    meter.createHistogram(name, 'float', 's', description);

  const requests = counter('almanac_google_requests_total', 'Requests to Google that have ended');
  const requestSeconds = seconds('almanac_google_request_seconds', 'From a request to Google to its answer');
  const waits = counter('almanac_google_rate_limit_waits_total', 'Requests to Google held back for a quota');
  const waitSeconds = seconds('almanac_google_rate_limit_wait_seconds', 'How long they were held back');
  const pages = counter('almanac_pages_total', 'Pages of listings that were committed');
  const upserts = counter('almanac_upserts_total', 'Events that were inserted or updated');
  const deletes = counter('almanac_deletes_total', 'Events that were deleted');
  const syncs = counter('almanac_calendar_syncs_total', 'Calendars that were brought in step');
  const syncSeconds = seconds(
    'almanac_calendar_sync_seconds',
    'From the first question of a listing to its last commit',
  );
  const failures = counter(
    'almanac_sync_failures_total',
    'Calendars and accounts that a run could not bring in step',
  );
  const retries = counter('almanac_activity_retries_total', 'Attempts of activities that were not the first');

  return {
    googleRequest(method, status, durationMs) {
      const labels = { method, status: statusClass(status) };
      requests.add(1, labels);
      requestSeconds.record(durationMs / SECOND_MS, { method });
    },
    rateLimitWaited(scope, waitMs) {
      waits.add(1, { scope });
      waitSeconds.record(waitMs / SECOND_MS, { scope });
    },
    pageCommitted(mode, { upserted, deleted }) {
      pages.add(1, { mode });
      upserts.add(upserted, { mode });
      deletes.add(deleted, { mode });
    },
    calendarSynced(mode, durationMs) {
      syncs.add(1, { mode });
      syncSeconds.record(durationMs / SECOND_MS, { mode });
    },
    syncFailed: (failureType) => failures.add(1, { failure_type: failureType }),
    activityRetried: (activity) => retries.add(1, { activity }),
  };
}
