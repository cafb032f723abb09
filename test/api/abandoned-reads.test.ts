import { once } from 'node:events';
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startTestApi, type TestApi } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { connectTestTemporal, type TestTemporal } from '../support/temporal.ts';

const TIMEOUT_MS = 2_000;

let database: TestDatabase;
let temporal: TestTemporal;
let api: TestApi;

beforeAll(async () => {
  [database, temporal] = await Promise.all([createTestDatabase(), connectTestTemporal()]);
  const { prisma } = database;
  api = await startTestApi({ stack: { prisma, temporal }, statementTimeoutMs: TIMEOUT_MS });
  await prisma.workspace.create({ data: { id: 'acme', timeZone: 'UTC' } });
});
afterAll(async () => {
  await api.close();
  await temporal.close();
  await database.drop();
});

/** Has every statement about a table wait until `work` is done. */
const whileLocked = (table: string, work: () => Promise<void>) =>
  database.prisma.$transaction(
    async (transaction) => {
      await transaction.$executeRawUnsafe(`lock table ${table} in access exclusive mode`);
      await work();
    },
    { timeout: 30_000 },
  );

describe('a read that takes too long', () => {
  it('is cancelled, and its caller is asked to try again', async () => {
    await whileLocked('tasks', async () => {
      const askedAt = performance.now();
      const answer = await api.call('/api/v1/workspaces/acme/tasks');
      expect(answer).toMatchObject({ status: 503, body: { type: 'unavailable' } });
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(performance.now() - askedAt).toBeLessThan(5 * TIMEOUT_MS);
    });
    expect((await api.call('/api/v1/workspaces/acme/tasks')).status).toBe(200);
  });

  it('goes no further when its client has gone', async () => {
    const asked = vi.spyOn(api.database, '$transaction');
    await whileLocked('workspaces', async () => {
      const gone = request(`${api.url}/api/v1/workspaces/acme/tasks`, {
        agent: false,
        headers: { authorization: `Bearer ${api.adminKey}` },
      });
      const ended = once(gone, 'error');
      gone.end();
      await vi.waitFor(() => expect(asked).toHaveBeenCalledTimes(1), 5_000);
      gone.destroy();
      await ended;
      // The service hears of it a moment later.
      await sleep(200);
    });
    await sleep(500);
    expect(asked).toHaveBeenCalledTimes(1);
    asked.mockRestore();
  });
});
