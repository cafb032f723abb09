import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type {
  DatabaseActivities,
  DeliveryActivities,
  GoogleActivities,
  PlanningActivities,
} from '../activities/create-activities.ts';
import { NON_RETRYABLE_FAILURES } from '../contracts/retry-table.ts';
import { TaskQueue } from '../contracts/task-queues.ts';

/** Applies unless a failure names its own delay. The next tick retries what still fails. */
const retry = {
  initialInterval: '1 second',
  backoffCoefficient: 2,
  maximumInterval: '1 minute',
  nonRetryableErrorTypes: [...NON_RETRYABLE_FAILURES],
};

/** Time after which a killed worker is noticed: activities send heartbeats while they run. */
const heartbeatTimeout = '15 seconds';

/**
 * Activities that call Google. A part of a listing takes five seconds, a page of thousands of daily series
 * some minutes. Retries end after ten minutes, because the next tick starts again.
 */
export const google = proxyActivities<GoogleActivities>({
  taskQueue: TaskQueue.googleCalendar,
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout,
  scheduleToCloseTimeout: '10 minutes',
  retry,
});

/** Activities that only touch Postgres. */
export const database = proxyActivities<DatabaseActivities>({
  taskQueue: TaskQueue.calendarSync,
  startToCloseTimeout: '1 minute',
  heartbeatTimeout,
  scheduleToCloseTimeout: '10 minutes',
  retry,
});

/** Plans queue behind each other, because each keeps a core busy: for a long time after a fan-out. */
export const planning = proxyActivities<PlanningActivities>({
  taskQueue: TaskQueue.smartSchedule,
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout,
  scheduleToCloseTimeout: '2 hours',
  // About six minutes of retries: longer than a failover of Postgres takes.
  retry: { ...retry, maximumAttempts: 12 },
});

/** One attempt of one delivery. Its own retries are in Postgres, so these are for outages of Postgres only. */
export const delivery = proxyActivities<DeliveryActivities>({
  taskQueue: TaskQueue.webhookDelivery,
  startToCloseTimeout: '1 minute',
  heartbeatTimeout,
  retry,
});

/** Horizon rolls rewrite the read model, which takes minutes. */
export const horizons = proxyActivities<Pick<DatabaseActivities, 'rollCalendarHorizons'>>({
  taskQueue: TaskQueue.calendarSync,
  startToCloseTimeout: '30 minutes',
  heartbeatTimeout,
  retry,
});

/**
 * One indexed read. A local activity saves the round trip through the server, and Temporal Cloud bills all
 * local activities of a workflow task as one action.
 */
export const localDatabase = proxyLocalActivities<Pick<DatabaseActivities, 'loadSyncTargets'>>({
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '10 minutes',
  // Longer retry delays use a timer, because they would hold up the workflow task.
  localRetryThreshold: '2 seconds',
  retry,
});

/** At the lowest priority a step waits for as long as syncs keep the workers busy. */
const patience = { heartbeatTimeout, scheduleToCloseTimeout: '2 hours', retry } as const;

/** Verification steps that list one page of Google's events each. */
export const googleVerification = proxyActivities<
  Pick<GoogleActivities, 'compareEventsPage' | 'setPendingAside'>
>({ ...patience, taskQueue: TaskQueue.googleCalendar, startToCloseTimeout: '3 minutes' });

/** Verification steps on chunks of a calendar: seconds each. */
export const verification = proxyActivities<
  Pick<
    DatabaseActivities,
    | 'compareOccurrences'
    | 'settleDifferences'
    | 'finishVerification'
    | 'forgetVerification'
    | 'sampleCalendars'
  >
>({ ...patience, taskQueue: TaskQueue.calendarSync, startToCloseTimeout: '3 minutes' });

/** Deletes statement by statement; a retry resumes where the last attempt ended. */
export const retention = proxyActivities<Pick<DatabaseActivities, 'deleteExpired'>>({
  ...patience,
  taskQueue: TaskQueue.calendarSync,
  startToCloseTimeout: '1 hour',
});

/** Steps of a deletion, seconds each. What has begun is finished, however long Postgres is away. */
export const deletion = proxyActivities<Pick<DatabaseActivities, 'beginDeletion' | 'endRuns' | 'deleteRows'>>(
  {
    taskQueue: TaskQueue.calendarSync,
    startToCloseTimeout: '5 minutes',
    heartbeatTimeout,
    retry,
  },
);
