import { z } from 'zod';
import { failureOf } from '../../client/almanac-client.ts';
import { type StartedRun, startedRunSchema } from '../../client/started-run.ts';
import { createVerifier } from '../../client/verify.ts';
import { MAX_CALENDAR_IDS } from '../../contracts/limits.ts';
import { type DifferenceKind, MAX_EXAMPLES } from '../../contracts/verification.ts';
import { calendarVerifyWorkflowId } from '../../contracts/workflow-ids.ts';
import { BusyError, RunFailedError } from '../../services/errors.ts';
import { calendarIdSchema } from '../../services/input.ts';
import { failureType, uuid } from '../../services/shapes.ts';
import { requireWorkspace } from '../../services/workspaces.ts';
import type { ApiRoutes } from '../dependencies.ts';
import { WORKSPACE_PATH, workspaceParams } from '../schemas.ts';
import { waitAtMost, waitForKnown, waitQuery } from '../wait.ts';

const tags = ['Sync'];

const OUTCOMES = [
  'compared',
  'not-synced',
  'not-syncable',
  'sync-token-expired',
  'unsettled',
  'failed',
] as const;

const differenceSchema = z.object({
  found: z.int(),
  repaired: z.int(),
  examples: z
    .array(z.object({ calendarId: z.string(), googleEventId: z.string() }))
    .describe(`At most ${MAX_EXAMPLES}`),
});

const verificationSchema = z.object({
  workspaceId: z.string(),
  inStep: z.boolean().describe('Every calendar was compared, and every difference was repaired'),
  calendars: z.array(
    z.object({
      calendarId: z.string(),
      outcome: z.enum(OUTCOMES),
      events: z.int().describe('Events that Google has listed'),
      differences: z.int().describe('Differences found, repaired ones included'),
      repaired: z.int(),
      pending: z.int().describe('Changes that the next sync will pull, which are not drift'),
      error: failureType,
    }),
  ),
  differences: z.object({
    missing: differenceSchema,
    extra: differenceSchema,
    etag: differenceSchema,
    content: differenceSchema,
    occurrences: differenceSchema,
  } satisfies Record<DifferenceKind, unknown>),
});

/** Comparisons of mirrors with Google. */
export const verificationRoutes: ApiRoutes = async (app, { dependencies }) => {
  const { temporal, database } = dependencies;
  const verifier = createVerifier({ temporal, database });

  async function waitFor(run: StartedRun) {
    try {
      return await verifier.wait(run);
    } catch (error) {
      const failure = failureOf(error);
      if (failure === undefined) throw error;
      throw new RunFailedError(`Run ${run.workflowId} failed: ${failure}.`, { cause: error });
    }
  }

  app.post(
    `${WORKSPACE_PATH}/calendar/verify`,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'verifyWorkspace',
        tags,
        summary: 'Compare a workspace’s mirror with Google',
        description:
          'Lists every event anew, and changes nothing unless `repair` is true. 409 (`busy`) while another comparison of the workspace runs.',
        params: workspaceParams,
        querystring: waitQuery,
        body: z
          .strictObject({
            calendarIds: z
              .array(calendarIdSchema)
              .min(1)
              .max(MAX_CALENDAR_IDS)
              .optional()
              .describe('Only these calendars; default: all enabled ones'),
            repair: z.boolean().default(false).describe('Whether differences are repaired'),
          })
          .nullish(),
        response: { 200: verificationSchema, 202: startedRunSchema },
      },
    },
    async (request, reply) => {
      const { workspaceId } = request.params;
      const run = await verifier.start({ ...request.body, workspaceId });
      if (run === null)
        throw new BusyError(`Workspace ${workspaceId} is being verified: try again when that has ended.`);
      const result = await waitAtMost(dependencies, request, reply, request.query.wait, () => waitFor(run));
      return result === null ? reply.code(202).send(run) : reply.send(result);
    },
  );

  app.get(
    `${WORKSPACE_PATH}/calendar/verify/runs/:runId`,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'readVerification',
        tags,
        summary: 'The result of a comparison that was answered with 202',
        params: workspaceParams.extend({ runId: uuid('the run') }),
        querystring: waitQuery,
        response: { 200: verificationSchema, 202: startedRunSchema },
      },
    },
    async (request, reply) => {
      const { workspaceId, runId } = request.params;
      await requireWorkspace(request.database, workspaceId);
      const run = { workflowId: calendarVerifyWorkflowId(workspaceId), runId };
      const result = await waitAtMost(dependencies, request, reply, waitForKnown(request.query.wait), () =>
        waitFor(run),
      );
      return result === null ? reply.code(202).send(run) : reply.send(result);
    },
  );
};
