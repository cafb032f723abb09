import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ChildWorkflowCancellationType,
  continueAsNew,
  executeChild,
  isCancellation,
  ParentClosePolicy,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { DueWorkspace } from '../contracts/activities.ts';
import type { FanOutResult, PartitionInput, PartitionSlice } from '../contracts/fan-out.ts';
import { PriorityKey } from '../contracts/priorities.ts';
import { SYNC_MODE_ATTRIBUTE, WORKSPACE_ID_ATTRIBUTE } from '../contracts/search-attributes.ts';
import { calendarSyncWorkflowId } from '../contracts/workflow-ids.ts';
import { database } from './activities.ts';
import { failureTypeOf } from './failure-type-of.ts';
import { addResult, addSample, emptyTotals } from './fan-out-totals.ts';
import { fullSync } from './full-sync.ts';
import { incrementalSync } from './incremental-sync.ts';
import { checkPartitionInput } from './input.ts';
import { fanOutProgress } from './messages.ts';
import { Pool } from './pool.ts';

/** Eight partitions of this stay below 500 children at a time. */
const CHILDREN_AT_ONCE = 50;
const WORKSPACES_PER_PAGE = 200;
/** A child is some six events: two pages keep a history below 3,000. */
const PAGES_PER_RUN = 2;
/** Nothing a workspace holds takes this long; what hangs must not block its next sync for ever. */
const LONGEST_SYNC = '6 hours';

/** One partition of a fan-out: pages of workspaces in ID order, each workspace a child, a bounded number at a time. */
export async function syncWorkspacePartition(untrusted: PartitionInput): Promise<FanOutResult> {
  const input = checkPartitionInput(untrusted);
  const totals = input.totals ?? emptyTotals();
  setHandler(fanOutProgress, () => totals);
  const pool = new Pool(CHILDREN_AT_ONCE);
  let slice: PartitionSlice | null = input.slice;
  for (let page = 0; slice !== null; page += 1) {
    if (page === PAGES_PER_RUN || workflowInfo().continueAsNewSuggested) {
      await pool.drain();
      await continueAsNew<typeof syncWorkspacePartition>({ ...input, slice, totals });
    }
    const { workspaces, rest } = await nextPage(slice, input.dueAt);
    for (const workspace of workspaces) await pool.start(() => syncOne(input, workspace, totals));
    slice = rest;
  }
  await pool.drain();
  return totals;
}

async function nextPage(
  slice: PartitionSlice,
  dueAt: string | null,
): Promise<{ workspaces: DueWorkspace[]; rest: PartitionSlice | null }> {
  if ('workspaceIds' in slice) {
    const page = slice.workspaceIds.slice(0, WORKSPACES_PER_PAGE);
    const rest = slice.workspaceIds.slice(WORKSPACES_PER_PAGE);
    return {
      workspaces: page.map((workspaceId) => ({ workspaceId, targets: null })),
      rest: rest.length === 0 ? null : { workspaceIds: rest },
    };
  }
  const workspaces = await database.listWorkspaces({ range: slice.range, dueAt, limit: WORKSPACES_PER_PAGE });
  const last = workspaces.at(-1);
  const full = workspaces.length === WORKSPACES_PER_PAGE && last !== undefined;
  return { workspaces, rest: full ? { range: { ...slice.range, after: last.workspaceId } } : null };
}

async function syncOne(input: PartitionInput, workspace: DueWorkspace, totals: FanOutResult): Promise<void> {
  const { workspaceId, targets } = workspace;
  const { mode, source, correlationId } = input;
  try {
    const result = await executeChild(mode === 'full' ? fullSync : incrementalSync, {
      workflowId: calendarSyncWorkflowId(workspaceId),
      args: [{ workspaceId, source, correlationId, ...(targets === null ? {} : { targets }) }],
      typedSearchAttributes: [
        { key: WORKSPACE_ID_ATTRIBUTE, value: workspaceId },
        { key: SYNC_MODE_ATTRIBUTE, value: mode },
      ],
      priority: {
        priorityKey: mode === 'full' ? PriorityKey.sweep : PriorityKey.tick,
        fairnessKey: workspaceId,
      },
      workflowExecutionTimeout: LONGEST_SYNC,
      // A sync is the workspace's own: it outlives the fan-out that happened to start it.
      parentClosePolicy: ParentClosePolicy.ABANDON,
      cancellationType: ChildWorkflowCancellationType.ABANDON,
    });
    addResult(totals, result);
  } catch (error) {
    if (isCancellation(error)) throw error;
    if (error instanceof WorkflowExecutionAlreadyStartedError) {
      totals.skipped += 1;
      return;
    }
    totals.failed += 1;
    addSample(totals, workspaceId, failureTypeOf(error));
  }
}
