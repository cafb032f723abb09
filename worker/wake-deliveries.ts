import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import { DELIVERY_WOKEN_SIGNAL, type DeliverChangesInput } from '../contracts/delivery.ts';
import { MINUTE_MS, SECOND_MS } from '../contracts/durations.ts';
import { PriorityKey } from '../contracts/priorities.ts';
import { WORKSPACE_ID_ATTRIBUTE } from '../contracts/search-attributes.ts';
import { summaryOf } from '../contracts/summaries.ts';
import { TaskQueue } from '../contracts/task-queues.ts';
import { deliveryWorkflowId } from '../contracts/workflow-ids.ts';
import { WorkflowType } from '../contracts/workflow-types.ts';
import type { Database } from '../prisma/client.ts';
import { type DueSubscription, dueSubscriptions } from '../services/delivery/due-subscriptions.ts';
import { listenForChanges } from '../services/delivery/listen-for-changes.ts';

/** Makes good wake-ups that were lost: a process died with them, or no notification arrives. */
const SWEEP_EVERY_MS = MINUTE_MS;
const AFTER_FAILURE_MS = 5 * SECOND_MS;
const SIGNALS_AT_ONCE = 10;
/** More changed workspaces than this are not named: all subscriptions are looked at. */
const MOST_NAMED = 1_000;
/** Longer than a receiver may fail. A run that is still there then is replaced by the next wake-up. */
const LONGEST_RUN = '4 days';

interface WakerParts {
  databaseUrl: string;
  database: Database;
  temporal: Client;
  logger: Logger;
  sweepEveryMs?: number;
}

/**
 * Wakes the workflow of each subscription that a commit has given something to deliver. Commits that come while
 * it is busy are looked at together. Once a minute, and whenever it has connected, it looks at all subscriptions.
 * @returns stops it
 */
export function startDeliveryWaker({
  databaseUrl,
  database,
  temporal,
  logger,
  sweepEveryMs = SWEEP_EVERY_MS,
}: WakerParts): () => Promise<void> {
  const stop = new AbortController();
  let changed = new Set<string>();
  let isSweepDue = false;
  let waking: Promise<void> | undefined;

  async function wakeAll(): Promise<void> {
    while ((isSweepDue || changed.size > 0) && !stop.signal.aborted) {
      const workspaceIds = isSweepDue || changed.size > MOST_NAMED ? null : [...changed];
      [changed, isSweepDue] = [new Set(), false];
      try {
        await wakeDue(database, temporal, workspaceIds);
      } catch (error) {
        logger.warn({ errorName: (error as Error).name }, 'Deliveries could not be woken; trying again');
        isSweepDue = true;
        await sleep(AFTER_FAILURE_MS, undefined, { signal: stop.signal }).catch(() => undefined);
      }
    }
  }
  const wake = () => {
    waking ??= wakeAll().finally(() => (waking = undefined));
  };
  const sweep = () => {
    isSweepDue = true;
    wake();
  };

  const listener = listenForChanges({
    databaseUrl,
    onChange: (workspaceId) => {
      changed.add(workspaceId);
      wake();
    },
    onConnected: sweep,
    onDisconnected: (waitMs) =>
      logger.warn({ waitMs }, 'The connection that hears of changes has ended; connecting again'),
  });
  const sweeps = setInterval(sweep, sweepEveryMs);
  return async () => {
    clearInterval(sweeps);
    stop.abort();
    await listener.close();
    await waking;
  };
}

async function wakeDue(
  database: Database,
  temporal: Client,
  workspaceIds: readonly string[] | null,
): Promise<void> {
  let after: string | null = null;
  do {
    const { due, next } = await dueSubscriptions(database, workspaceIds, after);
    for (let start = 0; start < due.length; start += SIGNALS_AT_ONCE) {
      await Promise.all(due.slice(start, start + SIGNALS_AT_ONCE).map((one) => signal(temporal, one)));
    }
    after = next;
  } while (after !== null);
}

async function signal(temporal: Client, { id, workspaceId }: DueSubscription): Promise<void> {
  const args: [DeliverChangesInput] = [{ subscriptionId: id }];
  await temporal.workflow.signalWithStart(WorkflowType.deliverChanges, {
    workflowId: deliveryWorkflowId(id),
    taskQueue: TaskQueue.calendarSync,
    args,
    signal: DELIVERY_WOKEN_SIGNAL,
    signalArgs: [],
    ...(workspaceId !== null && {
      typedSearchAttributes: [{ key: WORKSPACE_ID_ATTRIBUTE, value: workspaceId }],
    }),
    staticSummary: summaryOf.deliveries(workspaceId),
    priority: { priorityKey: PriorityKey.interactive, fairnessKey: workspaceId ?? id },
    workflowExecutionTimeout: LONGEST_RUN,
  });
}
