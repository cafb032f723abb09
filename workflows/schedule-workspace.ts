import {
  ApplicationFailure,
  isCancellation,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { FailureType } from '../contracts/failure-types.ts';
import type { PlanMode, PlanRequest } from '../contracts/planning.ts';
import type { PlanResult } from '../contracts/plan-result.ts';
import type { PlanRunContext } from '../contracts/planning-activities.ts';
import { SYNC_OUTCOME_ATTRIBUTE } from '../contracts/search-attributes.ts';
import { database } from './activities.ts';
import { failureTypeOf } from './failure-type-of.ts';
import { checkPlanRequest } from './input/plan.ts';
import { planAndApply } from './plan-and-apply.ts';
import { purgePlans } from './purge-plans.ts';
import { undoRun } from './undo-run.ts';
import { nameRun } from './name-run.ts';

/** Failures of the request itself: the run fails, because only a corrected request can succeed. */
const REQUEST_FAILURES: readonly FailureType[] = [
  FailureType.invalidInput,
  FailureType.workspaceNotFound,
  FailureType.workspacePaused,
];

/**
 * Plans a workspace: syncs it, takes over edits that people have made to its blocks, plans, and then stores
 * the plan (`preview`) or also writes the differences to Google (`apply`). Reverts an applied run (`undo`),
 * or removes all events ever written (`purge`). Workflow ID `smart-schedule/{workspaceId}`, so no two runs
 * write at once.
 */
export async function scheduleWorkspace(untrusted: PlanRequest): Promise<PlanResult> {
  const request = checkPlanRequest(untrusted);
  const { workspaceId } = request;
  nameRun(workspaceId);
  const run: PlanRunContext = {
    workspaceId,
    source: request.source ?? 'manual',
    correlationId: request.correlationId ?? workflowInfo().runId,
  };
  const mode = request.mode ?? 'preview';
  const result = emptyResult(workspaceId, mode);
  try {
    await work(request, mode, run, result);
    result.success = result.refused === undefined;
  } catch (error) {
    if (isCancellation(error)) throw error;
    const type = failureTypeOf(error);
    if (REQUEST_FAILURES.includes(type)) throw ApplicationFailure.nonRetryable(messageOf(error), type);
    result.error = type;
    // A preview, an undo and a purge report to their caller, so they leave no dead letter.
    if (mode === 'apply')
      await database.recordPlanFailure.executeWithOptions({ summary: type }, [{ ...run, failureType: type }]);
  }
  if (!result.success) upsertSearchAttributes([{ key: SYNC_OUTCOME_ATTRIBUTE, value: 'failed' }]);
  return result;
}

/** Fills in the result step by step, so that it counts completed writes even if a later step fails. */
async function work(
  request: PlanRequest,
  mode: PlanMode,
  run: PlanRunContext,
  result: PlanResult,
): Promise<void> {
  switch (mode) {
    case 'preview':
    case 'apply':
      return planAndApply({ ...request, mode }, run, result);
    case 'undo':
      return undoRun(request.undoRunId ?? '', run, result);
    case 'purge':
      return purgePlans(run, result);
  }
}

function emptyResult(workspaceId: string, mode: PlanMode): PlanResult {
  return {
    workspaceId,
    success: false,
    runId: null,
    mode,
    applied: false,
    placed: 0,
    unscheduled: 0,
    created: 0,
    moved: 0,
    deleted: 0,
    edits: { pinned: 0, declined: 0 },
    replanned: false,
  };
}

/** The innermost message: failures of activities and children are wrapped. */
function messageOf(error: unknown): string {
  let innermost = error as Error;
  while (innermost.cause instanceof Error) innermost = innermost.cause;
  return innermost.message;
}
