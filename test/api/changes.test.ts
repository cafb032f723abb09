import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { appendChanges } from '../../services/change-log/append-changes.ts';
import { startTestApi, type TestApi } from '../support/api.ts';

let api: TestApi;
const CALENDAR = randomUUID();

beforeAll(async () => {
  api = await startTestApi();
  for (const id of ['acme', 'beta']) await api.prisma.workspace.create({ data: { id, timeZone: 'UTC' } });
});
afterAll(() => api.close());

const append = (workspaceId: string, ids: string[]) =>
  api.prisma.$transaction((transaction) =>
    appendChanges(
      transaction,
      { workspaceId, correlationId: 'run' },
      ids.map((googleEventId) => ({ calendarId: CALENDAR, googleEventId, operation: 'delete' })),
    ),
  );
const read = (query: string, options: object = {}) =>
  api.call(`/api/v1/workspaces/acme/changes${query}`, options);

describe('the change log over HTTP', () => {
  it('is read page by page', async () => {
    await append('acme', ['a', 'b', 'c']);
    const first = await read('?limit=2');
    expect(first).toMatchObject({
      status: 200,
      body: {
        changes: [
          {
            position: 1,
            operation: 'delete',
            calendarId: CALENDAR,
            googleEventId: 'a',
            correlationId: 'run',
            event: null,
          },
          { position: 2, googleEventId: 'b' },
        ],
        cursor: '2',
        more: true,
      },
    });
    const second = await read('?after=2');
    expect(second.body).toMatchObject({ changes: [{ position: 3 }], cursor: '3', more: false });
  });

  it('is read from now on, also by a request that waits', async () => {
    const now = await read('?after=now');
    expect(now.body).toEqual({ changes: [], cursor: '3', more: false });
    expect((await read('?after=now-1')).body.changes).toMatchObject([{ position: 3 }]);
    let hasEnded = false;
    const waiting = read('?after=now&wait=20').finally(() => (hasEnded = true));
    // Again and again, because the request has to be waiting before a change comes.
    await vi.waitFor(async () => {
      await append('acme', ['later']);
      expect(hasEnded).toBe(true);
    }, 15_000);
    expect((await waiting).body.changes).toContainEqual(expect.objectContaining({ googleEventId: 'later' }));
  });

  it('says what is wrong with a request', async () => {
    for (const [query, field] of [
      ['?after=x', 'after'],
      ['?limit=0', 'limit'],
      ['?limit=1001', 'limit'],
      ['?wait=56', 'wait'],
      ['?wait=-1', 'wait'],
      ['?wait=0.5', 'wait'],
    ] as const) {
      expect(await read(query)).toMatchObject({ status: 400, body: { type: 'invalid-input', field } });
    }
    expect(await read('?after=99')).toMatchObject({ status: 410, body: { type: 'cursor-expired' } });
    expect(await api.call('/api/v1/workspaces/nobody/changes')).toMatchObject({ status: 404 });
  });

  it('is a workspace’s own', async () => {
    await append('beta', ['secret']);
    const key = await api.createKey('acme');
    expect(await read('', { key })).toMatchObject({ status: 200 });
    expect(await api.call('/api/v1/workspaces/beta/changes', { key })).toMatchObject({ status: 403 });
    expect(await read('', { key: null })).toMatchObject({ status: 401 });
  });
});

describe('waiting for a change', () => {
  it('ends with the change, or with nothing when the time is up', async () => {
    const { cursor } = (await read('')).body;
    expect((await read(`?after=${cursor}&wait=1`)).body).toEqual({ changes: [], cursor, more: false });
    const waiting = read(`?after=${cursor}&wait=50`);
    await append('acme', ['d']);
    expect((await waiting).body).toMatchObject({ changes: [{ googleEventId: 'd' }], more: false });
  });

  it('ends with the client, and asks the database nothing more', async () => {
    const { cursor } = (await read('')).body;
    const gone = request(`${api.url}/api/v1/workspaces/acme/changes?after=${cursor}&wait=50`, {
      agent: false,
      headers: { authorization: `Bearer ${api.adminKey}` },
    });
    const ended = once(gone, 'error');
    gone.end();
    const asked = vi.spyOn(api.database, '$queryRaw');
    await vi.waitFor(() => expect(asked.mock.calls.length).toBeGreaterThan(2), 10_000);
    gone.destroy();
    await ended;
    await vi.waitFor(
      async () => {
        asked.mockClear();
        await new Promise((resolve) => setTimeout(resolve, 1_200));
        expect(asked).not.toHaveBeenCalled();
      },
      { timeout: 10_000 },
    );
    asked.mockRestore();
  });

  it('does not begin for a client that has gone while its first read was held up', async () => {
    const { cursor } = (await read('')).body;
    const asked = vi.spyOn(api.database, '$queryRaw');
    await api.prisma.$transaction(async (transaction) => {
      await transaction.$executeRaw`lock table calendar_changes in access exclusive mode`;
      const gone = request(`${api.url}/api/v1/workspaces/acme/changes?after=${cursor}&wait=50`, {
        agent: false,
        headers: { authorization: `Bearer ${api.adminKey}` },
      });
      const ended = once(gone, 'error');
      gone.end();
      await vi.waitFor(() => expect(asked).toHaveBeenCalled(), 10_000);
      gone.destroy();
      await ended;
      // The service hears of it a moment later.
      await new Promise((resolve) => setTimeout(resolve, 200));
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    asked.mockClear();
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(asked).not.toHaveBeenCalled();
    asked.mockRestore();
  });

  it('does not keep the service from stopping', async () => {
    const own = await startTestApi();
    await own.prisma.workspace.create({ data: { id: 'acme', timeZone: 'UTC' } });
    const asked = vi.spyOn(own.database, '$queryRaw');
    const waiting = own.call('/api/v1/workspaces/acme/changes?wait=50');
    await vi.waitFor(() => expect(asked.mock.calls.length).toBeGreaterThan(1), 10_000);
    await own.close();
    expect((await waiting).status).toBe(200);
  }, 20_000);
});
