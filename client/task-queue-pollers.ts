import type { Client } from '@temporalio/client';
import { TaskQueue } from '../contracts/task-queues.ts';

/** `temporal.api.enums.v1.TaskQueueType`. */
const TASK_TYPES = { workflow: 1, activity: 2 } as const;
type TaskType = keyof typeof TASK_TYPES;

/** What a working installation has somebody polling for. */
const NEEDED: readonly { taskQueue: TaskQueue; types: readonly TaskType[] }[] = [
  { taskQueue: TaskQueue.calendarSync, types: ['workflow', 'activity'] },
  { taskQueue: TaskQueue.googleCalendar, types: ['activity'] },
];

/** A long poll lasts a minute; the server remembers a poller for five. */
const POLLER_GONE_AFTER_MS = 90_000;

/** Task queues that no worker polls for everything that is put into them. */
export async function unservedTaskQueues(temporal: Client): Promise<TaskQueue[]> {
  const served = await Promise.all(
    NEEDED.map(async ({ taskQueue, types }) => {
      const polled = await Promise.all(types.map((type) => hasPoller(temporal, taskQueue, type)));
      return polled.every(Boolean);
    }),
  );
  return NEEDED.filter((_, index) => !served[index]).map(({ taskQueue }) => taskQueue);
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
  const since = Date.now() - POLLER_GONE_AFTER_MS;
  return (pollers ?? []).some(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1_000 > since);
}
