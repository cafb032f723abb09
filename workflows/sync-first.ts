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
import { summaryOf } from '../contracts/summaries.ts';
import type { SyncResult } from '../contracts/sync-result.ts';
import { calendarSyncWorkflowId } from '../contracts/workflow-ids.ts';
import { incrementalSync } from './incremental-sync.ts';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 60_000;
/** Give-up time when other syncs keep running: about 70 attempts of some ten events each. */
const WAITS_AT_MOST_MS = 3_600_000;
/** Longest run of the sync: after that, the next plan is the better one. */
const LONGEST_SYNC = '2 hours';

/**
 * Syncs the workspace and returns the result of a sync that began after this call. If a sync is running
 * already, it waits on timers until it can start its own: a workflow can signal the running sync but not
 * learn when it ends, and an activity that waited for it would hold a worker slot that the sync may need.
 * Syncing again costs next to nothing.
 * @throws ApplicationFailure `TimedOut` when it could not start its own for an hour.
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
        staticSummary: summaryOf.sync(workspaceId, 'incremental'),
        priority: {
          priorityKey: source === 'schedule' ? PriorityKey.sweep : PriorityKey.interactive,
          fairnessKey: workspaceId,
        },
        workflowExecutionTimeout: LONGEST_SYNC,
        // The sync belongs to its workspace, so it outlives the plan that started it.
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
      await sleep(waitMs, { summary: 'until the running sync may have ended' });
    }
  }
}
