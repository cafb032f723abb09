import { workflowInfo } from '@temporalio/workflow';
import type { PlanFanOutInput, PlanPartitionInput } from '../contracts/plan-fan-out.ts';
import type { PlanFanOutResult } from '../contracts/fan-out-results.ts';
import { planPartitionWorkflowId } from '../contracts/workflow-ids.ts';
import { database } from './activities.ts';
import { coordinate } from './fan-out-coordinator.ts';
import { checkPlanFanOutInput } from './input/fan-out.ts';
import { emptyPlanTotals } from './fan-out-totals.ts';
import { scheduleWorkspacePartition } from './schedule-workspace-partition.ts';
import { type CountedSlice, slicesOfList, slicesOfRanges } from './slices.ts';

/**
 * The fan-out of planning: one `scheduleWorkspace` child for every workspace whose policy applies plans
 * automatically and that has something to plan or to clean up, or for each of `workspaceIds`. A workspace
 * without tasks and habits costs nothing. Started every six hours by the schedule `calendar-smart-schedule`.
 */
export async function scheduleAllWorkspaces(untrusted: PlanFanOutInput = {}): Promise<PlanFanOutResult> {
  const input = checkPlanFanOutInput(untrusted);
  const { firstExecutionRunId } = workflowInfo();
  return coordinate(scheduleWorkspacePartition, emptyPlanTotals, async () =>
    (await cut(input)).map(({ slice, ...counted }, index) => {
      const partition: PlanPartitionInput = {
        source: input.source ?? 'schedule',
        correlationId: input.correlationId ?? firstExecutionRunId,
        slice,
      };
      return {
        workflowId: planPartitionWorkflowId(firstExecutionRunId, index),
        input: partition,
        ...counted,
      };
    }),
  );
}

async function cut({ workspaceIds }: PlanFanOutInput): Promise<CountedSlice[]> {
  if (workspaceIds) return slicesOfList(workspaceIds);
  return slicesOfRanges(await database.partitionPlannedWorkspaces({}));
}
