import type { WorkerOptions } from '@temporalio/worker';
import type { Environment } from '../contracts/environment.ts';
import { WORKER_SHUTDOWN_MS } from '../contracts/limits.ts';
import { TaskQueue } from '../contracts/task-queues.ts';

/** Shared by every worker of the process. */
const SHUTDOWN = {
  /** Longer than most activities take, so that they can finish. Those still running are then cancelled. */
  shutdownGraceTime: '20 seconds',
  /** An activity that ignores its cancellation is abandoned; its attempt times out and is fenced. */
  shutdownForceTime: WORKER_SHUTDOWN_MS,
} satisfies Partial<WorkerOptions>;

/** Longest time between two heartbeats that reach the server while an activity sends them. */
const HEARTBEATS = {
  maxHeartbeatThrottleInterval: '5 seconds',
  defaultHeartbeatThrottleInterval: '5 seconds',
} satisfies Partial<WorkerOptions>;

const INITIAL_POLLERS = 5;

/** The server scales the number of polls: few when idle, more while a tick's children arrive. */
function autoscalingPollers(maximum: number) {
  return { type: 'autoscaling', minimum: 1, initial: Math.min(INITIAL_POLLERS, maximum), maximum } as const;
}

const SHARE_OF_QUOTA = 0.9;

/** Variables that size a worker. */
export type WorkerSizes = Pick<
  Environment,
  | 'GOOGLE_REQUESTS_PER_MINUTE'
  | 'WORKER_WORKFLOW_SLOTS'
  | 'WORKER_DATABASE_SLOTS'
  | 'WORKER_GOOGLE_SLOTS'
  | 'WORKER_DELIVERY_SLOTS'
  | 'WORKER_MOST_POLLERS'
  | 'WORKER_CACHED_WORKFLOWS'
>;

/**
 * The defaults are for two cores and 1 GB. For more throughput run more processes rather than raise the
 * numbers. Slots are fixed in number. A resource-based tuner would go by the processor and the memory of the
 * process: what runs out first is Postgres's connections and Google's quota, which it does not see, and it
 * sees the memory of a page only after it was allocated.
 */
export function workerOptionsFor(taskQueue: TaskQueue, sizes: WorkerSizes): Partial<WorkerOptions> {
  const pollers = autoscalingPollers(sizes.WORKER_MOST_POLLERS);
  switch (taskQueue) {
    case TaskQueue.calendarSync:
      return {
        ...SHUTDOWN,
        ...HEARTBEATS,
        // The single isolate runs one task at a time, for a few milliseconds.
        maxConcurrentWorkflowTaskExecutions: sizes.WORKER_WORKFLOW_SLOTS,
        workflowTaskPollerBehavior: pollers,
        // A cached workflow costs about 50 kB and saves a replay per task.
        workflowThreadPoolSize: 1,
        reuseV8Context: true,
        maxCachedWorkflows: sizes.WORKER_CACHED_WORKFLOWS,
        stickyQueueScheduleToStartTimeout: '10 seconds',
        // Most are one statement each, and share the connection pool with the activities that commit pages.
        maxConcurrentActivityTaskExecutions: sizes.WORKER_DATABASE_SLOTS,
        activityTaskPollerBehavior: pollers,
        // A task that waits for a local activity keeps its slot: half of them are left to other tasks.
        maxConcurrentLocalActivityExecutions: Math.min(
          sizes.WORKER_DATABASE_SLOTS,
          Math.ceil(sizes.WORKER_WORKFLOW_SLOTS / 2),
        ),
        // Nexus requests take a few statements each.
        maxConcurrentNexusTaskExecutions: sizes.WORKER_DATABASE_SLOTS,
        nexusTaskPollerBehavior: pollers,
      };
    case TaskQueue.googleCalendar:
      return {
        ...SHUTDOWN,
        ...HEARTBEATS,
        // Bounds memory: a page of 2,500 events takes about 20 MB while it is written, and the next is loaded
        // already.
        maxConcurrentActivityTaskExecutions: sizes.WORKER_GOOGLE_SLOTS,
        activityTaskPollerBehavior: pollers,
        // The project's quota, enforced by the server across all workers of the queue. Google counts over a
        // sliding minute. A tenth is reserved for activities that make several requests, half of it for pages
        // listed ahead.
        maxTaskQueueActivitiesPerSecond: (sizes.GOOGLE_REQUESTS_PER_MINUTE / 60) * SHARE_OF_QUOTA,
      };
    case TaskQueue.smartSchedule:
      return {
        ...SHUTDOWN,
        ...HEARTBEATS,
        // A plan keeps one core busy in its own thread, and leaves the other core for everything else.
        maxConcurrentActivityTaskExecutions: 1,
        activityTaskPollerBehavior: { type: 'simple-maximum', maximum: 1 },
      };
    case TaskQueue.webhookDelivery:
      return {
        ...SHUTDOWN,
        ...HEARTBEATS,
        // Most of the time each waits for a receiver, for up to 15 seconds. A body has at most a megabyte or two.
        maxConcurrentActivityTaskExecutions: sizes.WORKER_DELIVERY_SLOTS,
        activityTaskPollerBehavior: pollers,
      };
  }
}
