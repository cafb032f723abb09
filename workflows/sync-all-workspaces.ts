import {
  executeChild,
  isCancellation,
  ParentClosePolicy,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { FanOutInput, FanOutResult, PartitionInput, PartitionSlice } from '../contracts/fan-out.ts';
import { partitionWorkflowId } from '../contracts/workflow-ids.ts';
import { database } from './activities.ts';
import { addTotals, emptyTotals } from './fan-out-totals.ts';
import { checkFanOutInput } from './input.ts';
import { fanOutProgress } from './messages.ts';
import { Pool } from './pool.ts';
import { syncWorkspacePartition } from './sync-workspace-partition.ts';

/** The activity cuts no more than this; all partitions run side by side. */
const PARTITIONS_AT_ONCE = 8;

/**
 * The fan-out: one child sync for every workspace that is due, or for those that `workspaceIds` names, or for all.
 * The coordinator only cuts the workspaces into partitions and adds up; a partition that fails does not stop the
 * others. Started by the schedule `calendar-provider-sync` every 15 minutes.
 */
export async function syncAllWorkspaces(untrusted: FanOutInput = {}): Promise<FanOutResult> {
  const input = checkFanOutInput(untrusted);
  const { firstExecutionRunId, startTime } = workflowInfo();
  const totals = emptyTotals();
  setHandler(fanOutProgress, () => totals);

  const dueAt = input.all || input.workspaceIds ? null : startTime.toISOString();
  const slices: PartitionSlice[] = input.workspaceIds
    ? [{ workspaceIds: [...new Set(input.workspaceIds)] }]
    : (await database.partitionWorkspaces({ dueAt })).map((range) => ({ range }));

  const pool = new Pool(PARTITIONS_AT_ONCE);
  for (const [index, slice] of slices.entries()) {
    const partition: PartitionInput = {
      mode: input.mode ?? 'incremental',
      source: input.source ?? 'schedule',
      correlationId: input.correlationId ?? firstExecutionRunId,
      dueAt,
      slice,
    };
    await pool.start(() => runPartition(partitionWorkflowId(firstExecutionRunId, index), partition, totals));
  }
  await pool.drain();
  return totals;
}

async function runPartition(workflowId: string, input: PartitionInput, totals: FanOutResult): Promise<void> {
  try {
    const result = await executeChild(syncWorkspacePartition, {
      workflowId,
      args: [input],
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
    });
    addTotals(totals, result);
  } catch (error) {
    if (isCancellation(error)) throw error;
    // Its workspaces stay due: the next tick takes those that it had not reached.
    totals.failed += 1;
  }
}
