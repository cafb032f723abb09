import {
  ChildWorkflowCancellationType,
  continueAsNew,
  executeChild,
  ParentClosePolicy,
} from '@temporalio/workflow';
import type { PlanPartitionInput } from '../contracts/plan-fan-out.ts';
import type { PlanFanOutResult } from '../contracts/fan-out-results.ts';
import { PriorityKey } from '../contracts/priorities.ts';
import { WORKSPACE_ID_ATTRIBUTE } from '../contracts/search-attributes.ts';
import { summaryOf } from '../contracts/summaries.ts';
import { smartScheduleWorkflowId } from '../contracts/workflow-ids.ts';
import { database } from './activities.ts';
import { runPartition } from './fan-out-partition.ts';
import { checkPlanPartitionInput } from './input/fan-out.ts';
import { addPlanResult, emptyPlanTotals } from './fan-out-totals.ts';
import { scheduleWorkspace } from './schedule-workspace.ts';

/** A hanging plan must not block the workspace's next one for ever. */
const LONGEST_PLAN = '5 hours';

/**
 * One partition of the planning's fan-out: each of its workspaces becomes a `scheduleWorkspace` that applies.
 */
export async function scheduleWorkspacePartition(untrusted: PlanPartitionInput): Promise<PlanFanOutResult> {
  const input = checkPlanPartitionInput(untrusted);
  const { slice, source, correlationId, childrenAtOnce, reportEvery, totals = emptyPlanTotals() } = input;
  return runPartition<{ workspaceId: string }, PlanFanOutResult>({
    slice,
    childrenAtOnce,
    reportEvery,
    totals,
    list: (range, limit) =>
      database.listPlannedWorkspaces.executeWithOptions({ summary: summaryOf.page(range.after) }, [
        { range, limit },
      ]),
    named: (workspaceId) => ({ workspaceId }),
    runChild: async ({ workspaceId }) =>
      addPlanResult(
        totals,
        await executeChild(scheduleWorkspace, {
          workflowId: smartScheduleWorkflowId(workspaceId),
          args: [{ workspaceId, source, correlationId, mode: 'apply' }],
          typedSearchAttributes: [{ key: WORKSPACE_ID_ATTRIBUTE, value: workspaceId }],
          staticSummary: summaryOf.plan(workspaceId, 'apply'),
          priority: { priorityKey: PriorityKey.sweep, fairnessKey: workspaceId },
          workflowExecutionTimeout: LONGEST_PLAN,
          // The plan belongs to its workspace, so it outlives the fan-out that started it.
          parentClosePolicy: ParentClosePolicy.ABANDON,
          cancellationType: ChildWorkflowCancellationType.ABANDON,
        }),
      ),
    continueWith: (rest) =>
      continueAsNew<typeof scheduleWorkspacePartition>({ ...input, slice: rest, totals }),
  });
}
