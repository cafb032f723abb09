import { type Client, WithStartWorkflowOperation } from '@temporalio/client';
import { type Workflow, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { PriorityKey } from '../contracts/priorities.ts';
import { WORKSPACE_ID_ATTRIBUTE } from '../contracts/search-attributes.ts';
import { summaryOf } from '../contracts/summaries.ts';
import { TaskQueue } from '../contracts/task-queues.ts';
import { eventWriteWorkflowId } from '../contracts/workflow-ids.ts';
import { WorkflowType } from '../contracts/workflow-types.ts';
import { type WriteCounts, type WriteEventInput, WRITES_SETTLED_UPDATE } from '../contracts/writing.ts';
import { LONGEST_RUN, memoOf } from './start-options.ts';
import { isNotTaken } from './update-not-taken.ts';

/** Makes writes that `beginWrites` has stored. */
export interface EventWriteClient {
  /**
   * Has the writes of a batch made, and waits until each has its outcome. Repeated, it joins the run that makes
   * them; null: they were finished before.
   */
  makeWrites(batch: WriteEventInput): Promise<WriteCounts | null>;
  /** Has the writes of a batch made, without waiting. */
  startWrites(batch: WriteEventInput): Promise<void>;
}

/**
 * Options of the run that makes a batch. A finished one is not made again; a run that was terminated has left
 * writes to make.
 */
export const optionsOfWrites = (batch: WriteEventInput) => ({
  workflowId: eventWriteWorkflowId(batch.workspaceId, batch.batchId),
  taskQueue: TaskQueue.calendarSync,
  args: [batch] as [WriteEventInput],
  typedSearchAttributes: [{ key: WORKSPACE_ID_ATTRIBUTE, value: batch.workspaceId }],
  ...memoOf(batch.correlationId),
  staticSummary: summaryOf.writes(batch.workspaceId),
  priority: { priorityKey: PriorityKey.interactive, fairnessKey: batch.workspaceId },
  workflowIdConflictPolicy: 'USE_EXISTING' as const,
  workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY' as const,
  workflowExecutionTimeout: LONGEST_RUN,
});

export function createEventWriteClient(temporal: Client): EventWriteClient {
  /** Null: they were finished before. */
  async function start(batch: WriteEventInput) {
    try {
      return await temporal.workflow.start<Workflow>(WorkflowType.writeEvent, optionsOfWrites(batch));
    } catch (error) {
      if (isFinished(error)) return null;
      throw error;
    }
  }

  return {
    async makeWrites(batch) {
      const startWorkflowOperation = new WithStartWorkflowOperation(
        WorkflowType.writeEvent,
        optionsOfWrites(batch),
      );
      // Otherwise a refused start is reported a second time, as an unhandled rejection.
      startWorkflowOperation.workflowHandle().catch(() => undefined);
      try {
        return await temporal.workflow.executeUpdateWithStart<
          (input: WriteEventInput) => Promise<WriteCounts>,
          WriteCounts,
          []
        >(WRITES_SETTLED_UPDATE, {
          startWorkflowOperation,
          // All who wait share one update: a run takes only a few at once.
          updateId: WRITES_SETTLED_UPDATE,
        });
      } catch (error) {
        if (isFinished(error)) return null;
        if (!isNotTaken(error)) throw error;
      }
      // As when the run was about to end. Its result is the same.
      const run = await start(batch);
      return run === null ? null : ((await run.result()) as WriteCounts);
    },

    async startWrites(batch) {
      await start(batch);
    },
  };
}

const isFinished = (error: unknown) => error instanceof WorkflowExecutionAlreadyStartedError;
