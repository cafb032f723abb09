import { z } from 'zod';
import { readRunningFanOuts } from '../../client/fan-outs.ts';
import { startedRunSchema } from '../../client/started-run.ts';
import { instant } from '../../services/shapes.ts';
import type { ApiRoutes } from '../dependencies.ts';

const progressSchema = z.object({
  workspaces: z.int().describe('Workspaces found when the fan-out began'),
  succeeded: z.int(),
  failed: z.int(),
  skipped: z.int().describe('Workspaces whose run had already started'),
});

/** Runs over all workspaces. */
export const fanOutRoutes: ApiRoutes = async (app, { dependencies }) => {
  app.get(
    '/fan-outs',
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'listFanOuts',
        tags: ['Sync'],
        summary: 'Syncs and plans of all workspaces that are running, oldest first',
        response: {
          200: z.array(
            startedRunSchema.extend({
              type: z.string().describe('Workflow type'),
              startedAt: instant,
              progress: progressSchema.nullable().describe('Null: no worker answered within two seconds'),
            }),
          ),
        },
      },
    },
    () => readRunningFanOuts(dependencies.temporal),
  );
};
