import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ChildWorkflowCancellationType, executeChild, ParentClosePolicy, sleep } from '@temporalio/workflow';
import type { PlanRunContext } from '../contracts/planning-activities.ts';
import { PriorityKey } from '../contracts/priorities.ts';
import { SYNC_MODE_ATTRIBUTE, WORKSPACE_ID_ATTRIBUTE } from '../contracts/search-attributes.ts';
import type { SyncResult } from '../contracts/sync.ts';
import { calendarSyncWorkflowId } from '../contracts/workflow-ids.ts';
import { incrementalSync } from './incremental-sync.ts';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** A plan that waits for longer is better made by the next run. */
const LONGEST_SYNC = '2 hours';

/**
 * Syncs the workspace and returns the result of a sync that began after this call. A workflow can signal a sync that
 * is running already, but not learn from it when it has ended; and an activity that waited for it would hold a place
 * in a worker that the sync itself may need. So this one waits on timers until its own is let in: a pass over
 * calendars that have just been synced costs next to nothing.
 */
export async function syncFirst({ workspaceId, source, correlationId }: PlanRunContext): Promise<SyncResult> {
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
      await sleep(waitMs);
    }
  }
}
