import { randomUUID } from 'node:crypto';
import { type Client, WorkflowFailedError } from '@temporalio/client';
import {
  ApplicationFailure,
  CancelledFailure,
  TemporalFailure,
  TerminatedFailure,
  TimeoutFailure,
} from '@temporalio/common';
import { z } from 'zod';
import type { SyncFanOutInput } from '../contracts/fan-out.ts';
import type { SyncFanOutResult } from '../contracts/fan-out-results.ts';
import { MAX_WORKSPACE_IDS, MAX_CALENDAR_IDS } from '../contracts/limits.ts';
import { PriorityKey } from '../contracts/priorities.ts';
import { SYNC_MODE_ATTRIBUTE, WORKSPACE_ID_ATTRIBUTE } from '../contracts/search-attributes.ts';
import {
  PROGRESS_QUERY,
  SYNC_REQUESTED_SIGNAL,
  type SyncInput,
  type SyncProgress,
  type SyncRequest,
} from '../contracts/sync.ts';
import type { SyncResult } from '../contracts/sync-result.ts';
import { SYNC_MODES, SYNC_SOURCES } from '../contracts/sync-modes.ts';
import { TaskQueue } from '../contracts/task-queues.ts';
import { calendarSyncWorkflowId, manualFanOutWorkflowId } from '../contracts/workflow-ids.ts';
import { WorkflowType } from '../contracts/workflow-types.ts';
import type { Database } from '../prisma/client.ts';
import { requireCalendars } from '../services/calendars.ts';
import { calendarIdSchema, correlationIdSchema, parseInput, workspaceIdSchema } from '../services/input.ts';
import { isFresh } from './fresh-calendars.ts';
import { hurryCalendarLists } from '../services/hurry-calendar-lists.ts';
import { LONGEST_FAN_OUT, LONGEST_RUN, memoOf } from './start-options.ts';
import type { StartedRun } from './started-run.ts';
import { type AwaitedSync, type PreparedSync, startSyncNow, type UpdatesInFlight } from './sync-now.ts';
import { waitForRequest } from './wait-for-request.ts';
import { createTemplateApplicationClient, type TemplateApplicationClient } from './template-applications.ts';
import { createDeletionClient, type DeletionClient } from './deletions.ts';
import { createEventWriteClient, type EventWriteClient } from './event-writes.ts';
import { createPlanClient, type PlanClient } from './plans.ts';
import { requireActiveWorkspace } from '../services/workspaces.ts';

const syncRequestSchema = z.object({
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

const syncAllRequestSchema = z
  .object({
    mode: z.enum(SYNC_MODES).default('incremental'),
    /** Whether every workspace with a usable account is synced, due or not. */
    all: z.boolean().default(false),
    /** Workspaces to sync, due or not. Default: those that are due. */
    workspaceIds: z.array(workspaceIdSchema).min(1).max(MAX_WORKSPACE_IDS).optional(),
    source: z.enum(SYNC_SOURCES).default('manual'),
    correlationId: correlationIdSchema.optional(),
  })
  .refine(({ all, workspaceIds }) => !all || workspaceIds === undefined, {
    path: ['all'],
    error: 'must not be true together with workspaceIds',
  });

const awaitedSyncSchema = syncRequestSchema.extend({
  /** A request under the ID of an earlier one gets the earlier one's answer. Default: a random ID. */
  updateId: z.guid().optional(),
});

/** Starts syncs, plans, writes and deletions, and waits for them. */
export interface AlmanacClient
  extends PlanClient, EventWriteClient, DeletionClient, TemplateApplicationClient {
  /**
   * Requests a sync of a workspace. A running sync serves the request before it ends; otherwise one is
   * started. The result of the returned run covers the request in either case. An API caller that repeats a
   * request at once gets a lower priority. If a person or the API requests a whole workspace, the calendar
   * lists of its accounts are read again, each at most once a minute (10 s after one that lacked something).
   * @throws NotFoundError when there is no such workspace, or it has no such calendar.
   */
  requestSync(request: z.input<typeof syncRequestSchema>): Promise<StartedRun>;
  /**
   * Requests a sync as `requestSync` does, for a caller that waits: it gets the result of the calendars that
   * it names, from the pass that serves it, however long other requests keep the run going.
   */
  syncNow(request: z.input<typeof awaitedSyncSchema>): Promise<AwaitedSync>;
  /** Starts a fan-out over the due workspaces, over all of them, or over the named ones. */
  syncAll(request: z.input<typeof syncAllRequestSchema>): Promise<StartedRun>;
  /**
   * Waits for a run of `requestSync`, across continue-as-new. A run with a request ID is awaited only until
   * that request has been served, even if other requests keep the sync running.
   */
  waitForSync(run: StartedRun): Promise<SyncResult>;
  waitForSyncAll(run: StartedRun): Promise<SyncFanOutResult>;
  /** Progress of a workspace's running sync. A worker has to be running to answer. */
  syncProgress(workspaceId: string): Promise<SyncProgress>;
}

/**
 * @example
 * const almanac = createAlmanacClient({ temporal: await connectTemporal(settings), database });
 * const run = await almanac.requestSync({ workspaceId: 'acme' });
 * const { success, calendars } = await almanac.waitForSync(run);
 */
export function createAlmanacClient({
  temporal,
  database,
}: {
  temporal: Client;
  database: Database;
}): AlmanacClient {
  const resultOf = <Result>({ workflowId, runId }: StartedRun): Promise<Result> =>
    temporal.workflow.getHandle(workflowId, runId).result();

  const updatesInFlight: UpdatesInFlight = new Map();

  /** Checks a request, and makes of it what the signal and the update have in common. */
  async function prepareSync({
    workspaceId,
    mode,
    calendarIds,
    source,
    correlationId,
  }: z.output<typeof syncRequestSchema>): Promise<PreparedSync> {
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
        priority: {
          priorityKey: isRepeated ? PriorityKey.sweep : PriorityKey.interactive,
          fairnessKey: workspaceId,
        },
        workflowExecutionTimeout: LONGEST_RUN,
      },
    };
  }

  async function signalSync({ type, options, request }: PreparedSync): Promise<StartedRun> {
    const signalArgs: [SyncRequest] = [request];
    const signalled = { ...options, signal: SYNC_REQUESTED_SIGNAL, signalArgs };
    const { workflowId, signaledRunId } = await temporal.workflow.signalWithStart(type, signalled);
    return { workflowId, runId: signaledRunId, requestId: request.requestId };
  }

  return {
    ...createPlanClient({ temporal, database }),
    ...createEventWriteClient(temporal),
    ...createDeletionClient({ temporal, database }),
    ...createTemplateApplicationClient({ temporal, database }),

    async requestSync(request) {
      return signalSync(await prepareSync(parseInput(syncRequestSchema, request)));
    },

    async syncNow(request) {
      const { updateId, ...asked } = parseInput(awaitedSyncSchema, request);
      const sync = await prepareSync(asked);
      return startSyncNow(temporal, updatesInFlight, {
        ...sync,
        updateId: updateId ?? sync.request.requestId,
        signal: () => signalSync(sync),
      });
    },

    async syncAll(request) {
      const input: SyncFanOutInput = parseInput(syncAllRequestSchema, request);
      const workflowId = manualFanOutWorkflowId(randomUUID());
      const handle = await temporal.workflow.start(WorkflowType.syncAllWorkspaces, {
        workflowId,
        taskQueue: TaskQueue.calendarSync,
        args: [input],
        ...memoOf(input.correlationId),
        priority: { priorityKey: input.mode === 'full' ? PriorityKey.sweep : PriorityKey.interactive },
        workflowExecutionTimeout: LONGEST_FAN_OUT,
      });
      return { workflowId, runId: handle.firstExecutionRunId };
    },

    waitForSync: (run) => waitForRequest(temporal, run),
    waitForSyncAll: resultOf<SyncFanOutResult>,

    async syncProgress(workspaceId) {
      const id = parseInput(workspaceIdSchema, workspaceId, 'workspace');
      return temporal.workflow.getHandle(calendarSyncWorkflowId(id)).query<SyncProgress>(PROGRESS_QUERY);
    },
  };
}

/**
 * Reason why an awaited run failed, in one word: the failure type, if the workflow gave one. Undefined: the
 * error is not a failed run.
 */
export function failureOf(error: unknown): string | undefined {
  if (!(error instanceof WorkflowFailedError)) return undefined;
  let cause: unknown = error.cause;
  while (cause instanceof TemporalFailure && !(cause instanceof ApplicationFailure) && cause.cause) {
    cause = cause.cause;
  }
  if (cause instanceof ApplicationFailure) return cause.type ?? 'ApplicationFailure';
  if (cause instanceof CancelledFailure) return 'Cancelled';
  if (cause instanceof TerminatedFailure) return 'Terminated';
  if (cause instanceof TimeoutFailure) return 'TimedOut';
  return 'Failed';
}
