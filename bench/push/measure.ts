import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowType } from '../../contracts/workflow-types.ts';
import type { Database } from '../../prisma/client.ts';
import { type BenchStack, withStack } from '../support/stack.ts';
import { percentile } from '../support/statistics.ts';
import { timeSync } from '../support/workflow-run.ts';
import { connectAccount, generateAccount, withDatabase } from '../support/workspace.ts';
import { type Flood, measureFlood } from './flood.ts';

const WORKSPACE_ID = 'bench';
const CALENDAR = { events: 300, recurringShare: 0.15 };
const HOUR_MS = 3_600_000;
/** Interval at which Postgres is polled for the row. */
const LOOK_EVERY_MS = 5;
const LOST_AFTER_MS = 60_000;
/** Pause between two changes; a change that follows sooner shares a sync with the one before. */
const PAUSE_MS = { least: 1_200, most: 2_500 };

/** From before the change is sent to Google until its row is there. */
export interface Latency {
  how: 'with pauses' | 'back to back';
  changes: number;
  p50Ms: number;
  p95Ms: number;
  maxMs: number;
}

export interface PushReport {
  latencies: Latency[];
  flood: Flood;
}

/** Looks until something is there. */
export async function found(look: () => Promise<object | null>, otherwise: string): Promise<void> {
  const startedAt = performance.now();
  while ((await look()) === null) {
    if (performance.now() - startedAt > LOST_AFTER_MS) throw new Error(otherwise);
    await sleep(LOOK_EVERY_MS);
  }
}

async function change({ admin }: BenchStack, database: Database, googleCalendarId: string): Promise<number> {
  const summary = randomUUID();
  const startMs = Math.ceil(Date.now() / HOUR_MS) * HOUR_MS;
  const at = (ms: number) => ({ dateTime: new Date(ms).toISOString() });
  const changedAt = performance.now();
  await admin.insertEvent(googleCalendarId, { summary, start: at(startMs), end: at(startMs + HOUR_MS) });
  await found(
    () => database.workspaceCalendarEvent.findFirst({ where: { title: summary } }),
    'A change has not arrived.',
  );
  return performance.now() - changedAt;
}

/** A pause as people make them. */
export const usualPause = () => PAUSE_MS.least + Math.random() * (PAUSE_MS.most - PAUSE_MS.least);

export async function repeat(
  how: Latency['how'],
  changes: number,
  pauseMs: () => number,
  once: () => Promise<number>,
): Promise<Latency> {
  const latencies: number[] = [];
  for (let count = 0; count < changes; count += 1) {
    await sleep(pauseMs());
    latencies.push(await once());
  }
  return {
    how,
    changes,
    p50Ms: percentile(latencies, 0.5),
    p95Ms: percentile(latencies, 0.95),
    maxMs: Math.max(...latencies),
  };
}

/** Changes a calendar that has a push channel, and then floods its webhook. */
export async function measurePush(options: { changes: number; notifications: number }): Promise<PushReport> {
  return withStack(async (stack) => {
    const account = await generateAccount(stack, CALENDAR);
    return withDatabase(stack, async (database, target) => {
      await connectAccount(stack, database, WORKSPACE_ID, account);
      const api = await stack.startApi(target.url);
      await stack.startWorker(target.url, { environment: { PUBLIC_URL: api.url } });
      await timeSync(stack.temporal, WorkflowType.incrementalSync, WORKSPACE_ID);
      // The first sync of an account leads to its channel being opened.
      await found(
        () => database.watchChannel.findFirst({ where: { status: 'live' } }),
        'No channel was opened.',
      );
      const once = () => change(stack, database, account.googleCalendarId);
      await once();
      const { progress } = stack;
      const latencies = [
        await progress.step('Changes with pauses', () =>
          repeat('with pauses', options.changes, usualPause, once),
        ),
        await progress.step('Changes back to back', () =>
          repeat('back to back', options.changes, () => 0, once),
        ),
      ];
      const { id } = await database.calendar.findFirstOrThrow();
      const flood = await progress.step('Flood of notifications', () =>
        measureFlood(database, api.url, id, options.notifications),
      );
      return { latencies, flood };
    });
  });
}
