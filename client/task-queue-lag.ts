import { type Client, isGrpcServiceError, ServiceError } from '@temporalio/client';
import { z } from 'zod';
import { TaskQueue } from '../contracts/task-queues.ts';
import { countPresent, TASK_TYPES, type TaskType, TYPES_OF } from './task-queue-pollers.ts';

const ANSWER_WITHIN_MS = 2_000;

export const taskQueueLagSchema = z.object({
  taskQueue: z.enum(TaskQueue),
  type: z.enum(['workflow', 'activity'] satisfies TaskType[]),
  tasks: z
    .int()
    .describe('Tasks that wait for a worker, approximately. Those of sticky queues are not counted'),
  oldestSeconds: z.number().describe('Age of the oldest of them, approximately'),
  addedPerSecond: z.number().describe('Over the last half minute'),
  dispatchedPerSecond: z.number().describe('Tasks given to workers, over the last half minute'),
  pollers: z.int().describe('Processes that ask for tasks'),
});
export type TaskQueueLag = z.infer<typeof taskQueueLagSchema>;

/** How long tasks wait, by task queue and type. Null: Temporal did not answer within two seconds. */
export async function readTaskQueueLag(temporal: Client): Promise<TaskQueueLag[] | null> {
  const asked = Object.values(TaskQueue).flatMap((taskQueue) =>
    TYPES_OF[taskQueue].map((type) => ({ taskQueue, type })),
  );
  try {
    return await temporal.withDeadline(Date.now() + ANSWER_WITHIN_MS, () =>
      Promise.all(asked.map(({ taskQueue, type }) => readLag(temporal, taskQueue, type))),
    );
  } catch (error) {
    if (error instanceof ServiceError || isGrpcServiceError(error)) return null;
    throw error;
  }
}

async function readLag(
  { workflowService, options }: Client,
  taskQueue: TaskQueue,
  type: TaskType,
): Promise<TaskQueueLag> {
  const { stats, pollers } = await workflowService.describeTaskQueue({
    namespace: options.namespace,
    taskQueue: { name: taskQueue },
    // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- the SDK does not re-export the enum
    taskQueueType: TASK_TYPES[type],
    reportStats: true,
  });
  const { seconds = 0, nanos = 0 } = stats?.approximateBacklogAge ?? {};
  return {
    taskQueue,
    type,
    tasks: Number(stats?.approximateBacklogCount ?? 0),
    oldestSeconds: Number(seconds) + Math.round(Number(nanos) / 1_000_000) / 1_000,
    addedPerSecond: rounded(stats?.tasksAddRate),
    dispatchedPerSecond: rounded(stats?.tasksDispatchRate),
    pollers: countPresent(pollers),
  };
}

const rounded = (rate: number | null | undefined) => Math.round((rate ?? 0) * 100) / 100;
