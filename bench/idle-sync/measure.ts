import type { SyncFanOutResult } from '../../contracts/fan-out-results.ts';
import { TaskQueue } from '../../contracts/task-queues.ts';
import { calendarSyncWorkflowId, manualFanOutWorkflowId } from '../../contracts/workflow-ids.ts';
import { WorkflowType } from '../../contracts/workflow-types.ts';
import type { Database } from '../../prisma/client.ts';
import { counted } from '../support/counted.ts';
import { OWN } from '../support/database-server.ts';
import { residentBytes } from '../support/process-memory.ts';
import { type BenchStack, withStack } from '../support/stack.ts';
import { percentile } from '../support/statistics.ts';
import { type HistoryCounts, readHistory, timeSync } from '../support/workflow-run.ts';
import { connectAccount, generateAccount, withDatabase } from '../support/workspace.ts';

const WORKSPACE_ID = 'bench';
const CALENDAR = { events: 300, recurringShare: 0.15 };
const FAN_OUT_ID = manualFanOutWorkflowId('bench');

/** One way of starting the sync; everything but the latency is per run. */
export interface IdleSync {
  how: 'by hand' | 'fan-out of one workspace';
  p50Ms: number;
  p95Ms: number;
  requests: number;
  statements: number;
  /** Counts from the history of the calendar's sync. */
  sync: HistoryCounts;
  workerBytes: number;
}

async function makeDue(database: Database): Promise<void> {
  await database.$executeRawUnsafe(`update ${OWN} calendar_sync_states set next_sync_at = 'epoch'`);
}

async function timeFanOut({ temporal }: BenchStack): Promise<number> {
  const startedAt = performance.now();
  const result: SyncFanOutResult = await temporal.workflow.execute(WorkflowType.syncAllWorkspaces, {
    taskQueue: TaskQueue.calendarSync,
    workflowId: FAN_OUT_ID,
    args: [{}],
  });
  if (result.succeeded !== 1) throw new Error(`The fan-out failed: ${JSON.stringify(result)}`);
  return performance.now() - startedAt;
}

/** Runs an idle sync again and again, in a workspace that has been synced. */
export async function measureIdleSync(runs: number): Promise<IdleSync[]> {
  return withStack(async (stack) => {
    const account = await generateAccount(stack, CALENDAR);
    return withDatabase(stack, async (database, target) => {
      await connectAccount(stack, database, WORKSPACE_ID, account);
      const worker = await stack.startWorker(target.url);
      const [pid = 0] = worker.pids;
      const repeat = async (how: IdleSync['how'], once: () => Promise<number>): Promise<IdleSync> => {
        await once();
        const { result, requests, statements } = await counted(stack, target, async () => {
          const latencies: number[] = [];
          for (let run = 0; run < runs; run += 1) latencies.push(await once());
          return latencies;
        });
        return {
          how,
          p50Ms: percentile(result, 0.5),
          p95Ms: percentile(result, 0.95),
          requests: requests / runs,
          statements: statements / runs,
          sync: await readHistory(stack.temporal, calendarSyncWorkflowId(WORKSPACE_ID)),
          workerBytes: residentBytes(pid),
        };
      };
      const byHand = async () =>
        (await timeSync(stack.temporal, WorkflowType.incrementalSync, WORKSPACE_ID)).ms;
      const byFanOut = async () => {
        await makeDue(database);
        return timeFanOut(stack);
      };
      try {
        await byHand();
        return [
          await stack.progress.step('Syncing by hand', () => repeat('by hand', byHand)),
          await stack.progress.step('Syncing by the fan-out', () =>
            repeat('fan-out of one workspace', byFanOut),
          ),
        ];
      } finally {
        await worker.stop();
      }
    });
  });
}
