import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { applySchedules } from '../../client/schedules.ts';
import { unservedTaskQueues } from '../../client/task-queue-pollers.ts';
import type { Emulator } from '../../emulator/create-emulator.ts';
import { confirmServer } from '../../prisma/server-identity.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { startTestEmulator } from '../support/emulator.ts';
import { connectTestTemporal, type TestTemporal } from '../support/temporal.ts';
import { exitOf, runCli, spawnCli } from '../support/run-cli.ts';

const WORKER_START = { timeout: 60_000, interval: 250 };

let database: TestDatabase;
let temporal: TestTemporal;
let emulator: Emulator;
let worker: ChildProcess | undefined;
let env: Record<string, string>;

const json = async (...args: string[]) => {
  const { code, stdout, stderr } = await runCli([...args, '--json'], { env });
  expect(stderr).toBe('');
  return { code, result: JSON.parse(stdout) };
};

beforeAll(async () => {
  [database, temporal, emulator] = await Promise.all([
    createTestDatabase(),
    connectTestTemporal(),
    startTestEmulator(),
  ]);
  // It is a copy of the tests' template.
  await confirmServer(database.prisma);
  env = {
    DATABASE_URL: database.url,
    DATABASE_POOL_SIZE: '4',
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    TOKEN_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    GOOGLE_API_ROOT_URL: emulator.url,
    GOOGLE_OAUTH_TOKEN_URL: `${emulator.url}/token`,
    GOOGLE_CLIENT_ID: 'almanac-dev',
    GOOGLE_CLIENT_SECRET: 'almanac-dev-secret',
    WORKER_HEALTH_PORT: '0',
    METRICS_PORT: '0',
  };
  const started = await spawnCli(['worker'], tmpdir(), env);
  started.stdout.resume();
  started.stderr.resume();
  worker = started;
  await applySchedules(temporal.client);
  await vi.waitFor(async () => expect(await unservedTaskQueues(temporal.client)).toEqual([]), WORKER_START);
});
afterAll(async () => {
  if (worker) {
    const stopped = exitOf(worker);
    worker.kill('SIGTERM');
    await stopped;
  }
  await Promise.all([database.drop(), temporal.close(), emulator.close()]);
});

const DAY_MS = 86_400_000;
const day = (offset: number) => new Date(Date.now() + offset * DAY_MS).toISOString().slice(0, 10);

/** A workspace as a person makes it, with the calendar of a new Google user. */
async function connect(workspaceId: string): Promise<string> {
  const email = `${workspaceId}@example.com`;
  const { refreshToken } = await emulator.admin.createUser({ email, timeZone: 'Europe/Berlin' });
  expect((await json('workspace', 'create', workspaceId, '--time-zone', 'Europe/Berlin')).code).toBe(0);
  const add = ['account', 'add', workspaceId, '--email', email, '--refresh-token', '-'];
  expect(await runCli(add, { env, input: refreshToken })).toMatchObject({ code: 0 });
  return email;
}

it('almanac doctor finds nothing wrong once a worker runs', async () => {
  const { code, result } = await json('doctor');
  expect(result.checks.filter(({ state }: { state: string }) => state !== 'ok')).toEqual([]);
  expect([code, result.ok]).toEqual([0, true]);
});

describe('almanac sync', () => {
  it('mirrors a calendar: its events, its status and its list can be read afterwards', async () => {
    const email = await connect('acme');
    const { events: upserted } = await emulator.admin.generateEvents(email, { count: 10, seed: 7 });

    const first = await json('sync', 'acme', '--wait');
    expect(first).toMatchObject({
      code: 0,
      result: [
        {
          workspaceId: 'acme',
          success: true,
          calendars: [{ mode: 'full', upserted }],
          workflowId: 'calendar-sync/acme',
          runId: expect.any(String),
        },
      ],
    });
    const second = await json('sync', 'acme', '--wait');
    expect(second.result).toMatchObject([{ calendars: [{ mode: 'incremental', upserted: 0, deleted: 0 }] }]);
    const full = await json('sync', 'acme', '--full', '--wait');
    expect(full.result).toMatchObject([{ success: true, calendars: [{ mode: 'full', deleted: 0 }] }]);

    const { result: calendars } = await json('calendar', 'list', 'acme');
    expect(calendars).toMatchObject([{ googleCalendarId: email, primary: true, enabled: true }]);
    const { result: status } = await json('status', 'acme');
    expect(status).toMatchObject({
      workspaces: [
        {
          id: 'acme',
          health: 'healthy',
          calendars: [
            { id: calendars[0].id, health: 'healthy', failures: 0, lastFullSyncAt: expect.any(String) },
          ],
          lastRun: { workflowId: 'calendar-sync/acme', mode: 'full', outcome: 'success', source: 'manual' },
        },
      ],
    });
    const { result: events } = await json('events', 'acme', '--from', day(-80), '--to', day(380));
    expect(events.length).toBeGreaterThanOrEqual(10);
    expect(events[0]).toMatchObject({ workspaceId: 'acme', googleCalendarId: email });
  });

  it('exits with 1 when a workspace did not succeed, and still reports the others', async () => {
    const email = await connect('revoked');
    await connect('fine');
    await emulator.admin.revokeGrant(email);
    const { code, result } = await json('sync', 'revoked', 'fine', '--wait');
    expect(code).toBe(1);
    expect(result).toMatchObject([
      { workspaceId: 'revoked', success: false, accounts: [{ error: 'GoogleAuthRevoked' }] },
      { workspaceId: 'fine', success: true },
    ]);
    const { result: status } = await json('status', 'revoked');
    expect(status.workspaces[0].health).toBe('needs_reconnect');
  });

  it('goes through the fan-out with --all', { tags: ['slow'] }, async () => {
    await connect('everybody');
    const { result } = await json('sync', '--all', '--wait');
    expect(result).toMatchObject([
      { workflowId: expect.stringMatching(/^calendar-provider-sync\/manual\//) },
    ]);
    expect(result[0].succeeded).toBeGreaterThanOrEqual(1);
    expect(result[0].success).toBe(result[0].failed === 0);
    expect((await json('status', 'everybody')).result.workspaces[0].health).toBe('healthy');
  });

  it('without --wait names the run at once', async () => {
    await connect('later');
    const { code, result } = await json('sync', 'later');
    expect(code).toBe(0);
    expect(result).toEqual([
      {
        workspaceId: 'later',
        requestId: expect.any(String),
        workflowId: 'calendar-sync/later',
        runId: expect.any(String),
      },
    ]);
  });

  it('starts nothing when one of the workspaces is not there', async () => {
    await connect('careful');
    const { code, stderr } = await runCli(['sync', 'careful', 'nobody'], { env });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^There is no workspace nobody/);
    expect(await database.prisma.calendar.count({ where: { workspaceId: 'careful' } })).toBe(0);
  });
});
