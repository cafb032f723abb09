import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import getPort from 'get-port';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_ROLE } from '../../prisma/database-logins.ts';
import { createTestDatabase, databaseAs, type TestDatabase } from '../support/database.ts';
import { exitOf, runCli, spawnCli } from '../support/run-cli.ts';

const ADMIN_KEY = 'admin-key-of-a-test-with-32-or-more-characters';
/** Shorter than clients wait; the SDK's own retries take eighteen seconds. */
const LONGEST_WAIT_MS = 10_000;

let database: TestDatabase;
let directory: string;

beforeAll(async () => {
  database = await createTestDatabase();
  directory = await mkdtemp(join(tmpdir(), 'almanac-api-'));
});
afterAll(async () => {
  await database.drop();
  await rm(directory, { recursive: true });
});

it('starts and serves without Temporal, says so, and ends at once on SIGTERM', async ({ onTestFinished }) => {
  const [port, nobody] = await Promise.all([getPort(), getPort()]);
  const url = `http://127.0.0.1:${port}`;
  const child = await spawnCli(['api'], directory, {
    DATABASE_URL: await databaseAs(database.prisma, API_ROLE),
    TEMPORAL_ADDRESS: `127.0.0.1:${nobody}`,
    TOKEN_ENCRYPTION_KEY: Buffer.alloc(32).toString('base64'),
    INTERNAL_TRIGGER_SECRET_KEY: ADMIN_KEY,
    API_PORT: String(port),
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = exitOf(child);
  let log = '';
  child.stderr.on('data', (chunk) => (log += chunk));
  child.stdout.on('data', (chunk) => (log += chunk));
  while (!log.includes('API started')) await once(child.stdout, 'data');
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`${url}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
    });

  const created = await ask('/api/v1/workspaces', {
    method: 'POST',
    body: JSON.stringify({ id: 'acme', timeZone: 'UTC' }),
  });
  expect(created.status).toBe(201);
  expect((await ask('/readyz')).status).toBe(200);
  const health = await ask('/health');
  expect(health.status).toBe(503);
  expect(await health.json()).toMatchObject({
    status: 'unavailable',
    dependencies: { postgres: { status: 'ok' }, temporal: { status: 'unreachable' } },
  });

  const askedAt = performance.now();
  const sync = await ask('/api/v1/workspaces/acme/calendar/sync', { method: 'POST', body: '{}' });
  expect(performance.now() - askedAt).toBeLessThan(LONGEST_WAIT_MS);
  expect(sync.status).toBe(503);
  expect(sync.headers.get('retry-after')).not.toBeNull();
  expect(await sync.json()).toMatchObject({
    type: 'unavailable',
    detail: expect.stringContaining('Temporal'),
  });

  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(log).not.toContain(ADMIN_KEY);
});

describe('a fault that keeps it from starting is named:', () => {
  const start = (changes: Record<string, string>) =>
    runCli(['api'], {
      env: {
        DATABASE_URL: database.url,
        TOKEN_ENCRYPTION_KEY: Buffer.alloc(32).toString('base64'),
        INTERNAL_TRIGGER_SECRET_KEY: ADMIN_KEY,
        API_PORT: '0',
        ...changes,
      },
    });

  it('a login that may not act as the role of tenants', { tags: ['slow'] }, async () => {
    await database.prisma.$executeRawUnsafe(`create role newcomer login password 'test'`);
    const url = Object.assign(new URL(database.url), { username: 'newcomer', password: 'test' }).href;
    const { code, stderr } = await start({ DATABASE_URL: url });
    await database.prisma.$executeRawUnsafe('drop role newcomer');
    expect(stderr).toContain('`grant almanac_tenant to "newcomer"`');
    expect(stderr).not.toContain('API_PORT');
    expect(code).toBe(2);
  });

  it('an address that is taken', { tags: ['slow'] }, async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const { code, stderr } = await start({ API_HOST: '127.0.0.1', API_PORT: String(port) });
    taken.close();
    expect(stderr).toContain(`127.0.0.1:${port} cannot be listened on`);
    expect(code).toBe(2);
  });
});
