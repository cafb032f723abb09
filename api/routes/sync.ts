import { z } from 'zod';
import { MAX_WORKSPACE_IDS, MAX_CALENDAR_IDS } from '../../contracts/limits.ts';
import { SYNC_MODES, SYNC_SOURCES } from '../../contracts/sync-modes.ts';
import { calendarSyncWorkflowId } from '../../contracts/workflow-ids.ts';
import { calendarIdSchema, workspaceIdSchema } from '../../services/input.ts';
import { syncFanOutResultSchema } from '../../contracts/fan-out-results.ts';
import { type StartedRun, startedRunSchema } from '../../client/started-run.ts';
import { syncOutcomeSchema, waitForOutcome } from '../../client/sync-outcome.ts';
import { requireWorkspace } from '../../services/workspaces.ts';
import { uuid } from '../../services/shapes.ts';
import type { ApiRoutes } from '../dependencies.ts';
import { updateIdOf } from '../idempotency.ts';
import { WORKSPACE_PATH, workspaceParams } from '../schemas.ts';
import { waitAtMost, waitForKnown, waitQuery } from '../wait.ts';

const tags = ['Sync'];

const mode = z
  .enum(SYNC_MODES, { error: `must be one of ${SYNC_MODES.join(', ')}` })
  .default('incremental')
  .describe('`incremental`: changes only; `full`: every calendar is listed anew');
const source = z
  .enum(SYNC_SOURCES, { error: `must be one of ${SYNC_SOURCES.join(', ')}` })
  .default('api')
  .describe('Origin of the request, for the run log');

const fanOutSchema = syncFanOutResultSchema.extend({ ...startedRunSchema.shape, success: z.boolean() });

/** Syncs on demand. A running sync serves new requests before it ends. */
export const syncRoutes: ApiRoutes = async (app, { dependencies }) => {
  const { almanac } = dependencies;

  app.post(
    `${WORKSPACE_PATH}/calendar/sync`,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'syncWorkspace',
        tags,
        summary: 'Sync a workspace now',
        description:
          'Without `calendarIds` the calendar lists of its accounts are read anew, at most once a minute each.',
        params: workspaceParams,
        querystring: waitQuery,
        body: z
          .strictObject({
            mode,
            source,
            calendarIds: z
              .array(calendarIdSchema)
              .min(1)
              .max(MAX_CALENDAR_IDS)
              .optional()
              .describe('Only these calendars; default: all enabled ones'),
          })
          .nullish(),
        response: { 200: syncOutcomeSchema, 202: startedRunSchema },
      },
    },
    async (request, reply) => {
      const { workspaceId } = request.params;
      const asked = { source: 'api', ...request.body, workspaceId, correlationId: request.id } as const;
      let sync: StartedRun | undefined;
      const outcome = await waitAtMost(dependencies, request, reply, request.query.wait, async () => {
        const awaited = await almanac.syncNow({ ...asked, updateId: updateIdOf(request) });
        sync = awaited;
        return waitForOutcome(workspaceId, awaited);
      });
      if (outcome !== null) return reply.send(outcome);
      // Nobody waits, or no worker has accepted the request in time.
      return reply.code(202).send(sync ?? (await almanac.requestSync(asked)));
    },
  );

  app.get(
    `${WORKSPACE_PATH}/calendar/sync/runs/:runId`,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'readSync',
        tags,
        summary: 'The result of a sync that was answered with 202',
        params: workspaceParams.extend({ runId: uuid('the run') }),
        querystring: waitQuery,
        response: { 200: syncOutcomeSchema, 202: startedRunSchema },
      },
    },
    async (request, reply) => {
      const { workspaceId, runId } = request.params;
      await requireWorkspace(request.database, workspaceId);
      const run = { workflowId: calendarSyncWorkflowId(workspaceId), runId };
      const outcome = await waitAtMost(dependencies, request, reply, waitForKnown(request.query.wait), () =>
        waitForOutcome(workspaceId, { ...run, result: () => almanac.waitForSync(run) }),
      );
      return outcome === null ? reply.code(202).send(run) : reply.send(outcome);
    },
  );

  app.post(
    '/sync',
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'syncWorkspaces',
        tags,
        summary: 'Sync many workspaces: those that are due, the named ones, or all',
        querystring: waitQuery,
        body: z
          .strictObject({
            mode,
            source,
            all: z
              .boolean()
              .default(false)
              .describe('Every workspace with a usable account, due or not; excludes `workspaceIds`'),
            workspaceIds: z
              .array(workspaceIdSchema)
              .min(1)
              .max(MAX_WORKSPACE_IDS)
              .optional()
              .describe('Only these, due or not; excludes `all`'),
          })
          .nullish(),
        response: { 200: fanOutSchema, 202: startedRunSchema },
      },
    },
    async (request, reply) => {
      const run = await almanac.syncAll({ source: 'api', ...request.body, correlationId: request.id });
      const result = await waitAtMost(dependencies, request, reply, request.query.wait, () =>
        almanac.waitForSyncAll(run),
      );
      if (result === null) return reply.code(202).send(run);
      return reply.send({ ...result, success: result.failed === 0, ...run });
    },
  );
};
