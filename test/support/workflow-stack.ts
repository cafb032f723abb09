import type {
  WorkflowHandleWithFirstExecutionRunId,
  WorkflowHandleWithSignaledRunId,
} from '@temporalio/client';
import type { SyncFanOutInput } from '../../contracts/fan-out.ts';
import type { SyncFanOutResult } from '../../contracts/fan-out-results.ts';
import { type SyncInput, type SyncRequest, SYNC_REQUESTED_SIGNAL } from '../../contracts/sync.ts';
import type { SyncResult } from '../../contracts/sync-result.ts';
import type { SyncMode } from '../../contracts/sync-modes.ts';
import { TaskQueue } from '../../contracts/task-queues.ts';
import { calendarSyncWorkflowId } from '../../contracts/workflow-ids.ts';
import { WorkflowType } from '../../contracts/workflow-types.ts';
import { startSyncStack, type SyncStack } from './sync-stack.ts';
import { connectTestTemporal, type TestTemporal, withWorkers } from './temporal.ts';

type SyncHandle = WorkflowHandleWithFirstExecutionRunId<(input: SyncInput) => Promise<SyncResult>>;
type JoinedHandle = WorkflowHandleWithSignaledRunId<(input: SyncInput) => Promise<SyncResult>>;
type FanOutHandle = WorkflowHandleWithFirstExecutionRunId<
  (input: SyncFanOutInput) => Promise<SyncFanOutResult>
>;

/** A sync stack with Temporal: what a deployment has. */
export interface WorkflowStack extends SyncStack {
  temporal: TestTemporal;
  /** Runs `work` while workers serve the queues. */
  withWorkers<T>(work: () => Promise<T>): Promise<T>;
  /** Starts a sync as the plain Temporal CLI does: any input, nothing but the input. */
  startSync(input: unknown, mode?: SyncMode): Promise<SyncHandle>;
  sync(workspaceId: string, mode?: SyncMode): Promise<SyncResult>;
  signalWithStart(
    workspaceId: string,
    request: SyncRequest,
    input?: Partial<SyncInput>,
  ): Promise<JoinedHandle>;
  startFanOut(input?: unknown): Promise<FanOutHandle>;
}

let fanOuts = 0;

function typeOf(mode: SyncMode): string {
  return mode === 'full' ? WorkflowType.fullSync : WorkflowType.incrementalSync;
}

export async function startWorkflowStack(
  connect: () => Promise<TestTemporal> = connectTestTemporal,
): Promise<WorkflowStack> {
  const [stack, temporal] = await Promise.all([startSyncStack(), connect()]);
  const { workflow } = temporal.client;
  const startSync: WorkflowStack['startSync'] = async (input, mode = 'incremental') => {
    const { workspaceId } = (input ?? {}) as Partial<SyncInput>;
    return workflow.start<(input: SyncInput) => Promise<SyncResult>>(typeOf(mode), {
      taskQueue: TaskQueue.calendarSync,
      workflowId: calendarSyncWorkflowId(String(workspaceId)),
      args: [input as SyncInput],
    });
  };
  return {
    ...stack,
    temporal,
    withWorkers: (work) => withWorkers(temporal, { activities: stack.activities }, work),
    startSync,
    sync: async (workspaceId, mode) => (await startSync({ workspaceId }, mode)).result(),
    signalWithStart: async (workspaceId, request, input = {}) =>
      workflow.signalWithStart<(input: SyncInput) => Promise<SyncResult>, [SyncRequest]>(
        typeOf(request.mode),
        {
          taskQueue: TaskQueue.calendarSync,
          workflowId: calendarSyncWorkflowId(workspaceId),
          args: [{ ...input, workspaceId }],
          signal: SYNC_REQUESTED_SIGNAL,
          signalArgs: [request],
        },
      ),
    startFanOut: async (input = {}) => {
      fanOuts += 1;
      return workflow.start<(input: SyncFanOutInput) => Promise<SyncFanOutResult>>(
        WorkflowType.syncAllWorkspaces,
        {
          taskQueue: TaskQueue.calendarSync,
          workflowId: `fan-out-${fanOuts}`,
          args: [input as SyncFanOutInput],
        },
      );
    },
    async close() {
      await temporal.close();
      await stack.close();
    },
  };
}

/** A stack whose workers serve from the start until it is closed. */
export async function startServedStack(): Promise<WorkflowStack> {
  const stack = await startWorkflowStack();
  let stop = (): void => undefined;
  const serving = stack.withWorkers(() => new Promise<void>((resolve) => (stop = resolve)));
  return {
    ...stack,
    async close() {
      stop();
      await serving;
      await stack.close();
    },
  };
}
