import type { Client } from '@temporalio/client';
import { z } from 'zod';
import { PriorityKey } from '../contracts/priorities.ts';
import { WORKSPACE_ID_ATTRIBUTE } from '../contracts/search-attributes.ts';
import { PROGRESS_QUERY } from '../contracts/sync.ts';
import { summaryOf } from '../contracts/summaries.ts';
import { TaskQueue } from '../contracts/task-queues.ts';
import type { DeleteWorkspaceInput, DeletionProgress } from '../contracts/tenancy.ts';
import { workspaceDeleteWorkflowId } from '../contracts/workflow-ids.ts';
import { WorkflowType } from '../contracts/workflow-types.ts';
import type { Database } from '../prisma/client.ts';
import { RunFailedError } from '../services/errors.ts';
import { correlationIdSchema, parseInput, workspaceIdSchema } from '../services/input.ts';
import { definedOnly } from '../services/defined-only.ts';
import { readReceipt, requireDeletable, type WorkspaceReceipt } from '../services/tenancy/receipts.ts';
import { memoOf } from './start-options.ts';
import type { StartedRun } from './started-run.ts';

const deletionRequestSchema = z.object({
  workspaceId: workspaceIdSchema,
  /** Whether the calendars that Almanac made are deleted in Google as well. */
  ownCalendars: z.boolean('must be true or false').default(false),
  /** API key that requests it. */
  keyId: z.string().optional(),
  correlationId: correlationIdSchema.optional(),
});

export interface DeletionClient {
  /**
   * Starts the deletion of a workspace, or joins the one that is running.
   * @throws WorkspaceNotFoundError when there is no such workspace.
   */
  requestDeletion(request: z.input<typeof deletionRequestSchema>): Promise<StartedRun>;
  /** Waits until the run has ended, and reads its receipt. */
  waitForDeletion(workspaceId: string, run: StartedRun): Promise<WorkspaceReceipt>;
  /** Progress of a running deletion. A worker has to be running to answer. */
  deletionProgress(workspaceId: string): Promise<DeletionProgress>;
}

export function createDeletionClient({
  temporal,
  database,
}: {
  temporal: Client;
  database: Database;
}): DeletionClient {
  return {
    async requestDeletion(request) {
      const { keyId, correlationId, ...asked } = parseInput(deletionRequestSchema, request);
      const { workspaceId } = asked;
      await requireDeletable(database, workspaceId);
      const workflowId = workspaceDeleteWorkflowId(workspaceId);
      const input: DeleteWorkspaceInput = { ...asked, ...definedOnly({ keyId, correlationId }) };
      // It has no execution timeout: what has begun is finished.
      const handle = await temporal.workflow.start(WorkflowType.deleteWorkspace, {
        workflowId,
        taskQueue: TaskQueue.calendarSync,
        args: [input],
        typedSearchAttributes: [{ key: WORKSPACE_ID_ATTRIBUTE, value: workspaceId }],
        ...memoOf(correlationId),
        staticSummary: summaryOf.deletion(workspaceId),
        priority: { priorityKey: PriorityKey.tick, fairnessKey: workspaceId },
        workflowIdConflictPolicy: 'USE_EXISTING',
      });
      return { workflowId, runId: handle.firstExecutionRunId };
    },

    async waitForDeletion(workspaceId, { workflowId, runId }) {
      await temporal.workflow.getHandle(workflowId, runId).result();
      const receipt = await readReceipt(database, workspaceId);
      if (receipt.finishedAt === null) throw new RunFailedError(`Run ${workflowId} was ended too early.`);
      return receipt;
    },

    deletionProgress: async (workspaceId) =>
      temporal.workflow
        .getHandle(workspaceDeleteWorkflowId(workspaceId))
        .query<DeletionProgress>(PROGRESS_QUERY),
  };
}
