import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { PlanRequest } from '../../contracts/planning.ts';
import { FEWEST_PLAN_DAYS, MOST_PLAN_DAYS } from '../../contracts/limits.ts';
import { smartScheduleWorkflowId } from '../../contracts/workflow-ids.ts';
import {
  listPlanRuns,
  MAX_PLAN_RUNS_PER_PAGE,
  planRunPositionSchema,
  planRunSummarySchema,
} from '../../services/planning/list-plan-runs.ts';
import { planResultSchema, writeCountsSchema, type PlanResult } from '../../contracts/plan-result.ts';
import { startedRunSchema } from '../../client/started-run.ts';
import { planOutcomeSchema, readPlanOutcome, waitForPlanResult } from '../../client/plan-outcome.ts';
import { explainedPlanSchema, explainPlan } from '../../services/planning/explain-plan.ts';
import { readPlanRun } from '../../services/planning/plan-runs.ts';
import { requireWorkspace } from '../../services/workspaces.ts';
import { instant, uuid } from '../../services/shapes.ts';
import { ForbiddenError } from '../../services/errors.ts';
import { ONLY_READS } from '../access.ts';
import { callerOf } from '../auth.ts';
import type { ApiDependencies, ApiRoutes } from '../dependencies.ts';
import { cursorOf, nextCursor, pageLimit, toCursor, WORKSPACE_PATH, workspaceParams } from '../schemas.ts';
import { updateIdOf } from '../idempotency.ts';
import { waitAtMost, waitForKnown, waitQuery } from '../wait.ts';

const tags = ['Planning'];
const DEFAULT_PAGE_SIZE = 20;
const DAYS_RULE = `must be a whole number from ${FEWEST_PLAN_DAYS} to ${MOST_PLAN_DAYS}`;

const runParams = workspaceParams.extend({ runId: uuid('the run') });

/** Without a plan, the result of a run is all there is to return. */
const outcomeOrResult = z.union([planOutcomeSchema, planResultSchema]);

/** A run of the past, with its plan. */
const planRunSchema = explainedPlanSchema.extend({
  id: z.string(),
  workspaceId: z.string(),
  startedAt: instant,
  days: z.int(),
  ...writeCountsSchema.shape,
});

/** Previews and applies have a plan; undo and purge have counts only. */
async function answerOf(request: FastifyRequest, result: PlanResult) {
  if (result.mode !== 'preview' && result.mode !== 'apply') return result;
  const read = await readPlanOutcome(request.database, result);
  return read?.outcome ?? result;
}

/** Starts a run, or refuses if one is running. The result is null if the run has not ended in time. */
async function startAndWait(
  dependencies: ApiDependencies,
  request: FastifyRequest,
  reply: FastifyReply,
  { wait, ...plan }: Omit<PlanRequest, 'source' | 'correlationId'> & { wait: number },
) {
  const { almanac } = dependencies;
  const asked = { source: 'api', correlationId: request.id, whenBusy: 'refuse' } as const;
  const run = await almanac.requestPlan({ ...plan, ...asked, requestId: updateIdOf(request) });
  const result = await waitAtMost(dependencies, request, reply, wait, () => waitForPlanResult(almanac, run));
  return { run, result };
}

/** Plans of a workspace, one run at a time. */
export const planRoutes: ApiRoutes = async (app, { dependencies }) => {
  const { almanac } = dependencies;

  app.post(
    `${WORKSPACE_PATH}/plan`,
    {
      config: { access: 'workspace', readOnlyKeys: true },
      schema: {
        operationId: 'planWorkspace',
        tags,
        summary: 'Plan tasks and habits into free time: a preview by default',
        params: workspaceParams,
        querystring: waitQuery,
        body: z
          .strictObject({
            mode: z
              .enum(['preview', 'apply'], { error: 'must be preview or apply' })
              .default('preview')
              .describe('`apply` writes the differences to Google'),
            days: z
              .int({ error: DAYS_RULE })
              .min(FEWEST_PLAN_DAYS, DAYS_RULE)
              .max(MOST_PLAN_DAYS, DAYS_RULE)
              .optional()
              .describe("Days from today; default: those of the workspace's policy"),
            force: z
              .boolean()
              .default(false)
              .describe('Plan as if nothing had been placed before; pinned blocks stay'),
            safe: z
              .boolean()
              .default(false)
              .describe('Apply nothing if anything has changed since the last preview'),
          })
          .nullish(),
        response: { 200: outcomeOrResult, 202: startedRunSchema },
      },
    },
    async (request, reply) => {
      const { workspaceId } = request.params;
      if (request.body?.mode === 'apply' && callerOf(request).readOnly) throw new ForbiddenError(ONLY_READS);
      const plan = { ...request.body, ...request.query, workspaceId };
      const { run, result } = await startAndWait(dependencies, request, reply, plan);
      if (result === null) return reply.code(202).send(run);
      return reply.send(await answerOf(request, result));
    },
  );

  app.get(
    `${WORKSPACE_PATH}/plan/results/:runId`,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'readPlanResult',
        tags,
        summary: 'The result of a plan, undo or purge that was answered with 202',
        params: runParams,
        querystring: waitQuery,
        response: { 200: outcomeOrResult, 202: startedRunSchema },
      },
    },
    async (request, reply) => {
      const { workspaceId, runId } = request.params;
      await requireWorkspace(request.database, workspaceId);
      const run = { workflowId: smartScheduleWorkflowId(workspaceId), runId };
      const result = await waitAtMost(dependencies, request, reply, waitForKnown(request.query.wait), () =>
        waitForPlanResult(almanac, run),
      );
      if (result === null) return reply.code(202).send(run);
      return reply.send(await answerOf(request, result));
    },
  );

  app.get(
    `${WORKSPACE_PATH}/plan/runs`,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'listPlanRuns',
        tags,
        summary: 'The planning runs of a workspace, newest first',
        params: workspaceParams,
        querystring: z.object({
          limit: pageLimit(MAX_PLAN_RUNS_PER_PAGE, DEFAULT_PAGE_SIZE),
          cursor: cursorOf(planRunPositionSchema),
        }),
        response: { 200: z.object({ runs: z.array(planRunSummarySchema), nextCursor }) },
      },
    },
    async (request) => {
      const { limit, cursor: after } = request.query;
      const { workspaceId } = request.params;
      const page = await listPlanRuns(request.database, { workspaceId, limit, after });
      return { runs: page.runs, ...(page.cursor && { nextCursor: toCursor(page.cursor) }) };
    },
  );

  app.get(
    `${WORKSPACE_PATH}/plan/runs/:runId`,
    {
      config: { access: 'workspace', isBigRead: true },
      schema: {
        operationId: 'readPlanRun',
        tags,
        summary: 'The plan of one run, with its reasons',
        params: runParams,
        response: { 200: planRunSchema },
      },
    },
    async (request) => {
      const { workspaceId, runId } = request.params;
      const run = await readPlanRun(request.database, runId, workspaceId);
      const { id, startedAt, days, plan, changes } = run;
      const explained = await explainPlan(request.database, workspaceId, plan);
      return { ...explained, id, workspaceId, startedAt: startedAt.toISOString(), days, ...changes };
    },
  );

  app.post(
    `${WORKSPACE_PATH}/plan/runs/:runId/undo`,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'undoPlanRun',
        tags,
        summary: 'Undo an applied run, except blocks that people have edited since',
        params: runParams,
        querystring: waitQuery,
        response: { 200: planResultSchema, 202: startedRunSchema },
      },
    },
    async (request, reply) => {
      const { workspaceId, runId } = request.params;
      const undo = { ...request.query, workspaceId, mode: 'undo', undoRunId: runId } as const;
      const { run, result } = await startAndWait(dependencies, request, reply, undo);
      return result === null ? reply.code(202).send(run) : reply.send(result);
    },
  );

  app.post(
    `${WORKSPACE_PATH}/plan/purge`,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'purgePlan',
        tags,
        summary: 'Remove everything that Almanac has written, and stop applying plans automatically',
        params: workspaceParams,
        querystring: waitQuery,
        response: { 200: planResultSchema, 202: startedRunSchema },
      },
    },
    async (request, reply) => {
      const { workspaceId } = request.params;
      const purge = { ...request.query, workspaceId, mode: 'purge' } as const;
      const { run, result } = await startAndWait(dependencies, request, reply, purge);
      return result === null ? reply.code(202).send(run) : reply.send(result);
    },
  );
};
