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
import { MAX_WORKSPACE_IDS } from '../contracts/limits.ts';
import { PriorityKey } from '../contracts/priorities.ts';
import { summaryOf } from '../contracts/summaries.ts';
import { PROGRESS_QUERY, type SyncProgress } from '../contracts/sync.ts';
import type { SyncResult } from '../contracts/sync-result.ts';
import { SYNC_MODES, SYNC_SOURCES } from '../contracts/sync-modes.ts';
import { TaskQueue } from '../contracts/task-queues.ts';
import { calendarSyncWorkflowId, manualFanOutWorkflowId } from '../contracts/workflow-ids.ts';
import { WorkflowType } from '../contracts/workflow-types.ts';
import type { Database } from '../prisma/client.ts';
import { correlationIdSchema, parseInput, workspaceIdSchema } from '../services/input.ts';
import { prepareSync, signalSync, syncRequestSchema } from './prepare-sync.ts';
import { LONGEST_FAN_OUT, memoOf } from './start-options.ts';
import type { StartedRun } from './started-run.ts';
import { type AwaitedSync, startSyncNow, type UpdatesInFlight } from './sync-now.ts';
import { waitForRequest } from './wait-for-request.ts';
import { createTemplateApplicationClient, type TemplateApplicationClient } from './template-applications.ts';
import { createDeletionClient, type DeletionClient } from './deletions.ts';
import { createEventWriteClient, type EventWriteClient } from './event-writes.ts';
import { createPlanClient, type PlanClient } from './plans.ts';

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

  return {
    ...createPlanClient({ temporal, database }),
    ...createEventWriteClient(temporal),
    ...createDeletionClient({ temporal, database }),
    ...createTemplateApplicationClient({ temporal, database }),

    async requestSync(request) {
      return signalSync(temporal, await prepareSync(database, parseInput(syncRequestSchema, request)));
    },

    async syncNow(request) {
      const { updateId, ...asked } = parseInput(awaitedSyncSchema, request);
      const sync = await prepareSync(database, asked);
      return startSyncNow(temporal, updatesInFlight, {
        ...sync,
        updateId: updateId ?? sync.request.requestId,
        signal: () => signalSync(temporal, sync),
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
        staticSummary: summaryOf.fanOut(input.mode ?? 'incremental'),
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
