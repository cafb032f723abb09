import {
  ChildWorkflowCancellationType,
  continueAsNew,
  executeChild,
  ParentClosePolicy,
} from '@temporalio/workflow';
import type { DueWorkspace } from '../contracts/sync-activities.ts';
import type { SyncPartitionInput } from '../contracts/fan-out.ts';
import type { SyncFanOutResult } from '../contracts/fan-out-results.ts';
import { PriorityKey } from '../contracts/priorities.ts';
import { SYNC_MODE_ATTRIBUTE, WORKSPACE_ID_ATTRIBUTE } from '../contracts/search-attributes.ts';
import { summaryOf } from '../contracts/summaries.ts';
import type { SyncResult } from '../contracts/sync-result.ts';
import { calendarSyncWorkflowId } from '../contracts/workflow-ids.ts';
import { database } from './activities.ts';
import { runPartition } from './fan-out-partition.ts';
import { addSyncResult, emptySyncTotals } from './fan-out-totals.ts';
import { fullSync } from './full-sync.ts';
import { incrementalSync } from './incremental-sync.ts';
import { checkSyncPartitionInput } from './input/fan-out.ts';

/** Longer than any workspace takes: a hanging sync must not block the next one for ever. */
const LONGEST_SYNC = '6 hours';

/**
 * One partition of the sync's fan-out: each of its workspaces becomes an `incrementalSync` or a `fullSync`.
 */
export async function syncWorkspacePartition(untrusted: SyncPartitionInput): Promise<SyncFanOutResult> {
  const input = checkSyncPartitionInput(untrusted);
  const { slice, dueAt, childrenAtOnce, reportEvery, totals = emptySyncTotals() } = input;
  return runPartition<DueWorkspace, SyncFanOutResult>({
    slice,
    childrenAtOnce,
    reportEvery,
    totals,
    list: (range, limit) =>
      database.listWorkspaces.executeWithOptions({ summary: summaryOf.page(range.after) }, [
        { range, dueAt, limit },
      ]),
    named: (workspaceId) => ({ workspaceId, targets: null }),
    runChild: async (workspace) => addSyncResult(totals, await syncOne(input, workspace)),
    continueWith: (rest) => continueAsNew<typeof syncWorkspacePartition>({ ...input, slice: rest, totals }),
  });
}

function syncOne(input: SyncPartitionInput, { workspaceId, targets }: DueWorkspace): Promise<SyncResult> {
  const { mode, source, correlationId } = input;
  return executeChild(mode === 'full' ? fullSync : incrementalSync, {
    workflowId: calendarSyncWorkflowId(workspaceId),
    args: [{ workspaceId, source, correlationId, ...(targets === null ? {} : { targets }) }],
    typedSearchAttributes: [
      { key: WORKSPACE_ID_ATTRIBUTE, value: workspaceId },
      { key: SYNC_MODE_ATTRIBUTE, value: mode },
    ],
    staticSummary: summaryOf.sync(workspaceId, mode),
    priority: {
      priorityKey: mode === 'full' ? PriorityKey.sweep : PriorityKey.tick,
      fairnessKey: workspaceId,
    },
    workflowExecutionTimeout: LONGEST_SYNC,
    // The sync belongs to its workspace, so it outlives the fan-out that started it.
    parentClosePolicy: ParentClosePolicy.ABANDON,
    cancellationType: ChildWorkflowCancellationType.ABANDON,
  });
}
