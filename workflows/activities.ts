import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type {
  DatabaseActivities,
  GoogleActivities,
  PlanningActivities,
} from '../activities/create-activities.ts';
import { NON_RETRYABLE_FAILURES } from '../contracts/retry-table.ts';
import { TaskQueue } from '../contracts/task-queues.ts';

/** Where a failure names no delay of its own. What stays failed is tried again by the next tick. */
const retry = {
  initialInterval: '1 second',
  backoffCoefficient: 2,
  maximumInterval: '1 minute',
  nonRetryableErrorTypes: [...NON_RETRYABLE_FAILURES],
};

/** Activities send heartbeats while they run: a worker that was killed is missed after this. */
const heartbeatTimeout = '15 seconds';

/**
 * Activities that call Google. Pages in a row take five seconds; one of thousands of daily series some minutes. Ten
 * minutes of trouble are enough: the tick comes back.
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

/** Plans wait for each other, for each keeps a core busy: after a fan-out, for long. */
export const planning = proxyActivities<PlanningActivities>({
  taskQueue: TaskQueue.smartSchedule,
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout,
  scheduleToCloseTimeout: '2 hours',
  // Some six minutes: longer than Postgres takes to fail over.
  retry: { ...retry, maximumAttempts: 12 },
});

/** Horizon rolls rewrite the read model: minutes. */
export const horizons = proxyActivities<Pick<DatabaseActivities, 'rollCalendarHorizons'>>({
  taskQueue: TaskQueue.calendarSync,
  startToCloseTimeout: '30 minutes',
  heartbeatTimeout,
  retry,
});

/**
 * One indexed read: as a local activity it is no extra round trip through the server. Temporal Cloud bills all local
 * activities of a workflow task as one action.
 */
export const localDatabase = proxyLocalActivities<Pick<DatabaseActivities, 'loadSyncTargets'>>({
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '10 minutes',
  // Waiting longer holds up the workflow task: from here on a timer waits.
  localRetryThreshold: '2 seconds',
  retry,
});

/** At the lowest priority a step may wait for as long as syncs keep the workers busy. */
const patience = { heartbeatTimeout, scheduleToCloseTimeout: '2 hours', retry } as const;

/** One page of Google's each. */
export const googleVerification = proxyActivities<
  Pick<GoogleActivities, 'compareEventsPage' | 'setPendingAside'>
>({ ...patience, taskQueue: TaskQueue.googleCalendar, startToCloseTimeout: '3 minutes' });

/** Chunks of a calendar, seconds each. */
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

/** Deletes statement by statement; another attempt goes on where one has ended. */
export const retention = proxyActivities<Pick<DatabaseActivities, 'deleteExpired'>>({
  ...patience,
  taskQueue: TaskQueue.calendarSync,
  startToCloseTimeout: '1 hour',
});
