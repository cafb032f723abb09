import { z } from 'zod';
import { readTaskQueueLag, taskQueueLagSchema } from '../../client/task-queue-lag.ts';
import type { ApiRoutes } from '../dependencies.ts';

/** How long tasks wait in Temporal. */
export const taskQueueRoutes: ApiRoutes = async (app, { dependencies }) => {
  app.get(
    '/task-queues',
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'listTaskQueues',
        tags: ['Status'],
        summary: 'How long tasks wait in Temporal’s task queues, and who serves them',
        response: {
          200: z.object({
            taskQueues: z
              .array(taskQueueLagSchema)
              .nullable()
              .describe('Null: Temporal did not answer within two seconds'),
          }),
        },
      },
    },
    async () => ({ taskQueues: await readTaskQueueLag(dependencies.temporal) }),
  );
};
