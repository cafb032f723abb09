import { randomUUID } from 'node:crypto';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { z } from 'zod';
import { MAX_WORKSPACE_IDS } from '../contracts/limits.ts';
import { PriorityKey } from '../contracts/priorities.ts';
import { summaryOf } from '../contracts/summaries.ts';
import { TaskQueue } from '../contracts/task-queues.ts';
import {
  type ApplyTemplateInput,
  type TemplateProgress,
  templateProgressSchema,
  type TemplateTotals,
} from '../contracts/templates.ts';
import { templateApplicationWorkflowId } from '../contracts/workflow-ids.ts';
import { WorkflowType } from '../contracts/workflow-types.ts';
import type { Database } from '../prisma/client.ts';
import { definedOnly } from '../services/defined-only.ts';
import { NotFoundError } from '../services/errors.ts';
import { correlationIdSchema, parseInput, workspaceIdSchema } from '../services/input.ts';
import { templateStart } from '../services/planning/apply-template.ts';
import { readTemplate } from '../services/planning/templates.ts';
import { uuid } from '../services/shapes.ts';
import { requireWorkspace } from '../services/workspaces.ts';
import { LONGEST_FAN_OUT, memoOf } from './start-options.ts';
import { queryProgress } from './query-progress.ts';
import { type StartedRun, startedRunSchema } from './started-run.ts';

export const applicationIdSchema = uuid('the application').describe(
  'UUID of the application. The same one makes nothing twice in a workspace',
);

const applicationFields = z.strictObject({
  start: templateStart,
  all: z.boolean('must be true or false').default(false).describe('Every workspace; excludes `workspaceIds`'),
  workspaceIds: z
    .array(workspaceIdSchema)
    .min(1)
    .max(MAX_WORKSPACE_IDS)
    .optional()
    .describe('Only these; excludes `all`'),
  applicationId: applicationIdSchema.optional(),
});

export const templateApplicationSchema = applicationFields.refine(
  ({ all, workspaceIds }) => all === (workspaceIds === undefined),
  { path: ['workspaceIds'], error: 'must be given, or all, but not both' },
);

export const startedApplicationSchema = startedRunSchema.extend({ applicationId: applicationIdSchema });
type StartedApplication = z.infer<typeof startedApplicationSchema>;

export const applicationStateSchema = z.object({
  applicationId: applicationIdSchema,
  state: z.enum(['running', 'done', 'ended']).describe('`ended`: it was ended too early; start it again'),
  progress: templateProgressSchema.nullable().describe('Null: no worker has answered'),
});
type ApplicationState = z.infer<typeof applicationStateSchema>;

/** Starts applications of templates to many workspaces, and watches them. */
export interface TemplateApplicationClient {
  /**
   * Starts an application, or joins the one of the same ID that is running.
   * @throws NotFoundError when there is no such template or workspace; nothing is started then.
   */
  applyTemplateToMany(
    template: string,
    request: z.input<typeof templateApplicationSchema>,
    correlationId?: string,
  ): Promise<StartedApplication>;
  waitForApplication(run: StartedRun): Promise<TemplateTotals>;
  /** @throws NotFoundError when Temporal knows no such application, or not any more. */
  readApplication(applicationId: string): Promise<ApplicationState>;
}

export function createTemplateApplicationClient({
  temporal,
  database,
}: {
  temporal: Client;
  database: Database;
}): TemplateApplicationClient {
  const resultOf = ({ workflowId, runId }: StartedRun) =>
    temporal.workflow
      .getHandle<(input: ApplyTemplateInput) => Promise<TemplateTotals>>(workflowId, runId)
      .result();

  return {
    async applyTemplateToMany(template, request, correlationId) {
      const {
        all: _all,
        applicationId = randomUUID(),
        ...asked
      } = parseInput(templateApplicationSchema, request);
      parseInput(correlationIdSchema.optional(), correlationId, 'correlationId');
      const { name } = await readTemplate(database, template);
      for (const id of asked.workspaceIds ?? []) await requireWorkspace(database, id);
      const workflowId = templateApplicationWorkflowId(applicationId);
      const input: ApplyTemplateInput = {
        applicationId,
        template: name,
        ...asked,
        ...definedOnly({ correlationId }),
      };
      const handle = await temporal.workflow.start(WorkflowType.applyTemplateToWorkspaces, {
        workflowId,
        taskQueue: TaskQueue.calendarSync,
        args: [input],
        ...memoOf(correlationId),
        staticSummary: summaryOf.template(applicationId),
        priority: { priorityKey: PriorityKey.tick },
        workflowExecutionTimeout: LONGEST_FAN_OUT,
        workflowIdConflictPolicy: 'USE_EXISTING',
      });
      return { workflowId, runId: handle.firstExecutionRunId, applicationId };
    },

    waitForApplication: resultOf,

    async readApplication(applicationId) {
      const id = parseInput(applicationIdSchema, applicationId, 'applicationId');
      const workflowId = templateApplicationWorkflowId(id);
      const described = await temporal.workflow
        .getHandle(workflowId)
        .describe()
        .catch((error: unknown) => {
          if (error instanceof WorkflowNotFoundError)
            throw new NotFoundError(`There is no application ${id} of a template, or not any more.`);
          throw error;
        });
      const { status, runId } = described;
      if (status.name === 'RUNNING')
        return {
          applicationId: id,
          state: 'running',
          progress: await queryProgress<TemplateProgress>(temporal, workflowId),
        };
      if (status.name !== 'COMPLETED') return { applicationId: id, state: 'ended', progress: null };
      const totals = await resultOf({ workflowId, runId });
      return { applicationId: id, state: 'done', progress: { ...totals, left: 0 } };
    },
  };
}
