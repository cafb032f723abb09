import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { z } from 'zod';
import type { PlanRequest } from '../contracts/planning.ts';
import type { PlanResult } from '../contracts/plan-result.ts';
import { smartScheduleWorkflowId } from '../contracts/workflow-ids.ts';
import { WorkflowType } from '../contracts/workflow-types.ts';
import type { Database } from '../prisma/client.ts';
import { BusyError } from '../services/errors.ts';
import { parseInput } from '../services/input.ts';
import { requireActiveWorkspace } from '../services/workspaces.ts';
import { optionsOfPlan, planRequestSchema, preparePlan } from './prepare-plan.ts';
import type { StartedRun } from './started-run.ts';

/** Longest wait for a run in progress; longer than any planning run takes. */
const LONGEST_WAIT_MS = 30 * 60_000;
/**
 * Interval at which a run in progress is described. Describing a run costs no billed action and holds no long
 * poll.
 */
const LOOK_EVERY_MS = 500;

/** Limits of the wait for a run in progress. */
export interface FreeWait {
  /** Aborted when the caller has left: nothing is started any more. */
  signal?: AbortSignal;
  /** Longest wait in milliseconds. Default: half an hour. */
  deadlineMs?: number;
}

export interface PlanClient {
  /**
   * Starts a planning run: preview, apply, undo or purge. It first waits for a run of the workspace in
   * progress, because two must not write at the same time. An apply carries the fingerprint of the last
   * preview. A run serves one request, so its result is that of the request.
   * @throws NotFoundError when there is no such workspace, no such run to undo, or no account to apply to;
   *   BusyError when a run is in progress and `whenBusy` is `refuse` or the wait is over; the signal's reason
   *   when it is aborted.
   */
  requestPlan(request: z.input<typeof planRequestSchema>, wait?: FreeWait): Promise<StartedRun>;
  /** Waits for a run of `requestPlan`. */
  waitForPlan(run: StartedRun): Promise<PlanResult>;
}

export function createPlanClient({
  temporal,
  database,
}: {
  temporal: Client;
  database: Database;
}): PlanClient {
  async function startWhenFree(
    request: PlanRequest,
    { whenBusy, requestId }: { whenBusy: 'wait' | 'refuse'; requestId: string | undefined },
    { signal, deadlineMs = LONGEST_WAIT_MS }: FreeWait,
  ): Promise<StartedRun> {
    const { workspaceId } = request;
    const workflowId = smartScheduleWorkflowId(workspaceId);
    const deadline = performance.now() + deadlineMs;
    for (;;) {
      signal?.throwIfAborted();
      try {
        const handle = await temporal.workflow.start(
          WorkflowType.scheduleWorkspace,
          optionsOfPlan(request, requestId),
        );
        return { workflowId, runId: handle.firstExecutionRunId };
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
        if (whenBusy === 'refuse' || performance.now() >= deadline)
          throw new BusyError(
            `A planning run of workspace ${workspaceId} is in progress: try again when it has ended.`,
            { cause: error },
          );
      }
      await untilEnded(temporal, workflowId, deadline, signal);
    }
  }

  return {
    async requestPlan(request, wait = {}) {
      const { whenBusy, requestId, ...wishes } = parseInput(planRequestSchema, request);
      const { workspaceId } = wishes;
      await requireActiveWorkspace(database, workspaceId);
      const earlier = requestId === undefined ? null : await runOfRequest(temporal, workspaceId, requestId);
      if (earlier !== null) return earlier;
      return startWhenFree(await preparePlan(database, wishes), { whenBusy, requestId }, wait);
    },

    waitForPlan: ({ workflowId, runId }) => temporal.workflow.getHandle(workflowId, runId).result(),
  };
}

/** The workspace's last run, if this request has started it. */
async function runOfRequest(
  temporal: Client,
  workspaceId: string,
  requestId: string,
): Promise<StartedRun | null> {
  const workflowId = smartScheduleWorkflowId(workspaceId);
  try {
    const { runId, memo } = await temporal.workflow.getHandle(workflowId).describe();
    return memo?.['requestId'] === requestId ? { workflowId, runId } : null;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

/** Waits until a run has ended, however it ended. */
async function untilEnded(
  temporal: Client,
  workflowId: string,
  deadline: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const handle = temporal.workflow.getHandle(workflowId);
  while (performance.now() < deadline) {
    signal?.throwIfAborted();
    if ((await handle.describe()).status.name !== 'RUNNING') return;
    await sleep(Math.min(LOOK_EVERY_MS, Math.max(0, deadline - performance.now())), undefined, { signal });
  }
}
