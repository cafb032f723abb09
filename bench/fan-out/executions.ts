import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { countActions, type HistoryEvent } from '../support/billed-actions.ts';
import { percentile } from '../support/statistics.ts';
import { mostPendingChildren } from './history.ts';

/** Visibility lags behind the server's own state. */
const LAG_POLL_MS = 250;
const LONGEST_LAG_MS = 60_000;
/** Number of children, evenly spread, whose histories are read. */
const CHILDREN_READ = 500;
const HISTORIES_AT_ONCE = 8;

/** The server's figures of a fan-out: coordinator, partitions with all their runs, and children. */
export interface ExecutionFigures {
  /** Durations of the children in milliseconds, by the server's times. */
  childMs: { p50: number; p95: number; p99: number };
  /** Maximum over all executions. */
  mostHistoryEvents: number;
  mostHistoryBytes: number;
  /** At any time, in any execution. */
  mostPendingChildren: number;
  /** Billed actions of a child's own history: its start and what it does. */
  childActions: number;
  /** Billed actions of coordinator and partitions, for each child. */
  fanOutActions: number;
}

async function listAll(temporal: Client, rootId: string, children: number): Promise<WorkflowExecutionInfo[]> {
  const root = `RootWorkflowId = '${rootId}'`;
  const deadline = Date.now() + LONGEST_LAG_MS;
  const closed = `${root} AND ExecutionStatus != 'Running'`;
  // The coordinator and a partition come on top.
  while ((await temporal.workflow.count(closed)).count < children + 2) {
    if (Date.now() > deadline) throw new Error('The server does not list all executions of the fan-out.');
    await sleep(LAG_POLL_MS);
  }
  const executions: WorkflowExecutionInfo[] = [];
  for await (const execution of temporal.workflow.list({ query: root })) executions.push(execution);
  return executions;
}

async function readHistories<T>(
  temporal: Client,
  executions: readonly WorkflowExecutionInfo[],
  read: (events: readonly HistoryEvent[]) => T,
): Promise<T[]> {
  const results: T[] = [];
  const queue = executions.values();
  const work = async () => {
    for (const execution of queue) results.push(read(await fetchEvents(temporal, execution)));
  };
  await Promise.all(Array.from({ length: HISTORIES_AT_ONCE }, work));
  return results;
}

async function fetchEvents(
  temporal: Client,
  { workflowId, runId }: WorkflowExecutionInfo,
): Promise<HistoryEvent[]> {
  const { events } = await temporal.workflow.getHandle(workflowId, runId).fetchHistory();
  return events ?? [];
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** @param childTypes workflow types of the children; everything else is the fan-out's own. */
export async function readExecutions(
  temporal: Client,
  { rootId, children, childTypes }: { rootId: string; children: number; childTypes: readonly string[] },
): Promise<ExecutionFigures> {
  const all = await listAll(temporal, rootId, children);
  const ofChildren = all.filter(({ type }) => childTypes.includes(type));
  const own = all.filter(({ type }) => !childTypes.includes(type));
  const latencies = ofChildren.map(
    ({ startTime, closeTime }) => (closeTime?.getTime() ?? Number.NaN) - startTime.getTime(),
  );
  const step = Math.max(1, Math.floor(ofChildren.length / CHILDREN_READ));
  const sample = ofChildren.filter((_, index) => index % step === 0);
  const childActions = await readHistories(temporal, sample, countActions);
  const ownHistories = await readHistories(temporal, own, (events) => ({
    actions: countActions(events),
    pending: mostPendingChildren(events),
  }));
  return {
    childMs: {
      p50: percentile(latencies, 0.5),
      p95: percentile(latencies, 0.95),
      p99: percentile(latencies, 0.99),
    },
    mostHistoryEvents: Math.max(...all.map(({ historyLength }) => historyLength)),
    mostHistoryBytes: Math.max(...all.map(({ historySize = 0 }) => historySize)),
    mostPendingChildren: Math.max(...ownHistories.map(({ pending }) => pending)),
    childActions: sum(childActions) / sample.length,
    fanOutActions: sum(ownHistories.map(({ actions }) => actions)) / ofChildren.length,
  };
}
