import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { z } from 'zod';
import { PriorityKey } from '../contracts/priorities.ts';
import { WORKSPACE_ID_ATTRIBUTE } from '../contracts/search-attributes.ts';
import { summaryOf } from '../contracts/summaries.ts';
import { PROGRESS_QUERY } from '../contracts/sync.ts';
import { TaskQueue } from '../contracts/task-queues.ts';
import type { VerifyInput, VerifyProgress, VerifyResult } from '../contracts/verification.ts';
import { calendarVerifyWorkflowId } from '../contracts/workflow-ids.ts';
import { WorkflowType } from '../contracts/workflow-types.ts';
import type { Database } from '../prisma/client.ts';
import type { StartedRun } from './started-run.ts';
import { calendarIdSchema, parseInput, workspaceIdSchema } from '../services/input.ts';
import { LONGEST_RUN } from './start-options.ts';
import { requireActiveWorkspace } from '../services/workspaces.ts';
import { MAX_CALENDAR_IDS } from '../contracts/limits.ts';

const verifyRequestSchema = z.object({
  workspaceId: workspaceIdSchema,
  /** Default: every enabled calendar of the workspace. */
  calendarIds: z
    .array(calendarIdSchema)
    .min(1)
    .max(MAX_CALENDAR_IDS)
    .transform((ids) => [...new Set(ids)])
    .optional(),
  /** Whether differences are repaired. */
  repair: z.boolean().default(false),
});

export interface Verifier {
  /**
   * Starts a comparison of a workspace's mirror with Google. Only one verification of a workspace runs at a
   * time: returns null while another one does.
   * @throws NotFoundError when there is no such workspace.
   */
  start(request: z.input<typeof verifyRequestSchema>): Promise<StartedRun | null>;
  /** Waits until the running verification of the workspace has ended, however it ended. */
  waitForOther(workspaceId: string): Promise<void>;
  wait(run: StartedRun): Promise<VerifyResult>;
  /** Progress of the running verification. A worker has to be running to answer. */
  progress(workspaceId: string): Promise<VerifyProgress>;
}

export function createVerifier({ temporal, database }: { temporal: Client; database: Database }): Verifier {
  const handleOf = (workspaceId: string) =>
    temporal.workflow.getHandle(calendarVerifyWorkflowId(parseInput(workspaceIdSchema, workspaceId)));

  return {
    async start(request) {
      const input: VerifyInput = parseInput(verifyRequestSchema, request);
      const { workspaceId } = input;
      await requireActiveWorkspace(database, workspaceId);
      const workflowId = calendarVerifyWorkflowId(workspaceId);
      try {
        const handle = await temporal.workflow.start(WorkflowType.verifyWorkspace, {
          workflowId,
          taskQueue: TaskQueue.calendarSync,
          args: [input],
          typedSearchAttributes: [{ key: WORKSPACE_ID_ATTRIBUTE, value: workspaceId }],
          staticSummary: summaryOf.verification(workspaceId),
          priority: { priorityKey: PriorityKey.sweep, fairnessKey: workspaceId },
          workflowExecutionTimeout: LONGEST_RUN,
        });
        return { workflowId, runId: handle.firstExecutionRunId };
      } catch (error) {
        if (error instanceof WorkflowExecutionAlreadyStartedError) return null;
        throw error;
      }
    },

    async waitForOther(workspaceId) {
      await handleOf(workspaceId)
        .result()
        .catch(() => undefined);
    },

    wait: ({ workflowId, runId }) => temporal.workflow.getHandle(workflowId, runId).result(),

    progress: (workspaceId) => handleOf(workspaceId).query<VerifyProgress>(PROGRESS_QUERY),
  };
}
