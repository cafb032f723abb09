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

/** The server scales the number of polls: few when idle, more while a tick's children arrive. */
const AUTOSCALING_POLLERS = { type: 'autoscaling', minimum: 1, initial: 5, maximum: 20 } as const;

const SHARE_OF_QUOTA = 0.9;

/**
 * Sized for two cores and 1 GB. For more throughput run more processes instead of raising the numbers. The
 * slots are fixed, because a resource-based tuner sees the memory of a page only after it was allocated.
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
        // The single isolate runs one task at a time, for a few milliseconds. A task that waits for a local
        // activity keeps its slot: 40 slots leave 20 for other tasks when all 20 local activities are
        // running.
        maxConcurrentWorkflowTaskExecutions: 40,
        workflowTaskPollerBehavior: AUTOSCALING_POLLERS,
        // A cached workflow costs about 50 kB and saves a replay per task.
        workflowThreadPoolSize: 1,
        reuseV8Context: true,
        maxCachedWorkflows: 1_000,
        stickyQueueScheduleToStartTimeout: '10 seconds',
        // Most are one statement each, and share the connection pool with the activities that commit pages.
        maxConcurrentActivityTaskExecutions: 20,
        activityTaskPollerBehavior: AUTOSCALING_POLLERS,
        maxConcurrentLocalActivityExecutions: 20,
      };
    case TaskQueue.googleCalendar:
      return {
        ...SHUTDOWN,
        ...HEARTBEATS,
        // Bounds memory: a page of 2,500 events takes about 20 MB while it is written, and the next is loaded
        // already.
        maxConcurrentActivityTaskExecutions: 16,
        activityTaskPollerBehavior: AUTOSCALING_POLLERS,
        // The project's quota, enforced by the server across all workers of the queue. Google counts over a
        // sliding minute. A tenth is reserved for activities that make several requests, half of it for pages
        // listed ahead.
        maxTaskQueueActivitiesPerSecond: (GOOGLE_REQUESTS_PER_MINUTE / 60) * SHARE_OF_QUOTA,
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
        maxConcurrentActivityTaskExecutions: 40,
        activityTaskPollerBehavior: AUTOSCALING_POLLERS,
      };
  }
}
