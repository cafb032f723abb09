import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { z } from 'zod';
import { PLAN_MODES, type PlanRequest } from '../contracts/planning.ts';
import type { PlanResult } from '../contracts/plan-result.ts';
import { FEWEST_PLAN_DAYS, MOST_PLAN_DAYS } from '../contracts/limits.ts';
import { PriorityKey } from '../contracts/priorities.ts';
import { WORKSPACE_ID_ATTRIBUTE } from '../contracts/search-attributes.ts';
import { SYNC_SOURCES } from '../contracts/sync-modes.ts';
import { TaskQueue } from '../contracts/task-queues.ts';
import { smartScheduleWorkflowId } from '../contracts/workflow-ids.ts';
import { WorkflowType } from '../contracts/workflow-types.ts';
import type { Database } from '../prisma/client.ts';
import type { StartedRun } from './started-run.ts';
import { BusyError, InvalidInputError, NoAccountError, NotInWorkspaceError } from '../services/errors.ts';
import { correlationIdSchema, parseInput, workspaceIdSchema } from '../services/input.ts';
import { workspaceOfRun } from '../services/planning/plan-runs.ts';
import { definedOnly } from '../services/defined-only.ts';
import { memoOf, LONGEST_RUN } from './start-options.ts';
import { requireActiveWorkspace } from '../services/workspaces.ts';

const DAYS_RULE = `must be a whole number from ${FEWEST_PLAN_DAYS} to ${MOST_PLAN_DAYS}`;

const planRequestSchema = z.object({
  workspaceId: workspaceIdSchema,
  mode: z.enum(PLAN_MODES).default('preview'),
  /** Days from today. Default: the workspace's policy. */
  days: z.int(DAYS_RULE).min(FEWEST_PLAN_DAYS, DAYS_RULE).max(MOST_PLAN_DAYS, DAYS_RULE).optional(),
  /** Whether to plan as if nothing had been placed before; pinned blocks stay. */
  force: z.boolean().default(false),
  /** Whether nothing is applied if anything has changed since the last preview. */
  safe: z.boolean().default(false),
  /** The applied run that `undo` reverts. */
  undoRunId: z.guid('must be the UUID of an applied run').toLowerCase().optional(),
  source: z.enum(SYNC_SOURCES).default('manual'),
  correlationId: correlationIdSchema.optional(),
  /** A request under the ID of an earlier one gets the earlier one's run, if no other has begun since. */
  requestId: z.guid().optional(),
  /** Behaviour while a planning run of the workspace is in progress: wait until it has ended, or refuse. */
  whenBusy: z.enum(['wait', 'refuse']).default('wait'),
});

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
        const handle = await temporal.workflow.start(WorkflowType.scheduleWorkspace, {
          workflowId,
          taskQueue: TaskQueue.calendarSync,
          args: [request],
          typedSearchAttributes: [{ key: WORKSPACE_ID_ATTRIBUTE, value: workspaceId }],
          ...memoOf(request.correlationId, requestId),
          priority: { priorityKey: PriorityKey.interactive, fairnessKey: workspaceId },
          workflowExecutionTimeout: LONGEST_RUN,
        });
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
      const { undoRunId, days, correlationId, whenBusy, requestId, ...parsed } = parseInput(
        planRequestSchema,
        request,
      );
      const { workspaceId, mode, safe } = parsed;
      await requireActiveWorkspace(database, workspaceId);
      const earlier = requestId === undefined ? null : await runOfRequest(temporal, workspaceId, requestId);
      if (earlier !== null) return earlier;
      if (mode === 'apply') await requireAccount(database, workspaceId);
      if (mode === 'undo' && undoRunId === undefined)
        throw new InvalidInputError('run', 'must be the UUID of an applied run');
      if (undoRunId !== undefined && (await workspaceOfRun(database, undoRunId)) !== workspaceId)
        throw new NotInWorkspaceError(workspaceId, 'run', undoRunId);
      const expectedFingerprint = mode === 'apply' ? await lastPreview(database, workspaceId) : undefined;
      if (mode === 'apply' && safe && expectedFingerprint === undefined)
        throw new InvalidInputError('safe', 'requires an earlier preview to compare with: make one first');
      return startWhenFree(
        { ...parsed, ...definedOnly({ days, undoRunId, correlationId, expectedFingerprint }) },
        { whenBusy, requestId },
        wait,
      );
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

async function requireAccount(database: Database, workspaceId: string): Promise<void> {
  if ((await database.calendarAuthToken.count({ where: { workspaceId } })) > 0) return;
  throw new NoAccountError(workspaceId);
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

/** Fingerprint of the last preview, if nothing has been applied since. */
async function lastPreview(database: Database, workspaceId: string): Promise<string | undefined> {
  const last = await database.scheduleRun.findFirst({
    where: { workspaceId, status: { in: ['planned', 'applied', 'failed', 'applying'] } },
    orderBy: { startedAt: 'desc' },
    select: { mode: true, fingerprint: true },
  });
  return last?.mode === 'preview' && last.fingerprint !== null ? last.fingerprint : undefined;
}
