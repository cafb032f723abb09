import { workflowInfo } from '@temporalio/workflow';
import type { SyncFanOutInput, SyncPartitionInput } from '../contracts/fan-out.ts';
import type { SyncFanOutResult } from '../contracts/fan-out-results.ts';
import { partitionWorkflowId } from '../contracts/workflow-ids.ts';
import { database } from './activities.ts';
import { coordinate } from './fan-out-coordinator.ts';
import { emptySyncTotals } from './fan-out-totals.ts';
import { checkSyncFanOutInput } from './input/fan-out.ts';
import { type CountedSlice, slicesOfList, slicesOfRanges } from './slices.ts';
import { syncWorkspacePartition } from './sync-workspace-partition.ts';

/**
 * The fan-out of the sync: one child for every workspace that is due, for each of `workspaceIds`, or for all.
 * Started every 15 minutes by the schedule `calendar-provider-sync`.
 */
export async function syncAllWorkspaces(untrusted: SyncFanOutInput = {}): Promise<SyncFanOutResult> {
  const input = checkSyncFanOutInput(untrusted);
  const { firstExecutionRunId, startTime } = workflowInfo();
  const dueAt = input.all || input.workspaceIds ? null : startTime.toISOString();

  return coordinate(syncWorkspacePartition, emptySyncTotals, async () =>
    (await cut(input, dueAt)).map(({ slice, ...counted }, index) => {
      const partition: SyncPartitionInput = {
        mode: input.mode ?? 'incremental',
        source: input.source ?? 'schedule',
        correlationId: input.correlationId ?? firstExecutionRunId,
        dueAt,
        slice,
      };
      return { workflowId: partitionWorkflowId(firstExecutionRunId, index), input: partition, ...counted };
    }),
  );
}

async function cut({ workspaceIds }: SyncFanOutInput, dueAt: string | null): Promise<CountedSlice[]> {
  if (workspaceIds) return slicesOfList(workspaceIds);
  return slicesOfRanges(await database.partitionWorkspaces({ dueAt }));
}
