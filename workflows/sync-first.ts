import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ApplicationFailure,
  ChildWorkflowCancellationType,
  executeChild,
  ParentClosePolicy,
  sleep,
} from '@temporalio/workflow';
import { FailureType } from '../contracts/failure-types.ts';
import type { PlanRunContext } from '../contracts/planning-activities.ts';
import { PriorityKey } from '../contracts/priorities.ts';
import { SYNC_MODE_ATTRIBUTE, WORKSPACE_ID_ATTRIBUTE } from '../contracts/search-attributes.ts';
import type { SyncResult } from '../contracts/sync.ts';
import { calendarSyncWorkflowId } from '../contracts/workflow-ids.ts';
import { incrementalSync } from './incremental-sync.ts';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 60_000;
/** A sync that others keep busy for longer is left to them: about 70 tries, of some ten events each. */
const WAITS_AT_MOST_MS = 3_600_000;
/** A plan that waits for longer is better made by the next run. */
const LONGEST_SYNC = '2 hours';

/**
 * Syncs the workspace and returns the result of a sync that began after this call. A workflow can signal a sync that
 * is running already, but not learn from it when it has ended; and an activity that waited for it would hold a place
 * in a worker that the sync itself may need. So this one waits on timers until its own is let in: a pass over
 * calendars that have just been synced costs next to nothing.
 * @throws ApplicationFailure `TimedOut` when its own was not let in for an hour.
 */
export async function syncFirst({ workspaceId, source, correlationId }: PlanRunContext): Promise<SyncResult> {
  const lastTryAt = Date.now() + WAITS_AT_MOST_MS;
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
    try {
      return await executeChild(incrementalSync, {
        workflowId: calendarSyncWorkflowId(workspaceId),
        args: [{ workspaceId, source, correlationId }],
        typedSearchAttributes: [
          { key: WORKSPACE_ID_ATTRIBUTE, value: workspaceId },
          { key: SYNC_MODE_ATTRIBUTE, value: 'incremental' },
        ],
        priority: {
          priorityKey: source === 'schedule' ? PriorityKey.sweep : PriorityKey.interactive,
          fairnessKey: workspaceId,
        },
        workflowExecutionTimeout: LONGEST_SYNC,
        // A sync is the workspace's own: it outlives the plan that happened to start it.
        parentClosePolicy: ParentClosePolicy.ABANDON,
        cancellationType: ChildWorkflowCancellationType.ABANDON,
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      if (Date.now() >= lastTryAt)
        throw ApplicationFailure.nonRetryable(
          'Another sync of the workspace has run for an hour.',
          FailureType.timedOut,
        );
      await sleep(waitMs);
    }
  }
}
