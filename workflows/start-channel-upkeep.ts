import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ParentClosePolicy, startChild } from '@temporalio/workflow';
import { PriorityKey } from '../contracts/priorities.ts';
import { WORKSPACE_ID_ATTRIBUTE } from '../contracts/search-attributes.ts';
import { summaryOf } from '../contracts/summaries.ts';
import { watchRenewalWorkflowId } from '../contracts/workflow-ids.ts';
import { maintainWatchChannels } from './maintain-watch-channels.ts';

/**
 * Opens the channels of one workspace without waiting for the next hourly run, and returns once that has
 * started. If the workspace's upkeep is running already, calendars it has passed are left to the next hourly
 * run.
 */
export async function startChannelUpkeep(workspaceId: string): Promise<void> {
  try {
    await startChild(maintainWatchChannels, {
      workflowId: watchRenewalWorkflowId(workspaceId),
      args: [{ workspaceId }],
      typedSearchAttributes: [{ key: WORKSPACE_ID_ATTRIBUTE, value: workspaceId }],
      staticSummary: summaryOf.channels(workspaceId),
      priority: { priorityKey: PriorityKey.sweep, fairnessKey: workspaceId },
      workflowExecutionTimeout: '55 minutes',
      parentClosePolicy: ParentClosePolicy.ABANDON,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
