import type { WorkerOptions } from '@temporalio/worker';
import type { Environment } from '../contracts/environment.ts';
import { WORKER_SHUTDOWN_MS } from '../contracts/limits.ts';
import { TaskQueue } from '../contracts/task-queues.ts';

/** Shared by every worker of the process. */
const SHUTDOWN = {
  /** Activities may finish what they are at: pages in a row take five seconds. Then they are cancelled. */
  shutdownGraceTime: '20 seconds',
  /** What does not heed its cancellation is left behind; its attempt times out and is fenced. */
  shutdownForceTime: WORKER_SHUTDOWN_MS,
} satisfies Partial<WorkerOptions>;

/** Heartbeats reach the server at least this often while an activity sends them. */
const HEARTBEATS = {
  maxHeartbeatThrottleInterval: '5 seconds',
  defaultHeartbeatThrottleInterval: '5 seconds',
} satisfies Partial<WorkerOptions>;

/** As many polls as the server says are worth it: few when idle, more while a tick's children arrive. */
const AUTOSCALING_POLLERS = { type: 'autoscaling', minimum: 1, initial: 5, maximum: 20 } as const;

const SHARE_OF_QUOTA = 0.9;

/**
 * Sized for two cores and 1 GB. More throughput: more processes, not larger numbers. The slots are fixed: a tuner by
 * resources would see a page's memory only after it has been taken.
 */
export function workerOptionsFor(
  taskQueue: TaskQueue,
  { GOOGLE_REQUESTS_PER_MINUTE }: Pick<Environment, 'GOOGLE_REQUESTS_PER_MINUTE'>,
): Partial<WorkerOptions> {
  switch (taskQueue) {
    case TaskQueue.calendarSync:
      return {
        ...SHUTDOWN,
        ...HEARTBEATS,
        // A workflow task is a few milliseconds of CPU in one isolate: forty are those that wait for local activities.
        maxConcurrentWorkflowTaskExecutions: 40,
        workflowTaskPollerBehavior: AUTOSCALING_POLLERS,
        // One V8 isolate runs them; a cached workflow costs some 50 kB and saves a replay per task.
        workflowThreadPoolSize: 1,
        reuseV8Context: true,
        maxCachedWorkflows: 1_000,
        stickyQueueScheduleToStartTimeout: '10 seconds',
        // One statement each; they share the pool of connections with the pages.
        maxConcurrentActivityTaskExecutions: 20,
        activityTaskPollerBehavior: AUTOSCALING_POLLERS,
        maxConcurrentLocalActivityExecutions: 20,
      };
    case TaskQueue.googleCalendar:
      return {
        ...SHUTDOWN,
        ...HEARTBEATS,
        // A page of 2,500 events is some 20 MB while it is being written, and the next one is there: this bounds memory.
        maxConcurrentActivityTaskExecutions: 16,
        activityTaskPollerBehavior: AUTOSCALING_POLLERS,
        // The project's quota, kept by the server across all workers of the queue. Google counts a sliding minute: a
        // tenth is left for activities of several requests: half of it for pages that are listed ahead.
        maxTaskQueueActivitiesPerSecond: (GOOGLE_REQUESTS_PER_MINUTE / 60) * SHARE_OF_QUOTA,
      };
    case TaskQueue.smartSchedule:
      return {
        ...SHUTDOWN,
        ...HEARTBEATS,
        // A plan keeps one core busy, in a thread of its own: the other core is for everything else.
        maxConcurrentActivityTaskExecutions: 1,
        activityTaskPollerBehavior: { type: 'simple-maximum', maximum: 1 },
      };
  }
}
