import { proxyActivities } from '@temporalio/workflow';
import type { DatabaseActivities, GoogleActivities } from '../activities/create-activities.ts';
import { NON_RETRYABLE_FAILURES } from '../contracts/retry-table.ts';
import { TaskQueue } from '../contracts/task-queues.ts';

const retry = {
  initialInterval: '1 second',
  backoffCoefficient: 2,
  maximumInterval: '1 minute',
  nonRetryableErrorTypes: [...NON_RETRYABLE_FAILURES],
};

/** At the lowest priority a step may wait for as long as syncs keep the workers busy. */
const patience = { heartbeatTimeout: '15 seconds', scheduleToCloseTimeout: '2 hours', retry } as const;

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
