import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createAlmanacClient } from '../../client/almanac-client.ts';
import { startTestApi, type TestApi } from '../support/api.ts';

const HOUR_MS = 3_600_000;

let api: TestApi;
let clock = new Date('2026-03-02T12:00:00Z');

beforeAll(async () => {
  api = await startTestApi({ dependencies: { now: () => clock } });
});
afterAll(() => api.close());

const create = (id: string, key: string, options: { timeZone?: string; as?: string } = {}) =>
  api.call('/api/v1/workspaces', {
    method: 'POST',
    body: { id, timeZone: options.timeZone ?? 'UTC' },
    headers: { 'idempotency-key': key },
    ...(options.as !== undefined && { key: options.as }),
  });

describe('a write under an Idempotency-Key', () => {
  it('is done once and answered alike', async () => {
    const first = await create('once', 'key-1');
    const again = await create('once', 'key-1');

    expect(first.status).toBe(201);
    expect(again).toMatchObject({ status: 201, body: first.body });
    expect(again.headers.get('content-type')).toBe(first.headers.get('content-type'));
    expect([first, again].map(({ headers }) => headers.get('idempotent-replayed'))).toEqual([null, 'true']);
  });

  it('is refused again if it was refused', async () => {
    await create('taken', 'key-2');
    const refused = await create('taken', 'key-3');
    const again = await create('taken', 'key-3');

    expect(refused.status).toBe(409);
    expect(again).toMatchObject({ status: 409, body: refused.body });
    expect(again.headers.get('content-type')).toContain('application/problem+json');
  });

  it('is done when what was in its way has ended, if it was refused for that', async () => {
    await create('busy', 'key-12');
    const plan = (headers = {}) =>
      api.call('/api/v1/workspaces/busy/plan', { method: 'POST', body: {}, headers });
    const { body: underWay } = await plan();
    const refused = await plan({ 'idempotency-key': 'key-13' });
    expect(refused).toMatchObject({ status: 409, body: { type: 'conflict' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);

    await api.temporal.client.workflow.getHandle(underWay.workflowId, underWay.runId).terminate();

    expect((await plan({ 'idempotency-key': 'key-13' })).status).toBe(202);
  });

  it('is not mistaken for another', async () => {
    await create('one', 'key-4');
    const other = await create('two', 'key-4');

    expect(other).toMatchObject({ status: 422, body: { type: 'idempotency-key-reused' } });
    expect(await api.prisma.workspace.count({ where: { id: 'two' } })).toBe(0);
  });

  it('is done once when it is sent ten times at once', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => create('crowd', 'key-5')));

    const statuses = answers.map(({ status, headers }) =>
      headers.get('idempotent-replayed') ? 'again' : status,
    );
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(statuses.every((status) => status === 201 || status === 409 || status === 'again')).toBe(true);
  });

  it('may have the key that another caller has used', async () => {
    await create('mine', 'key-6');
    const answer = await create('yours', 'key-6', { as: await api.createKey() });

    expect(answer.status).toBe(201);
  });

  it('is forgotten after a day', async () => {
    await create('forgotten', 'key-7');
    clock = new Date(clock.getTime() + 24 * HOUR_MS);

    expect((await create('forgotten', 'key-7')).status).toBe(409);
    expect((await create('remembered', 'key-7')).status).toBe(422);
  });

  it('is done by the next request where the first has died with its process', async () => {
    await create('lost', 'key-8');
    await api.prisma.$executeRaw`delete from workspaces where id = 'lost'`;
    await api.prisma.idempotencyKey.updateMany({
      where: { key: 'key-8' },
      data: { status: null, headers: {}, body: null },
    });
    expect(await create('lost', 'key-8')).toMatchObject({ status: 409, body: { type: 'conflict' } });

    clock = new Date(clock.getTime() + HOUR_MS);
    expect((await create('lost', 'key-8')).status).toBe(201);
  });

  /** An API whose syncs begin when they are told to, and the answers to one that is asked for twice. */
  async function slowSyncs() {
    const begin: (() => void)[] = [];
    let runs = 0;
    const almanac = createAlmanacClient({ temporal: api.temporal.client, database: api.prisma });
    const slow = await startTestApi({
      stack: api,
      dependencies: {
        now: () => clock,
        almanac: {
          ...almanac,
          requestSync: () =>
            new Promise((resolve) =>
              begin.push(() => resolve({ workflowId: 'w', runId: `run-${(runs += 1)}` })),
            ),
        },
      },
    });
    const ask = (key: string) =>
      slow.call('/api/v1/workspaces/slow/calendar/sync', {
        method: 'POST',
        body: {},
        headers: { 'idempotency-key': key },
      });
    return { slow, begin, ask };
  }

  it('keeps the answer of the attempt that has the key, not of one that has lost it', async () => {
    await create('slow', 'key-14');
    const { slow, begin, ask } = await slowSyncs();
    try {
      const first = ask('key-15');
      await vi.waitFor(() => expect(begin).toHaveLength(1));
      // As if the process had been suspended for an hour, without renewing the lock.
      clock = new Date(clock.getTime() + HOUR_MS);
      const second = ask('key-15');
      await vi.waitFor(() => expect(begin).toHaveLength(2));
      begin[0]?.();
      expect((await first).status).toBe(202);
      expect(await ask('key-15')).toMatchObject({ status: 409 });
      begin[1]?.();
      const { body } = await second;
      expect(await ask('key-15')).toMatchObject({ status: 202, body });
      expect(begin).toHaveLength(2);
    } finally {
      await slow.close();
    }
  });

  it('is not done beside a write that takes longer than its lock', async () => {
    const { slow, begin, ask } = await slowSyncs();
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const first = ask('key-16');
      await vi.waitFor(() => expect(begin).toHaveLength(1));
      for (let step = 0; step < 4; step++) {
        const { lockedUntil } = await api.prisma.idempotencyKey.findFirstOrThrow({
          where: { key: 'key-16' },
        });
        clock = new Date(clock.getTime() + 100_000);
        vi.advanceTimersByTime(30_000);
        await vi.waitFor(async () => {
          const row = await api.prisma.idempotencyKey.findFirstOrThrow({ where: { key: 'key-16' } });
          expect(row.lockedUntil.getTime()).toBeGreaterThan(lockedUntil.getTime());
        }, 5_000);
        expect(await ask('key-16')).toMatchObject({ status: 409, body: { type: 'conflict' } });
      }
      begin[0]?.();
      expect((await first).status).toBe(202);
      expect(begin).toHaveLength(1);
    } finally {
      vi.useRealTimers();
      await slow.close();
    }
  });

  it('is not remembered when it was malformed', async () => {
    expect((await create('slip', 'key-9', { timeZone: 'Mars' })).status).toBe(400);
    expect((await create('slip', 'key-9')).status).toBe(201);
  });

  it.each(['', 'two words', 'x'.repeat(256)])('refuses the key %j', async (key) => {
    const answer = await create('never', key);
    expect(answer).toMatchObject({ status: 400, body: { field: 'Idempotency-Key' } });
  });
});
