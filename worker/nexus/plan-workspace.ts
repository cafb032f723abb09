import { startWorkflow, WorkflowRunOperationHandler } from '@temporalio/nexus';
import { LONGEST_RUN } from '../../client/start-options.ts';
import type { PlanRequest } from '../../contracts/planning.ts';
import type { PlanResult } from '../../contracts/plan-result.ts';
import { PriorityKey } from '../../contracts/priorities.ts';
import { WORKSPACE_ID_ATTRIBUTE } from '../../contracts/search-attributes.ts';
import { TaskQueue } from '../../contracts/task-queues.ts';
import { smartScheduleWorkflowId } from '../../contracts/workflow-ids.ts';
import { WorkflowType } from '../../contracts/workflow-types.ts';
import type { Database } from '../../prisma/client.ts';
import { definedOnly } from '../../services/defined-only.ts';
import { type NexusPlanInput, nexusPlanSchema, parseNexusInput } from '../../services/nexus/inputs.ts';
import { requireActiveWorkspace } from '../../services/workspaces.ts';

type Plan = (request: PlanRequest) => Promise<PlanResult>;

/** Plans the workspace. Cancelling the operation cancels its run, which serves no one else. */
export function planWorkspaceOperation(database: Database) {
  return new WorkflowRunOperationHandler<NexusPlanInput, PlanResult>(async (context, untrusted) => {
    const { correlationId, days, ...request } = parseNexusInput(nexusPlanSchema, untrusted);
    const { workspaceId } = request;
    await requireActiveWorkspace(database, workspaceId);
    return startWorkflow<Plan>(context, WorkflowType.scheduleWorkspace, {
      workflowId: smartScheduleWorkflowId(workspaceId),
      taskQueue: TaskQueue.calendarSync,
      args: [{ ...request, source: 'api', ...definedOnly({ correlationId, days }) }],
      typedSearchAttributes: [{ key: WORKSPACE_ID_ATTRIBUTE, value: workspaceId }],
      priority: { priorityKey: PriorityKey.interactive, fairnessKey: workspaceId },
      workflowExecutionTimeout: LONGEST_RUN,
    });
  });
}
