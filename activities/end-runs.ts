import { setTimeout as sleep } from 'node:timers/promises';
import { cancellationSignal, Context } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { EndRunsInput } from '../contracts/tenancy.ts';
import {
  calendarSyncWorkflowId,
  calendarVerifyWorkflowId,
  eventWriteWorkflowId,
  smartScheduleWorkflowId,
  watchRenewalWorkflowId,
} from '../contracts/workflow-ids.ts';

/** An activity hears of its cancellation with a heartbeat, some seconds later. */
const LONGEST_WAIT_MS = 60_000;
const LOOK_EVERY_MS = 500;

const runsOf = ({ workspaceId, batchIds }: EndRunsInput) => [
  calendarSyncWorkflowId(workspaceId),
  smartScheduleWorkflowId(workspaceId),
  calendarVerifyWorkflowId(workspaceId),
  watchRenewalWorkflowId(workspaceId),
  ...batchIds.map((batchId) => eventWriteWorkflowId(workspaceId, batchId)),
];

/**
 * Cancels the runs of a workspace, and waits until they have ended. One that goes on for longer than a minute is
 * left: what it writes is fenced, and deleted with the workspace. Idempotent.
 */
export function createEndRuns() {
  return async function endRuns(input: EndRunsInput): Promise<void> {
    const { workflow } = Context.current().client;
    const signal = cancellationSignal();
    const endsAt = performance.now() + LONGEST_WAIT_MS;
    for (const workflowId of runsOf(input)) {
      const handle = workflow.getHandle(workflowId);
      const isThere = await handle.cancel().then(() => true, unlessNotFound);
      if (!isThere) continue;
      while (performance.now() < endsAt) {
        signal.throwIfAborted();
        if ((await handle.describe()).status.name !== 'RUNNING') break;
        await sleep(LOOK_EVERY_MS, undefined, { signal });
      }
    }
  };
}

function unlessNotFound(error: unknown): false {
  if (error instanceof WorkflowNotFoundError) return false;
  throw error;
}
