import { createEventWriteClient } from '../../client/event-writes.ts';
import { beginWrites } from '../../services/writing/begin-writes.ts';
import type { ChildProcess } from 'node:child_process';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { missingIn } from '../support/dashboard.ts';
import { openChannelRow } from '../support/push.ts';
import { createWebhook } from '../../services/delivery/webhooks.ts';
import { startReceiver } from '../support/receiver.ts';
import { exitOf, spawnCli } from '../support/run-cli.ts';
import { startWorkflowStack, type WorkflowStack } from '../support/workflow-stack.ts';

const MINUTE_MS = 60_000;
const STARTING = { timeout: 60_000, interval: 200 };

let stack: WorkflowStack;
let worker: ChildProcess;
let metricsUrl: string;
let occupied: Server;

function startWorker(more: Record<string, string>) {
  return spawnCli(['worker'], tmpdir(), {
    ...stack.environment,
    TEMPORAL_ADDRESS: stack.temporal.address,
    TEMPORAL_NAMESPACE: stack.temporal.namespace,
    WORKER_HEALTH_PORT: '0',
    METRICS_PORT: '0',
    ...more,
  });
}

beforeAll(async () => {
  stack = await startWorkflowStack();
  // A calendar that has not been proven in step for hours, and a dead letter about it.
  const accountId = await stack.connect('forgotten', 'forgotten@example.com');
  const { id: calendarId } = await stack.database.calendar.create({
    data: {
      workspaceId: 'forgotten',
      accountId,
      googleCalendarId: 'forgotten@example.com',
      summary: 'Secret plans',
      timeZone: 'UTC',
      accessRole: 'owner',
      syncState: {
        create: { workspaceId: 'forgotten', provenAt: new Date(Date.now() - 120 * MINUTE_MS) },
      },
    },
  });
  await stack.database.deadLetter.create({
    data: {
      workspaceId: 'forgotten',
      calendarId,
      operation: 'sync',
      workflowId: 'calendar-sync/forgotten',
      runId: 'run',
      failureType: 'TimedOut',
    },
  });
  await openChannelRow(stack.database, calendarId, { status: 'opening' });
  await stack.connect('acme', 'ada@example.com');
  await stack.google.generateEvents('ada@example.com', { count: 20, seed: 7 });
  worker = await startWorker({ WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8' });
  let output = '';
  worker.stdout?.on('data', (chunk) => (output += chunk));
  metricsUrl = await vi.waitFor(() => {
    const started = output.split('\n').find((line) => line.includes('Worker started'));
    return (JSON.parse(started ?? '') as { metrics: string }).metrics;
  }, STARTING);
  occupied = createServer().listen(0, '127.0.0.1');
  await once(occupied, 'listening');
});
afterAll(async () => {
  occupied.close();
  const exited = exitOf(worker);
  worker.kill('SIGTERM');
  await exited;
  await stack.close();
});

async function scrape(): Promise<string> {
  return (await fetch(metricsUrl)).text();
}

/** The value of a sample, named with its labels in the order of the alphabet. */
function sampleOf(metrics: string, name: string, labels: Record<string, string> = {}): number | undefined {
  const line = metrics.split('\n').find((candidate) => {
    const [series = ''] = candidate.split(' ');
    const wanted = Object.entries(labels).every(([label, value]) => series.includes(`${label}="${value}"`));
    return wanted && series.split('{')[0] === name;
  });
  return line === undefined ? undefined : Number(line.split(' ').at(-1));
}

it('counts what a sync asks of Google and writes', async () => {
  await stack.google.addFault({ match: { pathContains: '/events' }, times: 1, status: 503 });
  const { calendars } = await stack.sync('acme');
  const upserted = calendars.reduce((sum, calendar) => sum + calendar.upserted, 0);
  const metrics = await scrape();

  expect(sampleOf(metrics, 'almanac_upserts_total', { mode: 'full' })).toBe(upserted);
  expect(sampleOf(metrics, 'almanac_pages_total', { mode: 'full' })).toBe(1);
  expect(sampleOf(metrics, 'almanac_calendar_syncs_total', { mode: 'full' })).toBe(1);
  expect(sampleOf(metrics, 'almanac_calendar_sync_seconds_count', { mode: 'full' })).toBe(1);
  const listing = { method: 'events.list' };
  expect(sampleOf(metrics, 'almanac_google_requests_total', { ...listing, status: '2xx' })).toBe(1);
  expect(sampleOf(metrics, 'almanac_google_requests_total', { ...listing, status: '5xx' })).toBe(1);
  expect(sampleOf(metrics, 'almanac_google_request_seconds_count', listing)).toBe(2);
  expect(sampleOf(metrics, 'almanac_activity_retries_total', { activity: 'pullEventsPage' })).toBe(1);
});

it('counts writes of events by their outcome', async () => {
  await stack.database.workspace.update({ where: { id: 'acme' }, data: { writing: true } });
  const { id: calendarId } = await stack.database.calendar.findFirstOrThrow({
    where: { workspaceId: 'acme' },
  });
  const event = { operation: 'create', calendarId, start: '2026-12-01', end: '2026-12-02' } as const;
  await stack.google.addFault({ match: { method: 'POST', pathContains: '/events' }, times: 1, status: 400 });
  const batchId = await beginWrites(stack.database, 'acme', [event, event, event]);
  await createEventWriteClient(stack.temporal.client).makeWrites({ workspaceId: 'acme', batchId });
  const metrics = await scrape();
  expect(sampleOf(metrics, 'almanac_event_writes_total', { status: 'done' })).toBe(2);
  expect(sampleOf(metrics, 'almanac_event_writes_total', { status: 'refused' })).toBe(1);
});

it('counts attempts to deliver to webhooks by their answer', async () => {
  const receiver = await startReceiver();
  receiver.answer(503, 204);
  const context = { database: stack.database, ...stack.dependencies.delivery };
  const { secret } = await createWebhook(context, 'acme', { url: receiver.url });
  receiver.secret = secret;
  await stack.google.generateEvents('ada@example.com', { count: 1, seed: 8 });
  await stack.sync('acme');
  const metrics = await vi.waitFor(async () => {
    const text = await scrape();
    expect(sampleOf(text, 'almanac_webhook_deliveries_total', { status: '2xx' })).toBe(1);
    return text;
  }, STARTING);
  expect(sampleOf(metrics, 'almanac_webhook_deliveries_total', { status: '5xx' })).toBe(1);
  expect(sampleOf(metrics, 'almanac_webhook_delivery_seconds_count')).toBe(2);
  receiver.close();
});

it('counts what could not be synced, by failure type', async () => {
  await stack.google.revokeGrant('forgotten@example.com');
  await stack.sync('forgotten');
  const failed = { failure_type: 'GoogleAuthRevoked' };
  expect(sampleOf(await scrape(), 'almanac_sync_failures_total', failed)).toBe(1);
});

it('measures how old the proofs are, what is open and what waits', async () => {
  const metrics = await vi.waitFor(async () => {
    const text = await scrape();
    expect(sampleOf(text, 'almanac_collected_timestamp_seconds', { source: 'temporal' })).toBeDefined();
    expect(sampleOf(text, 'almanac_collected_timestamp_seconds', { source: 'postgres' })).toBeDefined();
    return text;
  }, STARTING);
  expect(sampleOf(metrics, 'almanac_calendars', { health: 'stale' })).toBe(1);
  expect(sampleOf(metrics, 'almanac_calendars_overdue')).toBe(1);
  expect(sampleOf(metrics, 'almanac_freshness_seconds', { quantile: '1' })).toBeGreaterThan(119 * 60);
  expect(sampleOf(metrics, 'almanac_dead_letters_open')).toBe(1);
  expect(sampleOf(metrics, 'almanac_push_channels', { status: 'opening' })).toBe(1);
  expect(sampleOf(metrics, 'almanac_push_channels', { status: 'live' })).toBe(0);
  expect(sampleOf(metrics, 'almanac_google_requests_today')).toBeGreaterThanOrEqual(0);
  expect(sampleOf(metrics, 'almanac_google_requests_forecast')).toBeGreaterThanOrEqual(0);
  expect(sampleOf(metrics, 'almanac_google_daily_budget')).toBe(900_000);
  expect(sampleOf(metrics, 'almanac_calendars_stretched')).toBe(0);
  const queue = { task_queue: 'google-calendar', task_type: 'activity' };
  expect(sampleOf(metrics, 'almanac_task_queue_backlog', queue)).toBe(0);
});

it('serves the metrics of Temporal at the same address', async () => {
  expect(sampleOf(await scrape(), 'temporal_worker_task_slots_available')).toBeGreaterThan(0);
});

it('counts what is held back for a quota', async () => {
  await stack.google.addFault({
    match: { pathContains: '/events' },
    times: 1,
    status: 403,
    reason: 'userRateLimitExceeded',
  });
  await stack.sync('acme');
  const metrics = await scrape();
  expect(sampleOf(metrics, 'almanac_google_rate_limit_waits_total', { scope: 'user' })).toBe(1);
  expect(sampleOf(metrics, 'almanac_google_rate_limit_wait_seconds_count', { scope: 'user' })).toBe(1);
});

it('has every metric and label that the dashboard asks for', async () => {
  expect(missingIn(await scrape(), (metric) => !metric.startsWith('almanac_api_'))).toEqual([]);
});

it('labels nothing with an ID, an address or a title', async () => {
  const ours = (await scrape()).split('\n').filter((line) => line.startsWith('almanac_'));
  const calendars = await stack.database.calendar.findMany();
  const secrets = calendars.flatMap(({ id, workspaceId, accountId, googleCalendarId, summary }) => [
    id,
    workspaceId,
    accountId,
    googleCalendarId,
    summary,
  ]);
  for (const secret of secrets) expect(ours.filter((line) => line.includes(secret))).toEqual([]);
});

it('does not start on a port that is taken, and names the variable', async () => {
  const address = occupied.address();
  const port = typeof address === 'object' ? String(address?.port) : '';
  const other = await startWorker({ METRICS_PORT: port });
  let stderr = '';
  other.stderr.on('data', (chunk) => (stderr += chunk));
  expect(await exitOf(other)).toBe(2);
  expect(stderr).toMatch(/^METRICS_HOST and METRICS_PORT must name a free address: .*\n$/);
});
