import type { Client } from '@temporalio/client';
import { TaskQueue } from '../contracts/task-queues.ts';

/** `temporal.api.enums.v1.TaskQueueType`. */
export const TASK_TYPES = { workflow: 1, activity: 2 } as const;
export type TaskType = keyof typeof TASK_TYPES;

/** Task types of each task queue. */
export const TYPES_OF: Record<TaskQueue, readonly TaskType[]> = {
  [TaskQueue.calendarSync]: ['workflow', 'activity'],
  [TaskQueue.googleCalendar]: ['activity'],
  [TaskQueue.smartSchedule]: ['activity'],
  [TaskQueue.webhookDelivery]: ['activity'],
};
/** Task queues of a sync or a verification. */
export const SYNC_TASK_QUEUES: readonly TaskQueue[] = [TaskQueue.calendarSync, TaskQueue.googleCalendar];
/** Task queues of a plan. */
export const PLAN_TASK_QUEUES: readonly TaskQueue[] = [...SYNC_TASK_QUEUES, TaskQueue.smartSchedule];

/**
 * Age after which a poller counts as gone: a long poll lasts a minute, but the server remembers a poller for
 * five.
 */
const POLLER_GONE_AFTER_MS = 90_000;

/** Task queues that lack a poller for one of their task types. */
export async function unservedTaskQueues(
  temporal: Client,
  taskQueues: readonly TaskQueue[] = Object.values(TaskQueue),
): Promise<TaskQueue[]> {
  const served = await Promise.all(
    taskQueues.map(async (taskQueue) => {
      const polled = await Promise.all(
        TYPES_OF[taskQueue].map((type) => hasPoller(temporal, taskQueue, type)),
      );
      return polled.every(Boolean);
    }),
  );
  return taskQueues.filter((_, index) => !served[index]);
}

async function hasPoller(
  { workflowService, options }: Client,
  taskQueue: TaskQueue,
  type: TaskType,
): Promise<boolean> {
  const { pollers } = await workflowService.describeTaskQueue({
    namespace: options.namespace,
    taskQueue: { name: taskQueue },
    // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- the SDK does not re-export the enum
    taskQueueType: TASK_TYPES[type],
  });
  return countPresent(pollers) > 0;
}

/** Pollers that are still there. */
export function countPresent(
  pollers: readonly { lastAccessTime?: { seconds?: unknown } | null }[] | null | undefined,
): number {
  const since = Date.now() - POLLER_GONE_AFTER_MS;
  return (pollers ?? []).filter(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1_000 > since)
    .length;
}
