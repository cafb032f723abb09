import { z } from 'zod';
import { FEWEST_PLAN_DAYS, MOST_PLAN_DAYS } from '../contracts/limits.ts';
import { PLAN_MODES, type PlanRequest } from '../contracts/planning.ts';
import { PriorityKey } from '../contracts/priorities.ts';
import { WORKSPACE_ID_ATTRIBUTE } from '../contracts/search-attributes.ts';
import { summaryOf } from '../contracts/summaries.ts';
import { SYNC_SOURCES } from '../contracts/sync-modes.ts';
import { TaskQueue } from '../contracts/task-queues.ts';
import { smartScheduleWorkflowId } from '../contracts/workflow-ids.ts';
import type { Database } from '../prisma/client.ts';
import { definedOnly } from '../services/defined-only.ts';
import { InvalidInputError, NoAccountError, NotInWorkspaceError } from '../services/errors.ts';
import { correlationIdSchema, workspaceIdSchema } from '../services/input.ts';
import { workspaceOfRun } from '../services/planning/plan-runs.ts';
import { LONGEST_RUN, memoOf } from './start-options.ts';

const DAYS_RULE = `must be a whole number from ${FEWEST_PLAN_DAYS} to ${MOST_PLAN_DAYS}`;

export const planRequestSchema = z.object({
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

type PlanWishes = Omit<z.output<typeof planRequestSchema>, 'requestId' | 'whenBusy'>;

/**
 * Checks a request of an active workspace, and makes the run's input of it. An apply carries the fingerprint of
 * the last preview.
 * @throws NotFoundError when there is no account to apply to, or no such run to undo.
 */
export async function preparePlan(
  database: Database,
  { undoRunId, days, correlationId, ...wishes }: PlanWishes,
): Promise<PlanRequest> {
  const { workspaceId, mode, safe } = wishes;
  if (mode === 'apply') await requireAccount(database, workspaceId);
  if (mode === 'undo' && undoRunId === undefined)
    throw new InvalidInputError('run', 'must be the UUID of an applied run');
  if (undoRunId !== undefined && (await workspaceOfRun(database, undoRunId)) !== workspaceId)
    throw new NotInWorkspaceError(workspaceId, 'run', undoRunId);
  const expectedFingerprint = mode === 'apply' ? await lastPreview(database, workspaceId) : undefined;
  if (mode === 'apply' && safe && expectedFingerprint === undefined)
    throw new InvalidInputError('safe', 'requires an earlier preview to compare with: make one first');
  return { ...wishes, ...definedOnly({ days, undoRunId, correlationId, expectedFingerprint }) };
}

/** Options of the run of a plan. There is one run a workspace. */
export const optionsOfPlan = (request: PlanRequest, requestId?: string) => ({
  workflowId: smartScheduleWorkflowId(request.workspaceId),
  taskQueue: TaskQueue.calendarSync,
  args: [request] as [PlanRequest],
  typedSearchAttributes: [{ key: WORKSPACE_ID_ATTRIBUTE, value: request.workspaceId }],
  ...memoOf(request.correlationId, requestId),
  staticSummary: summaryOf.plan(request.workspaceId, request.mode ?? 'preview'),
  priority: { priorityKey: PriorityKey.interactive, fairnessKey: request.workspaceId },
  workflowExecutionTimeout: LONGEST_RUN,
});

async function requireAccount(database: Database, workspaceId: string): Promise<void> {
  if ((await database.calendarAuthToken.count({ where: { workspaceId } })) > 0) return;
  throw new NoAccountError(workspaceId);
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
