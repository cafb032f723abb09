import type { NativeConnection } from '@temporalio/worker';
import { TaskQueue } from '../contracts/task-queues.ts';

/** `temporal.api.enums.v1.TaskQueueType`. */
const TASK_TYPES = { workflow: 1, activity: 2 } as const;
type TaskType = keyof typeof TASK_TYPES;

/** Tasks that wait in a task queue for a worker. Workflow tasks in sticky queues are not counted. */
interface Backlog {
  taskQueue: TaskQueue;
  type: TaskType;
  tasks: number;
  ageSeconds: number;
}

/** Only one queue has workflow tasks. */
function typesOf(taskQueue: TaskQueue): TaskType[] {
  return taskQueue === TaskQueue.calendarSync ? ['workflow', 'activity'] : ['activity'];
}

/** Reads the backlogs of the given task queues from the server; its numbers are approximate. */
export async function readBacklogs({
  connection,
  namespace,
  taskQueues,
}: {
  connection: NativeConnection;
  namespace: string;
  taskQueues: readonly TaskQueue[];
}): Promise<Backlog[]> {
  return Promise.all(
    taskQueues
      .flatMap((taskQueue) => typesOf(taskQueue).map((type) => ({ taskQueue, type })))
      .map(async ({ taskQueue, type }) => {
        const { stats } = await connection.workflowService.describeTaskQueue({
          namespace,
          taskQueue: { name: taskQueue },
          // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- the SDK does not re-export the
          // enum
          taskQueueType: TASK_TYPES[type],
          reportStats: true,
        });
        return {
          taskQueue,
          type,
          tasks: Number(stats?.approximateBacklogCount ?? 0),
          ageSeconds: Number(stats?.approximateBacklogAge?.seconds ?? 0),
        };
      }),
  );
}
