import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ParentClosePolicy, startChild } from '@temporalio/workflow';
import { PriorityKey } from '../contracts/priorities.ts';
import { WORKSPACE_ID_ATTRIBUTE } from '../contracts/search-attributes.ts';
import { watchRenewalWorkflowId } from '../contracts/workflow-ids.ts';
import { maintainWatchChannels } from './maintain-watch-channels.ts';

/**
 * Has the channels of one workspace opened without waiting for the next hourly run, and goes on. What an upkeep that
 * is running already has passed by is left to that run.
 */
export async function startChannelUpkeep(workspaceId: string): Promise<void> {
  try {
    await startChild(maintainWatchChannels, {
      workflowId: watchRenewalWorkflowId(workspaceId),
      args: [{ workspaceId }],
      typedSearchAttributes: [{ key: WORKSPACE_ID_ATTRIBUTE, value: workspaceId }],
      priority: { priorityKey: PriorityKey.sweep, fairnessKey: workspaceId },
      workflowExecutionTimeout: '55 minutes',
      parentClosePolicy: ParentClosePolicy.ABANDON,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
