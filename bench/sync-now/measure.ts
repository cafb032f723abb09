import { setTimeout as sleep } from 'node:timers/promises';
import { type AlmanacClient, createAlmanacClient } from '../../client/almanac-client.ts';
import { calendarSyncWorkflowId } from '../../contracts/workflow-ids.ts';
import { createPrismaClient } from '../../prisma/client.ts';
import { countActions, type HistoryEvent } from '../support/billed-actions.ts';
import { type BenchStack, withStack } from '../support/stack.ts';
import { percentile } from '../support/statistics.ts';
import { connectAccount, generateAccount, withDatabase } from '../support/workspace.ts';

const WORKSPACE_ID = 'bench';
const CALENDAR = { events: 300, recurringShare: 0.15 };
const OTHER_CALENDARS = 2;
/** All callers ask within this time. */
const WITHIN_MS = 1_000;
/** Connections for the callers' own statements, as of an API process. */
const POOL_SIZE = 10;
/** Longer than the server takes to list a run that has ended. */
const SETTLED_AFTER_MS = 3_000;

/** How callers ask, and wait for the answer. */
const WAYS = {
  'signal, then the run': async (almanac: AlmanacClient) =>
    almanac.waitForSync(await almanac.requestSync({ workspaceId: WORKSPACE_ID })),
  'Update-with-Start': async (almanac: AlmanacClient) =>
    (await almanac.syncNow({ workspaceId: WORKSPACE_ID })).result(),
};

/** Cost of the callers of one round, from the histories of all runs that served them. */
export interface SyncNow {
  way: string;
  callers: number;
  /** From the first request to the last. */
  askedWithinMs: number;
  p50Ms: number;
  p95Ms: number;
  runs: number;
  signals: number;
  updates: number;
  /** Passes over the workspace: each begins with a local activity. */
  passes: number;
  activities: number;
  actions: number;
}

async function eventsSince({ temporal }: BenchStack, since: Date): Promise<HistoryEvent[][]> {
  await sleep(SETTLED_AFTER_MS);
  const workflowId = calendarSyncWorkflowId(WORKSPACE_ID);
  const query = `WorkflowId = '${workflowId}' AND StartTime >= '${since.toISOString()}'`;
  const histories: HistoryEvent[][] = [];
  for await (const { runId } of temporal.workflow.list({ query })) {
    const { events } = await temporal.workflow.getHandle(workflowId, runId).fetchHistory();
    histories.push(events ?? []);
  }
  return histories;
}

async function measureRound(
  stack: BenchStack,
  almanac: AlmanacClient,
  { way, callers }: { way: keyof typeof WAYS; callers: number },
): Promise<SyncNow> {
  const since = new Date();
  const startedAt = performance.now();
  let lastAskedAt = startedAt;
  // Settled, so that no call is under way when a failure ends the round.
  const answers = await Promise.allSettled(
    Array.from({ length: callers }, async (_, index) => {
      await sleep((index / callers) * WITHIN_MS);
      const askedAt = performance.now();
      lastAskedAt = Math.max(lastAskedAt, askedAt);
      const { success, calendars } = await WAYS[way](almanac);
      if (!success || calendars.length !== OTHER_CALENDARS + 1)
        throw new Error('A caller got another answer.');
      return performance.now() - askedAt;
    }),
  );
  const latencies = answers.map((answer) => {
    if (answer.status === 'rejected') throw answer.reason;
    return answer.value;
  });
  await stack.temporal.workflow.getHandle(calendarSyncWorkflowId(WORKSPACE_ID)).result();
  const histories = await eventsSince(stack, since);
  const count = (isOne: (event: HistoryEvent) => unknown) =>
    histories.flat().filter((event) => Boolean(isOne(event))).length;
  return {
    way,
    callers,
    askedWithinMs: lastAskedAt - startedAt,
    p50Ms: percentile(latencies, 0.5),
    p95Ms: percentile(latencies, 0.95),
    runs: histories.length,
    signals: count((event) => event.workflowExecutionSignaledEventAttributes),
    updates: count((event) => event.workflowExecutionUpdateAcceptedEventAttributes),
    passes: count((event) => event.markerRecordedEventAttributes),
    activities: count((event) => event.activityTaskScheduledEventAttributes),
    actions: histories.reduce((sum, events) => sum + countActions(events), 0),
  };
}

/**
 * Callers that wait for a sync of a workspace in which nothing has changed: one, and then many within a
 * second.
 */
export async function measureSyncNow(callers: number): Promise<SyncNow[]> {
  return withStack(async (stack) => {
    const account = await generateAccount(stack, CALENDAR);
    for (let index = 0; index < OTHER_CALENDARS; index += 1)
      await stack.admin.createCalendar(account.email, { summary: `${index}`, timeZone: 'UTC' });
    return withDatabase(stack, async (database, target) => {
      await connectAccount(stack, database, WORKSPACE_ID, account);
      const worker = await stack.startWorker(target.url);
      const pool = createPrismaClient({ databaseUrl: target.url, poolSize: POOL_SIZE });
      const almanac = createAlmanacClient({ temporal: stack.temporal, database: pool });
      try {
        for (const ask of Object.values(WAYS)) await ask(almanac);
        const report: SyncNow[] = [];
        for (const size of [1, callers])
          for (const way of Object.keys(WAYS) as (keyof typeof WAYS)[])
            report.push(
              await stack.progress.step(`${size} by ${way}`, () =>
                measureRound(stack, almanac, { way, callers: size }),
              ),
            );
        return report;
      } finally {
        await pool.$disconnect();
        await worker.stop();
      }
    });
  });
}
