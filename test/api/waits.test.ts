import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAlmanacClient } from '../../client/almanac-client.ts';
import { startTestApi, type TestApi } from '../support/api.ts';

const PER_WORKSPACE = 20;
const CHANGES_PER_WORKSPACE = 50;
const SURPLUS = 5;
/** Longer than all of them take to arrive. */
const WAIT_SECONDS = 15;

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  for (const id of ['acme', 'beta']) await api.prisma.workspace.create({ data: { id, timeZone: 'UTC' } });
});
afterAll(() => api.close());

/** Milliseconds that an answer takes, and the answer. */
async function timed<T>(call: Promise<T>): Promise<{ ms: number; answer: T }> {
  const askedAt = performance.now();
  const answer = await call;
  return { ms: performance.now() - askedAt, answer };
}

const sync = (workspaceId: string, key: string, wait: number, from = api) =>
  from.call(`/api/v1/workspaces/${workspaceId}/calendar/sync?wait=${wait}`, { method: 'POST', key });

describe('waiting for a run that no worker serves', () => {
  it('is over when the time is up, also where the SDK hears of neither signal nor deadline', async () => {
    const { temporal, prisma } = api;
    // Like a poll that begins after the signal: no call is stopped by it.
    const deaf: Client = new Proxy(temporal.client, {
      get(target, property) {
        if (property === 'withAbortSignal' || property === 'withDeadline')
          return (_limit: unknown, work: () => Promise<unknown>) => work();
        return Reflect.get(target, property, target) as unknown;
      },
    });
    const almanac = createAlmanacClient({ temporal: temporal.client, database: prisma });
    const own = await startTestApi({
      stack: api,
      dependencies: {
        temporal: deaf,
        almanac: {
          ...almanac,
          syncNow: async (request) => ({
            ...(await almanac.requestSync(request)),
            result: () => new Promise(() => {}),
          }),
        },
      },
    });
    try {
      const key = await api.createKey('acme');
      const { ms, answer } = await timed(sync('acme', key, 2, own));
      expect(answer.status).toBe(202);
      expect(ms).toBeGreaterThan(1_900);
      expect(ms).toBeLessThan(5_000);
    } finally {
      await own.close();
    }
  });

  it('is a tenant’s share: what is over it is answered at once, and others wait as long as they want', async () => {
    const keys = await Promise.all([api.createKey('acme'), api.createKey('acme')]);
    const waiting = Array.from({ length: PER_WORKSPACE }, (_, n) =>
      timed(sync('acme', keys[n % 2] ?? '', 6)),
    );
    await sleep(2_500);
    const [surplus, other] = await Promise.all([
      timed(sync('acme', keys[0] ?? '', 6)),
      timed(sync('beta', await api.createKey('beta'), 2)),
    ]);
    expect(surplus.answer.status).toBe(202);
    expect(surplus.ms).toBeLessThan(1_500);
    expect(other.answer.status).toBe(202);
    expect(other.ms).toBeGreaterThan(1_900);
    for (const { answer } of await Promise.all(waiting)) expect(answer.status).toBe(202);
    // Their places are free again.
    const again = await timed(sync('acme', keys[0] ?? '', 2));
    expect(again.ms).toBeGreaterThan(1_900);
  });

  it('does not keep a call of the service waiting either', async () => {
    const own = await startTestApi({
      stack: api,
      dependencies: {
        almanac: {
          ...createAlmanacClient({ temporal: api.temporal.client, database: api.prisma }),
          requestSync: () => new Promise(() => {}),
        },
      },
    });
    try {
      const { ms, answer } = await timed(sync('acme', await api.createKey('acme'), 0, own));
      expect(answer).toMatchObject({ status: 503, body: { type: 'unavailable' } });
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(ms).toBeLessThan(20_000);
    } finally {
      await own.close();
    }
  });
});

describe('waiting for changes', () => {
  it('is a tenant’s share: what is over it is refused at once, and others wait', async () => {
    const keys = await Promise.all([api.createKey('acme'), api.createKey('acme')]);
    const changes = (workspaceId: string, key: string, wait: number) =>
      timed(api.call(`/api/v1/workspaces/${workspaceId}/changes?wait=${wait}`, { key }));
    const asked = Array.from({ length: CHANGES_PER_WORKSPACE + SURPLUS }, (_, n) =>
      changes('acme', keys[n % 2] ?? '', WAIT_SECONDS),
    );
    const other = await changes('beta', await api.createKey('beta'), 1);
    expect(other.answer.status).toBe(200);
    const answers = await Promise.all(asked);
    const refused = answers.filter(({ answer }) => answer.status !== 200);
    expect(refused).toHaveLength(SURPLUS);
    for (const { ms, answer } of refused) {
      expect(answer).toMatchObject({ status: 429, body: { type: 'rate-limited' } });
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(ms).toBeLessThan(WAIT_SECONDS * 1_000);
    }
  });
});
