import {
  type Client,
  WithStartWorkflowOperation,
  type WorkflowStartOptions,
  WorkflowUpdateFailedError,
  type WorkflowUpdateHandle,
} from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, type Workflow } from '@temporalio/common';
import { SYNC_NOW_UPDATE, type SyncInput, type SyncNowResult, type SyncRequest } from '../contracts/sync.ts';
import type { SyncResult } from '../contracts/sync-result.ts';
import type { WorkflowType } from '../contracts/workflow-types.ts';
import type { StartedRun } from './started-run.ts';
import { isNotTaken } from './update-not-taken.ts';
import { waitForRequest } from './wait-for-request.ts';

/**
 * Longest wait until a worker accepts the update, in milliseconds. Until then the server keeps it in memory
 * only, so a signal takes its place when no worker is running.
 */
const ACCEPTED_WITHIN_MS = 2_000;

/** The server's limit of updates in flight per run. */
const MOST_IN_FLIGHT = 10;

/** Updates of this process that are not yet answered, by workflow ID: what is over the limit is not even sent. */
export type UpdatesInFlight = Map<string, number>;

/** A sync whose result a caller waits for. */
export interface AwaitedSync extends StartedRun {
  /** Waits for the result of the calendars that the request means. */
  result(): Promise<SyncResult>;
}

/** A checked request: the message to the run, and the run that is started if none is open. */
export interface PreparedSync {
  type: WorkflowType;
  options: WorkflowStartOptions & { args: [SyncInput] };
  request: SyncRequest & { requestId: string };
}

interface SyncNow extends PreparedSync {
  /** Distinguishes the request from others of the same run: a repeated one gets the first one's answer. */
  updateId: string;
  /** Makes the same request by a signal. */
  signal: () => Promise<StartedRun>;
}

/**
 * Requests a sync by one Update-with-Start, which answers with the result of the request's own pass. When the
 * run takes no update, the request becomes a signal, and its result is that of the run.
 */
export async function startSyncNow(
  temporal: Client,
  inFlight: UpdatesInFlight,
  sync: SyncNow,
): Promise<AwaitedSync> {
  const { calendarIds, requestId } = sync.request;
  const resultOf = async (run: StartedRun) => narrowed(await waitForRequest(temporal, run), calendarIds);
  const id = sync.options.workflowId;
  const isOver = (inFlight.get(id) ?? 0) >= MOST_IN_FLIGHT;
  const update = isOver ? null : await counted(inFlight, id, () => sendUpdate(temporal, sync));
  if (update === null) {
    const run = await sync.signal();
    return { ...run, result: () => resultOf(run) };
  }
  const { workflowId, workflowRunId: runId = '' } = update;
  const run = { workflowId, runId, requestId };
  return {
    ...run,
    async result() {
      try {
        return (await counted(inFlight, id, () => update.result())) ?? (await resultOf(run));
      } catch (error) {
        if (!(error instanceof WorkflowUpdateFailedError)) throw error;
        return resultOf(wasAccepted(error) ? run : await sync.signal());
      }
    },
  };
}

async function counted<T>(inFlight: UpdatesInFlight, id: string, call: () => Promise<T>): Promise<T> {
  inFlight.set(id, (inFlight.get(id) ?? 0) + 1);
  try {
    return await call();
  } finally {
    const left = (inFlight.get(id) ?? 1) - 1;
    if (left === 0) inFlight.delete(id);
    else inFlight.set(id, left);
  }
}

/** Null: the server or the run takes no update, or no worker has accepted it in time. */
async function sendUpdate(
  temporal: Client,
  { type, options, request, updateId }: SyncNow,
): Promise<WorkflowUpdateHandle<SyncNowResult> | null> {
  const startWorkflowOperation = new WithStartWorkflowOperation(type, {
    ...options,
    workflowIdConflictPolicy: 'USE_EXISTING',
  });
  try {
    return await temporal.withDeadline(Date.now() + ACCEPTED_WITHIN_MS, () =>
      temporal.workflow.startUpdateWithStart<Workflow, SyncNowResult, [SyncRequest]>(SYNC_NOW_UPDATE, {
        startWorkflowOperation,
        args: [request],
        updateId,
        waitForStage: 'ACCEPTED',
      }),
    );
  } catch (error) {
    if (isNotTaken(error)) return null;
    throw error;
  }
}

/**
 * Whether the run has accepted the update and ended without an answer. Otherwise its worker does not know it.
 */
function wasAccepted({ cause }: WorkflowUpdateFailedError): boolean {
  if (cause instanceof CancelledFailure) return true;
  return cause instanceof ApplicationFailure && cause.type === 'AcceptedUpdateCompletedWorkflow';
}

/** The part of a run's result that concerns the named calendars. */
function narrowed(result: SyncResult, calendarIds: readonly string[] | undefined): SyncResult {
  if (calendarIds === undefined) return result;
  const calendars = result.calendars.filter(({ calendarId }) => calendarIds.includes(calendarId));
  // A named calendar without a result may be one of an account that cannot be reached.
  const accounts = calendars.length < calendarIds.length ? (result.accounts ?? []) : [];
  const success = accounts.length === 0 && calendars.every(({ error }) => error === undefined);
  const { workspaceId } = result;
  return { workspaceId, success, calendars, ...(accounts.length > 0 && { accounts }) };
}
