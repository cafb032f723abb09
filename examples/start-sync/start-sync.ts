import { type Client, WithStartWorkflowOperation } from '@temporalio/client';
import {
  calendarSyncWorkflowId,
  PriorityKey,
  SYNC_MODE_ATTRIBUTE,
  SYNC_NOW_UPDATE,
  type SyncInput,
  type SyncMode,
  type SyncNowResult,
  type SyncRequest,
  type SyncResult,
  TaskQueue,
  WORKSPACE_ID_ATTRIBUTE,
  WorkflowType,
} from 'almanac/contracts';

type Sync = (input: SyncInput) => Promise<SyncResult>;

/**
 * Syncs a workspace and waits for the result. A sync that is running already serves the request before it
 * ends. If it leaves the request to its successor, the result is that of the whole chain of runs.
 */
export async function startSync(
  temporal: Client,
  workspaceId: string,
  mode: SyncMode = 'incremental',
): Promise<SyncResult> {
  const startWorkflowOperation = new WithStartWorkflowOperation<Sync>(WorkflowType.incrementalSync, {
    workflowId: calendarSyncWorkflowId(workspaceId),
    workflowIdConflictPolicy: 'USE_EXISTING',
    taskQueue: TaskQueue.calendarSync,
    args: [{ workspaceId, source: 'manual' }],
    typedSearchAttributes: [
      { key: WORKSPACE_ID_ATTRIBUTE, value: workspaceId },
      { key: SYNC_MODE_ATTRIBUTE, value: mode },
    ],
    priority: { priorityKey: PriorityKey.interactive, fairnessKey: workspaceId },
    workflowExecutionTimeout: '6 hours',
  });
  const result = await temporal.workflow.executeUpdateWithStart<Sync, SyncNowResult, [SyncRequest]>(
    SYNC_NOW_UPDATE,
    { startWorkflowOperation, args: [{ mode }] },
  );
  return result ?? (await startWorkflowOperation.workflowHandle()).result();
}
