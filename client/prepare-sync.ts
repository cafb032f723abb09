import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { z } from 'zod';
import { MAX_CALENDAR_IDS } from '../contracts/limits.ts';
import { PriorityKey } from '../contracts/priorities.ts';
import { SYNC_MODE_ATTRIBUTE, WORKSPACE_ID_ATTRIBUTE } from '../contracts/search-attributes.ts';
import { summaryOf } from '../contracts/summaries.ts';
import { SYNC_REQUESTED_SIGNAL, type SyncInput, type SyncRequest } from '../contracts/sync.ts';
import { SYNC_MODES, SYNC_SOURCES } from '../contracts/sync-modes.ts';
import { TaskQueue } from '../contracts/task-queues.ts';
import { calendarSyncWorkflowId } from '../contracts/workflow-ids.ts';
import { WorkflowType } from '../contracts/workflow-types.ts';
import type { Database } from '../prisma/client.ts';
import { requireCalendars } from '../services/calendars.ts';
import { hurryCalendarLists } from '../services/hurry-calendar-lists.ts';
import { calendarIdSchema, correlationIdSchema, workspaceIdSchema } from '../services/input.ts';
import { requireActiveWorkspace } from '../services/workspaces.ts';
import { isFresh } from './fresh-calendars.ts';
import { LONGEST_RUN, memoOf } from './start-options.ts';
import type { StartedRun } from './started-run.ts';
import type { PreparedSync } from './sync-now.ts';

export const syncRequestSchema = z.object({
  workspaceId: workspaceIdSchema,
  mode: z.enum(SYNC_MODES).default('incremental'),
  /** Default: every enabled calendar of the workspace. */
  calendarIds: z
    .array(calendarIdSchema)
    .min(1)
    .max(MAX_CALENDAR_IDS)
    .transform((ids) => [...new Set(ids)])
    .optional(),
  source: z.enum(SYNC_SOURCES).default('manual'),
  correlationId: correlationIdSchema.optional(),
});

/** Checks a request, and makes of it what the signal, the update and the Nexus operation have in common. */
export async function prepareSync(
  database: Database,
  { workspaceId, mode, calendarIds, source, correlationId }: z.output<typeof syncRequestSchema>,
): Promise<PreparedSync> {
  await requireActiveWorkspace(database, workspaceId);
  if (calendarIds !== undefined) await requireCalendars(database, workspaceId, calendarIds);
  const isRepeated = source === 'api' && (await isFresh(database, { workspaceId, mode, calendarIds }));
  const isByHand = source === 'manual' || source === 'api';
  if (isByHand && calendarIds === undefined) await hurryCalendarLists(database, workspaceId);
  const input: SyncInput = { workspaceId, source, correlationId, calendarIds };
  return {
    type: mode === 'full' ? WorkflowType.fullSync : WorkflowType.incrementalSync,
    request: { mode, calendarIds, requestId: randomUUID(), isHurried: !isRepeated },
    options: {
      workflowId: calendarSyncWorkflowId(workspaceId),
      taskQueue: TaskQueue.calendarSync,
      args: [input],
      typedSearchAttributes: [
        { key: WORKSPACE_ID_ATTRIBUTE, value: workspaceId },
        { key: SYNC_MODE_ATTRIBUTE, value: mode },
      ],
      ...memoOf(correlationId),
      staticSummary: summaryOf.sync(workspaceId, mode),
      priority: {
        priorityKey: isRepeated ? PriorityKey.sweep : PriorityKey.interactive,
        fairnessKey: workspaceId,
      },
      workflowExecutionTimeout: LONGEST_RUN,
    },
  };
}

/** Adds the request to the running sync, or starts one. */
export async function signalSync(
  temporal: Client,
  { type, options, request }: PreparedSync,
): Promise<StartedRun> {
  const signalArgs: [SyncRequest] = [request];
  const signalled = { ...options, signal: SYNC_REQUESTED_SIGNAL, signalArgs };
  const { workflowId, signaledRunId } = await temporal.workflow.signalWithStart(type, signalled);
  return { workflowId, runId: signaledRunId, requestId: request.requestId };
}
