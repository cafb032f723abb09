import type { MetricMeter } from '@temporalio/common';
import type { NativeConnection } from '@temporalio/worker';
import type { Logger } from 'pino';
import { HEALTHS } from '../contracts/health.ts';
import type { PollIntervals } from '../services/mirror/next-sync.ts';
import type { TaskQueue } from '../contracts/task-queues.ts';
import type { Database } from '../prisma/client.ts';
import { readBacklogs } from './backlogs.ts';
import { CHANNEL_STATUSES, readCalendarNumbers } from './calendar-numbers.ts';
import { SECOND_MS } from '../contracts/durations.ts';

const COLLECTED_EVERY_MS = 30_000;

interface GaugeSources {
  database: Database;
  poll: PollIntervals;
  /** Requests to Google a day that are planned for. */
  dailyBudget: number;
  connection: NativeConnection;
  namespace: string;
  taskQueues: readonly TaskQueue[];
}

/** Creates the gauges, which have no value until they are set. */
export function createGauges(meter: MetricMeter) {
  const gauge = (name: string, description: string) => meter.createGauge(name, 'float', '', description);
  return {
    calendars: gauge('almanac_calendars', 'Calendars by health'),
    freshness: gauge('almanac_freshness_seconds', 'Time since calendars were last known to match Google'),
    overdue: gauge('almanac_calendars_overdue', 'Calendars not synced within the promised interval'),
    leftOut: gauge('almanac_events_left_out', 'Events that are unreadable or too costly to expand'),
    deadLetters: gauge('almanac_dead_letters_open', 'Open dead letters'),
    channels: gauge('almanac_push_channels', 'Push channels by status'),
    requests: gauge('almanac_google_requests_today', "Requests to Google in Google's day so far"),
    forecast: gauge('almanac_google_requests_forecast', 'Requests to Google expected by the end of its day'),
    budget: gauge('almanac_google_daily_budget', 'Requests to Google a day that are planned for'),
    stretched: gauge('almanac_calendars_stretched', 'Calendars polled less to keep the daily budget'),
    backlog: gauge('almanac_task_queue_backlog', 'Tasks that wait for a worker, approximately'),
    backlogAge: gauge('almanac_task_queue_backlog_age_seconds', 'Age of the oldest waiting task'),
    collectedAt: gauge('almanac_collected_timestamp_seconds', 'When these gauges were measured'),
  };
}

/**
 * Sets every 30 seconds the figures that no event updates: freshness, open dead letters, backlogs. Every
 * worker process reports them, so they exist as long as one process runs; only one process at a time measures
 * the calendars.
 * @returns stops the collecting, and waits for a running round
 */
export function startGauges(meter: MetricMeter, sources: GaugeSources, logger: Logger): () => Promise<void> {
  const gauges = createGauges(meter);

  async function collectCalendars(): Promise<Date | null> {
    const measured = await readCalendarNumbers(sources);
    if (measured === null) return null;
    const { numbers, measuredAt } = measured;
    for (const health of HEALTHS) gauges.calendars.set(numbers.byHealth?.[health] ?? 0, { health });
    gauges.freshness.set(numbers.freshness?.p50 ?? 0, { quantile: '0.5' });
    gauges.freshness.set(numbers.freshness?.p95 ?? 0, { quantile: '0.95' });
    gauges.freshness.set(numbers.freshness?.max ?? 0, { quantile: '1' });
    gauges.overdue.set(numbers.overdue);
    gauges.leftOut.set(numbers.unreadable, { reason: 'unreadable' });
    gauges.leftOut.set(numbers.tooCostly, { reason: 'too-costly' });
    gauges.deadLetters.set(numbers.deadLetters);
    for (const status of CHANNEL_STATUSES) gauges.channels.set(numbers.channels?.[status] ?? 0, { status });
    gauges.requests.set(numbers.google.requests);
    gauges.forecast.set(numbers.google.forecast);
    gauges.budget.set(sources.dailyBudget);
    gauges.stretched.set(numbers.stretched);
    return measuredAt;
  }

  async function collectBacklogs(): Promise<Date> {
    for (const { taskQueue, type, tasks, ageSeconds } of await readBacklogs(sources)) {
      gauges.backlog.set(tasks, { task_queue: taskQueue, task_type: type });
      gauges.backlogAge.set(ageSeconds, { task_queue: taskQueue, task_type: type });
    }
    return new Date();
  }

  /** After a failure the gauges keep their values; the time of the last success shows their age. */
  async function collectFrom(source: string, collect: () => Promise<Date | null>): Promise<void> {
    try {
      const measuredAt = await collect();
      if (measuredAt !== null) gauges.collectedAt.set(measuredAt.getTime() / SECOND_MS, { source });
    } catch (error) {
      logger.warn({ source, errorName: (error as Error).name }, 'Gauges could not be collected');
    }
  }

  let collecting: Promise<unknown> | undefined;
  const tick = () => {
    // Skips a round while the last one is still running.
    collecting ??= Promise.all([
      collectFrom('postgres', collectCalendars),
      collectFrom('temporal', collectBacklogs),
    ]).finally(() => (collecting = undefined));
  };
  tick();
  const timer = setInterval(tick, COLLECTED_EVERY_MS);
  return async () => {
    clearInterval(timer);
    await collecting;
  };
}
