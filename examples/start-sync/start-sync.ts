import type { Client } from '@temporalio/client';
import {
  calendarSyncWorkflowId,
  PriorityKey,
  SYNC_MODE_ATTRIBUTE,
  SYNC_REQUESTED_SIGNAL,
  type SyncInput,
  type SyncMode,
  type SyncRequest,
  type SyncResult,
  TaskQueue,
  WORKSPACE_ID_ATTRIBUTE,
  WorkflowType,
} from 'almanac/contracts';

/** Syncs a workspace and waits for the result. A sync that is running already serves the request before it ends. */
export async function startSync(
  temporal: Client,
  workspaceId: string,
  mode: SyncMode = 'incremental',
): Promise<SyncResult> {
  const handle = await temporal.workflow.signalWithStart<
    (input: SyncInput) => Promise<SyncResult>,
    [SyncRequest]
  >(WorkflowType.incrementalSync, {
    workflowId: calendarSyncWorkflowId(workspaceId),
    taskQueue: TaskQueue.calendarSync,
    args: [{ workspaceId, source: 'manual' }],
    signal: SYNC_REQUESTED_SIGNAL,
    signalArgs: [{ mode }],
    typedSearchAttributes: [
      { key: WORKSPACE_ID_ATTRIBUTE, value: workspaceId },
      { key: SYNC_MODE_ATTRIBUTE, value: mode },
    ],
    priority: { priorityKey: PriorityKey.interactive, fairnessKey: workspaceId },
    workflowExecutionTimeout: '6 hours',
  });
  return handle.result();
}
