import type { MetricMeter } from '@temporalio/common';
import type { Metrics } from '../services/metrics.ts';
import { SECOND_MS } from '../contracts/durations.ts';

/** Upper bounds in seconds, because Temporal's default buckets are for milliseconds. */
export const HISTOGRAM_BUCKETS: Record<string, number[]> = {
  almanac_google_request_seconds: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 45],
  almanac_google_rate_limit_wait_seconds: [0.01, 0.1, 1, 5, 15, 60, 300, 3_600],
  almanac_webhook_delivery_seconds: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15],
  almanac_calendar_sync_seconds: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 1_800],
};

/** `2xx`, `4xx` and so on, to keep the number of label values small. */
function statusClass(status: number | null): string {
  return status === null ? 'none' : `${Math.floor(status / 100)}xx`;
}

/** Metrics of activities, served on the endpoint of Temporal's own metrics. */
export function createMetrics(meter: MetricMeter): Metrics {
  const counter = (name: string, description: string) => meter.createCounter(name, '', description);
  const seconds = (name: string, description: string) =>
    meter.createHistogram(name, 'float', 's', description);

  const requests = counter('almanac_google_requests_total', 'Finished requests to Google');
  const requestSeconds = seconds('almanac_google_request_seconds', 'Duration of requests to Google');
  const waits = counter('almanac_google_rate_limit_waits_total', 'Requests to Google held back for a quota');
  const waitSeconds = seconds(
    'almanac_google_rate_limit_wait_seconds',
    'Time that requests to Google were held back for a quota',
  );
  const pages = counter('almanac_pages_total', 'Committed pages of listings');
  const upserts = counter('almanac_upserts_total', 'Inserted and updated events');
  const deletes = counter('almanac_deletes_total', 'Deleted events');
  const syncs = counter('almanac_calendar_syncs_total', 'Finished syncs of calendars');
  const syncSeconds = seconds(
    'almanac_calendar_sync_seconds',
    'Time from the first request of a listing to its last commit',
  );
  const failures = counter('almanac_sync_failures_total', 'Failed syncs of calendars and accounts');
  const writes = counter('almanac_event_writes_total', 'Writes of events that have their outcome');
  const deliveries = counter('almanac_webhook_deliveries_total', 'Attempts to deliver changes to webhooks');
  const deliverySeconds = seconds(
    'almanac_webhook_delivery_seconds',
    'Time that receivers of webhooks took to answer',
  );
  const retries = counter('almanac_activity_retries_total', 'Attempts of activities after the first');

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
    eventsWritten({ done, refused, failed }) {
      for (const [status, count] of Object.entries({ done, refused, failed }))
        if (count > 0) writes.add(count, { status });
    },
    delivered(status, durationMs) {
      deliveries.add(1, { status: statusClass(status) });
      deliverySeconds.record(durationMs / SECOND_MS);
    },
    syncFailed: (failureType) => failures.add(1, { failure_type: failureType }),
    activityRetried: (activity) => retries.add(1, { activity }),
  };
}
