import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import getPort from 'get-port';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTokenCipher } from '../../services/google/token-cipher.ts';
import { addAccount } from '../../services/accounts/accounts.ts';
import { createWorkspace } from '../../services/workspaces.ts';
import type { SyncResult } from '../../contracts/sync-result.ts';
import { TaskQueue } from '../../contracts/task-queues.ts';
import { calendarSyncWorkflowId } from '../../contracts/workflow-ids.ts';
import type { Emulator } from '../../emulator/create-emulator.ts';
import { exitOf, runCli, spawnCli } from '../support/run-cli.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { startTestEmulator } from '../support/emulator.ts';
import { connectTestTemporal, type TestTemporal } from '../support/temporal.ts';
import { type PostgresProxy, startProxy } from '../support/postgres-proxy.ts';

const STARTING = { timeout: 60_000, interval: 200 };
const KEY = randomBytes(32).toString('base64');
const CANARY = 'canary';
const EMAIL = `${CANARY}@example.com`;

let database: TestDatabase;
let temporal: TestTemporal;
let google: Emulator;
let proxy: PostgresProxy;
let workers: WorkerProcess[] = [];
let syncs = 0;

interface WorkerProcess {
  child: ChildProcess;
  output: () => string;
  lines: () => Record<string, unknown>[];
  health: (path: string) => Promise<{ status: number; body: unknown }>;
  stop: (signal?: NodeJS.Signals) => Promise<number | null>;
}

async function startWorker(more: Record<string, string> = {}): Promise<WorkerProcess> {
  const port = await getPort();
  const child = await spawnCli(['worker'], tmpdir(), {
    DATABASE_URL: proxy.url,
    DATABASE_POOL_SIZE: '4',
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    TOKEN_ENCRYPTION_KEY: KEY,
    GOOGLE_API_ROOT_URL: google.url,
    GOOGLE_OAUTH_TOKEN_URL: `${google.url}/token`,
    GOOGLE_CLIENT_ID: 'almanac-dev',
    GOOGLE_CLIENT_SECRET: 'almanac-dev-secret',
    WORKER_HEALTH_PORT: String(port),
    METRICS_PORT: '0',
    LOG_LEVEL: 'debug',
    ...more,
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  const exited = exitOf(child);
  const worker: WorkerProcess = {
    child,
    output: () => output,
    lines: () =>
      output
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line)),
    async health(path) {
      const response = await fetch(`http://127.0.0.1:${port}${path}`);
      return { status: response.status, body: await response.json() };
    },
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      return exited;
    },
  };
  workers.push(worker);
  return worker;
}

async function startReadyWorker(more: Record<string, string> = {}): Promise<WorkerProcess> {
  const worker = await startWorker(more);
  await vi.waitFor(async () => expect((await worker.health('/readyz')).status).toBe(200), STARTING);
  return worker;
}

async function startSync() {
  syncs += 1;
  return temporal.client.workflow.start<(input: object) => Promise<SyncResult>>('incrementalSync', {
    taskQueue: TaskQueue.calendarSync,
    workflowId: calendarSyncWorkflowId('acme'),
    args: [{ workspaceId: 'acme', correlationId: `order-${syncs}` }],
  });
}

beforeAll(async () => {
  [database, temporal, google] = await Promise.all([
    createTestDatabase(),
    connectTestTemporal(),
    startTestEmulator(),
  ]);
  proxy = await startProxy(database.url);
  const { refreshToken } = await google.admin.createUser({ email: EMAIL, refreshToken: `1//${CANARY}` });
  await createWorkspace(database.prisma, { id: 'acme', timeZone: 'UTC' });
  const context = { database: database.prisma, tokenCipher: createTokenCipher([KEY]) };
  await addAccount(context, { workspaceId: 'acme', email: EMAIL, refreshToken });
  await google.admin.insertEvent(EMAIL, {
    summary: `Title ${CANARY}`,
    description: CANARY,
    start: { date: '2026-12-24' },
    end: { date: '2026-12-25' },
  });
});
afterAll(async () => {
  await proxy.away();
  await Promise.all([database.drop(), temporal.close(), google.close()]);
});
beforeEach(() => proxy.back());
afterEach(async () => {
  await google.admin.clearFaults();
  const running = workers.filter(({ child }) => child.exitCode === null && child.signalCode === null);
  workers = [];
  await Promise.all(running.map((worker) => worker.stop()));
});

describe('a worker', () => {
  it.each([
    ['the fewest', { workflows: 2, others: 1, pollers: 1, cached: 10 }],
    ['the most', { workflows: 500, others: 200, pollers: 100, cached: 20_000 }],
  ])('syncs with %s slots and pollers', async (_, { workflows, others, pollers, cached }) => {
    await startReadyWorker({
      WORKER_WORKFLOW_SLOTS: String(workflows),
      WORKER_DATABASE_SLOTS: String(others),
      WORKER_GOOGLE_SLOTS: String(others),
      WORKER_DELIVERY_SLOTS: String(others),
      WORKER_MOST_POLLERS: String(pollers),
      WORKER_CACHED_WORKFLOWS: String(cached),
    });
    expect(await (await startSync()).result()).toMatchObject({ success: true });
  });

  it('is ready while Postgres answers, and alive also while it does not', async () => {
    const worker = await startReadyWorker();
    expect((await worker.health('/readyz')).body).toEqual({
      status: 'ok',
      postgres: 'ok',
      workers: {
        'calendar-sync': 'RUNNING',
        'google-calendar': 'RUNNING',
        'smart-schedule': 'RUNNING',
        'webhook-delivery': 'RUNNING',
      },
    });
    await proxy.away();
    expect(await worker.health('/readyz')).toMatchObject({
      status: 503,
      body: { status: 'unavailable', postgres: 'unreachable' },
    });
    expect(await worker.health('/livez')).toEqual({ status: 200, body: { status: 'ok' } });
    await proxy.back();
    await vi.waitFor(async () => expect((await worker.health('/readyz')).status).toBe(200), STARTING);
    expect(await worker.stop()).toBe(0);
  });

  it('goes on with a sync that Postgres was away for', async () => {
    const worker = await startReadyWorker();
    await google.admin.addFault({ match: { email: EMAIL, pathContains: '/events' }, times: 1, delayMs: 500 });
    const since = new Date().toISOString();
    const handle = await startSync();
    await vi.waitFor(async () => expect(await eventLists(since)).toBeGreaterThan(0), STARTING);
    await proxy.away();
    await vi.waitFor(() => expect(worker.output()).toContain('DatabaseUnavailable'), STARTING);
    await proxy.back();
    expect(await handle.result()).toMatchObject({ success: true });
    expect(await database.prisma.workspaceCalendarEvent.count()).toBe(1);
  });

  it('logs lines of JSON with workspace, workflow and correlation ID, and nothing that is not its own', async () => {
    const worker = await startReadyWorker();
    await google.admin.addFault({ match: { email: EMAIL, pathContains: '/events' }, times: 1, status: 503 });
    await google.admin.patchEvent(EMAIL, (await google.admin.listEvents(EMAIL))[0]!.id, {
      summary: `Other ${CANARY}`,
    });
    expect(await (await startSync()).result()).toMatchObject({ success: true });
    await worker.stop();
    const failed = worker.lines().find(({ msg }) => msg === 'Activity failed');
    expect(failed).toMatchObject({
      service: 'almanac',
      workspaceId: 'acme',
      workflowId: 'calendar-sync/acme',
      correlationId: `order-${syncs}`,
      calendarId: expect.any(String),
    });
    const output = worker.output();
    expect(output.split('\n').filter((line) => line !== '' && !line.startsWith('{'))).toEqual([]);
    const { accessToken } = await database.prisma.calendarAuthToken.findFirstOrThrow();
    expect(accessToken).not.toBeNull();
    expect(output).not.toMatch(/canary|ya29/i);
    expect(output).not.toContain(KEY);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'lets a page that it is at finish on %s, stores the count of its requests, and exits with 0',
    async (signal) => {
      const worker = await startReadyWorker();
      await google.admin.addFault({
        match: { email: EMAIL, pathContains: '/events' },
        times: 1,
        delayMs: 1_500,
      });
      const before = await database.prisma.workspaceCalendarSyncLog.count({ where: { outcome: 'success' } });
      const countedBefore = await countedLists();
      const since = new Date().toISOString();
      const handle = await startSync();
      await vi.waitFor(async () => expect(await eventLists(since)).toBe(1), STARTING);
      expect(await worker.stop(signal)).toBe(0);
      const after = await database.prisma.workspaceCalendarSyncLog.count({ where: { outcome: 'success' } });
      expect(after).toBe(before + 1);
      expect(await countedLists()).toBe(countedBefore + 1);
      // The rest of the run needs another worker, and no other page.
      await startReadyWorker();
      expect(await handle.result()).toMatchObject({ success: true });
      expect(await eventLists(since)).toBe(1);
    },
  );

  it('can be stopped while it waits for Temporal', async () => {
    const worker = await startWorker({ TEMPORAL_ADDRESS: `127.0.0.1:${await getPort()}` });
    await vi.waitFor(() => expect(worker.output()).toContain('Temporal does not answer'), STARTING);
    worker.child.kill('SIGTERM');
    await vi.waitFor(() => expect(worker.child.exitCode ?? worker.child.signalCode).not.toBeNull(), {
      timeout: 10_000,
    });
    expect(worker.child.exitCode).toBe(0);
  });
});

async function countedLists(): Promise<number> {
  const { _sum } = await database.prisma.googleRequest.aggregate({
    where: { workspaceId: 'acme', method: 'events.list' },
    _sum: { requests: true },
  });
  return _sum.requests ?? 0;
}

async function eventLists(since: string): Promise<number> {
  return (await google.admin.requests({ since })).filter(({ path }) => path.endsWith('/events')).length;
}

describe('a worker whose environment is wrong', () => {
  it.each<[string, Record<string, string>]>([
    ['DATABASE_URL', {}],
    ['TOKEN_ENCRYPTION_KEY', { TOKEN_ENCRYPTION_KEY: 'short' }],
    ['WORKER_TASK_QUEUES', { WORKER_TASK_QUEUES: 'unknown' }],
    ['WORKER_HEALTH_PORT', { WORKER_HEALTH_PORT: 'high' }],
  ])('exits with 2 and names %s', async (name, wrong) => {
    const right: Record<string, string> =
      name === 'DATABASE_URL' ? {} : { DATABASE_URL: 'postgresql://localhost/almanac' };
    const env: Record<string, string> = { TOKEN_ENCRYPTION_KEY: KEY, ...right, ...wrong };
    const { code, stdout, stderr } = await runCli(['worker'], { env });
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.trim().split('\n')).toEqual([expect.stringContaining(name)]);
  });
});
