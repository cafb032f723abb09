import { workflowInfo } from '@temporalio/workflow';
import type { FanOutInput, FanOutResult, PartitionInput, PartitionSlice } from '../contracts/fan-out.ts';
import { partitionWorkflowId } from '../contracts/workflow-ids.ts';
import { database } from './activities.ts';
import { coordinate } from './fan-out-coordinator.ts';
import { cutList } from './cut-list.ts';
import { emptySyncTotals } from './fan-out-totals.ts';
import { checkFanOutInput } from './input.ts';
import { syncWorkspacePartition } from './sync-workspace-partition.ts';

/**
 * The fan-out of the sync: one child for every workspace that is due, or for those that `workspaceIds` names, or for
 * all. Started by the schedule `calendar-provider-sync` every 15 minutes.
 */
export async function syncAllWorkspaces(untrusted: FanOutInput = {}): Promise<FanOutResult> {
  const input = checkFanOutInput(untrusted);
  const { firstExecutionRunId, startTime } = workflowInfo();
  const dueAt = input.all || input.workspaceIds ? null : startTime.toISOString();

  return coordinate(syncWorkspacePartition, emptySyncTotals, async () =>
    (await cut(input, dueAt)).map(({ slice, workspaces }, index) => {
      const partition: PartitionInput = {
        mode: input.mode ?? 'incremental',
        source: input.source ?? 'schedule',
        correlationId: input.correlationId ?? firstExecutionRunId,
        dueAt,
        slice,
      };
      return { workflowId: partitionWorkflowId(firstExecutionRunId, index), input: partition, workspaces };
    }),
  );
}

async function cut(
  input: FanOutInput,
  dueAt: string | null,
): Promise<{ slice: PartitionSlice; workspaces: number }[]> {
  if (input.workspaceIds) {
    return cutList([...new Set(input.workspaceIds)]).map((workspaceIds) => ({
      slice: { workspaceIds },
      workspaces: workspaceIds.length,
    }));
  }
  const partitions = await database.partitionWorkspaces({ dueAt });
  return partitions.map(({ workspaces = 0, ...range }) => ({ slice: { range }, workspaces }));
}
