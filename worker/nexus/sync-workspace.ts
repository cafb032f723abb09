import { getClient, startWorkflow, WorkflowRunOperationHandler } from '@temporalio/nexus';
import type { OperationHandler } from 'nexus-rpc';
import { createAlmanacClient } from '../../client/almanac-client.ts';
import { LONGEST_RUN } from '../../client/start-options.ts';
import { PriorityKey } from '../../contracts/priorities.ts';
import { SYNC_MODE_ATTRIBUTE, WORKSPACE_ID_ATTRIBUTE } from '../../contracts/search-attributes.ts';
import type { SyncInput } from '../../contracts/sync.ts';
import type { SyncResult } from '../../contracts/sync-result.ts';
import { TaskQueue } from '../../contracts/task-queues.ts';
import { calendarSyncWorkflowId } from '../../contracts/workflow-ids.ts';
import { WorkflowType } from '../../contracts/workflow-types.ts';
import type { Database } from '../../prisma/client.ts';
import type { NexusSyncInput } from '../../services/nexus/inputs.ts';
import { nexusSyncSchema, parseNexusInput } from '../../services/nexus/inputs.ts';

type Sync = (input: SyncInput) => Promise<SyncResult>;

/**
 * Requests the sync first, so that a running one pulls once more, and then joins the run. A run that has ended in
 * between is followed by another one. The sync serves other callers as well, so a cancelled operation leaves it
 * alone.
 */
export function syncWorkspaceOperation(database: Database): OperationHandler<NexusSyncInput, SyncResult> {
  const run = new WorkflowRunOperationHandler<NexusSyncInput, SyncResult>(async (context, untrusted) => {
    const request = parseNexusInput(nexusSyncSchema, untrusted);
    const { workspaceId, mode, calendarIds, correlationId } = request;
    await createAlmanacClient({ temporal: getClient(), database }).requestSync({ ...request, source: 'api' });
    const isFull = mode === 'full';
    return startWorkflow<Sync>(context, isFull ? WorkflowType.fullSync : WorkflowType.incrementalSync, {
      workflowId: calendarSyncWorkflowId(workspaceId),
      taskQueue: TaskQueue.calendarSync,
      args: [{ workspaceId, source: 'api', correlationId, calendarIds }],
      typedSearchAttributes: [
        { key: WORKSPACE_ID_ATTRIBUTE, value: workspaceId },
        { key: SYNC_MODE_ATTRIBUTE, value: mode },
      ],
      priority: { priorityKey: PriorityKey.interactive, fairnessKey: workspaceId },
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowExecutionTimeout: LONGEST_RUN,
    });
  });
  return { start: (context, input) => run.start(context, input), cancel: async () => undefined };
}
