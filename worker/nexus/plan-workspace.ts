import { startWorkflow, WorkflowRunOperationHandler } from '@temporalio/nexus';
import { optionsOfPlan, preparePlan } from '../../client/prepare-plan.ts';
import type { PlanRequest } from '../../contracts/planning.ts';
import type { PlanResult } from '../../contracts/plan-result.ts';
import { WorkflowType } from '../../contracts/workflow-types.ts';
import type { Database } from '../../prisma/client.ts';
import { type NexusPlanInput, nexusPlanSchema, parseNexusInput } from '../../services/nexus/inputs.ts';
import { requireActiveWorkspace } from '../../services/workspaces.ts';

type Plan = (request: PlanRequest) => Promise<PlanResult>;

/** Plans the workspace. Cancelling the operation cancels its run, which serves no one else. */
export function planWorkspaceOperation(database: Database) {
  return new WorkflowRunOperationHandler<NexusPlanInput, PlanResult>(async (context, untrusted) => {
    const wishes = parseNexusInput(nexusPlanSchema, untrusted);
    await requireActiveWorkspace(database, wishes.workspaceId);
    const request = await preparePlan(database, { ...wishes, safe: false, source: 'api' });
    return startWorkflow<Plan>(context, WorkflowType.scheduleWorkspace, optionsOfPlan(request));
  });
}
