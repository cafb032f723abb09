import { z } from 'zod';
import { readRunningFanOuts } from '../../client/fan-outs.ts';
import { readRunningWork, runningWorkSchema } from '../../client/running-work.ts';
import { startedRunSchema } from '../../client/started-run.ts';
import { instant } from '../../services/shapes.ts';
import { requireWorkspace } from '../../services/workspaces.ts';
import type { ApiRoutes } from '../dependencies.ts';
import { WORKSPACE_PATH, workspaceParams } from '../schemas.ts';

const progressSchema = z.object({
  workspaces: z.int().describe('Workspaces found when the fan-out began'),
  succeeded: z.int(),
  failed: z.int(),
  skipped: z.int().describe('Workspaces whose run had already started'),
});

/** What runs now: over all workspaces, and for one. */
export const fanOutRoutes: ApiRoutes = async (app, { dependencies }) => {
  app.get(
    '/fan-outs',
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'listFanOuts',
        tags: ['Sync'],
        summary: 'Syncs, plans and applications of templates that run over many workspaces, oldest first',
        response: {
          200: z.array(
            startedRunSchema.extend({
              type: z.string().describe('Workflow type'),
              startedAt: instant,
              progress: progressSchema
                .nullable()
                .describe(
                  'Null: no worker answered within two seconds, or the workspaces are not counted yet',
                ),
            }),
          ),
        },
      },
    },
    () => readRunningFanOuts(dependencies.temporal),
  );

  app.get(
    `${WORKSPACE_PATH}/running-work`,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'listRunningWork',
        tags: ['Sync'],
        summary: 'The sync, verification and plan of a workspace that are running, with their progress',
        params: workspaceParams,
        response: { 200: z.array(runningWorkSchema) },
      },
    },
    async (request) => {
      const { id } = await requireWorkspace(request.database, request.params.workspaceId);
      return readRunningWork(dependencies.temporal, id);
    },
  );
};
