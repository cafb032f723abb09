import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import fastify from 'fastify';
import { authenticate } from '../../api/auth.ts';
import { createChangeHints } from '../../api/change-hints.ts';
import { type ChangeStream, streamChanges } from '../../api/stream-changes.ts';
import { createApiKey, revokeApiKey } from '../../services/keys/api-keys.ts';
import { appendChanges } from '../../services/change-log/append-changes.ts';
import { API_ROLE } from '../../prisma/database-logins.ts';
import { databaseAs } from '../support/database.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { type EventStream, openEventStream } from '../support/event-stream.ts';

let api: TestApi;
const CALENDAR = randomUUID();
const open: EventStream[] = [];

beforeAll(async () => {
  api = await startTestApi();
  for (const id of ['acme', 'beta']) await api.prisma.workspace.create({ data: { id, timeZone: 'UTC' } });
});
afterEach(() => {
  for (const one of open.splice(0)) one.close();
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

async function stream({
  query = '',
  lastEventId,
  key = api.adminKey,
  workspaceId = 'acme',
}: {
  query?: string;
  lastEventId?: string;
  key?: string;
  workspaceId?: string;
} = {}): Promise<EventStream> {
  const opened = await openEventStream(`${api.url}/api/v1/workspaces/${workspaceId}/changes/stream${query}`, {
    authorization: `Bearer ${key}`,
    ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
  });
  open.push(opened);
  return opened;
}

interface Page {
  changes: { position: number; googleEventId: string }[];
  more: boolean;
}

const pagesOf = ({ events }: EventStream) => events.map(({ data }) => JSON.parse(data) as Page);
const namesOf = (one: EventStream) =>
  pagesOf(one).flatMap(({ changes }) => changes.map(({ googleEventId }) => googleEventId));

describe('a stream of changes', () => {
  it('begins at the beginning, and goes on with what is committed', async () => {
    await append('acme', ['a', 'b', 'c']);
    const one = await stream({ query: '?limit=2' });
    expect(one.status).toBe(200);
    expect(one.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(one.headers.get('cache-control')).toBe('no-store');
    await vi.waitFor(() => expect(namesOf(one)).toEqual(['a', 'b', 'c']));
    expect(one.events.map(({ id, event }) => [id, event])).toEqual([
      ['2', 'changes'],
      ['3', 'changes'],
    ]);
    await append('acme', ['d']);
    await vi.waitFor(() => expect(namesOf(one)).toEqual(['a', 'b', 'c', 'd']), 5_000);
    expect(one.events.at(-1)?.id).toBe('4');
  });

  it('goes on after Last-Event-ID, without a gap or a repetition', async () => {
    const first = await stream({ lastEventId: '2' });
    await vi.waitFor(() => expect(namesOf(first)).toEqual(['c', 'd']));
    first.close();
    const lastEventId = first.events.at(-1)?.id;
    await append('acme', ['e', 'f']);
    const second = await stream({ lastEventId, query: '?after=0' });
    await vi.waitFor(() => expect(namesOf(second)).toEqual(['e', 'f']));
  });

  it('begins at the end, and says where that was, so that a client that connects again misses nothing', async () => {
    const one = await stream({ workspaceId: 'beta', query: '?after=now' });
    await vi.waitFor(() => expect(one.lastEventId()).toBe('0'));
    await append('beta', ['first']);
    await vi.waitFor(() => expect(namesOf(one)).toEqual(['first']), 5_000);
    const two = await stream({ workspaceId: 'beta', query: '?after=now' });
    await vi.waitFor(() => expect(two.lastEventId()).toBe('1'));
    expect(two.events).toEqual([]);
  });

  it('refuses what it cannot begin with, as problem+json', async () => {
    for (const [asked, status] of [
      [{ lastEventId: 'x' }, 400],
      [{ query: '?after=x' }, 400],
      [{ query: '?limit=0' }, 400],
      [{ lastEventId: '99' }, 410],
      [{ workspaceId: 'unknown' }, 404],
    ] as const) {
      const refused = await stream(asked);
      expect(refused.status).toBe(status);
      expect(refused.headers.get('content-type')).toContain('application/problem+json');
    }
  });

  it('is a workspace’s own', async () => {
    const key = await api.createKey('acme');
    await append('beta', ['secret']);
    expect((await stream({ workspaceId: 'beta', key })).status).toBe(403);
    const own = await stream({ key });
    await vi.waitFor(() => expect(namesOf(own)).toContain('f'));
    expect(namesOf(own)).not.toContain('secret');
  });

  it('is one of so many of a workspace at most; a closed one makes room', async () => {
    const key = await api.createKey('beta');
    const streams = await Promise.all(Array.from({ length: 20 }, () => stream({ workspaceId: 'beta', key })));
    expect(streams.map(({ status }) => status)).toEqual(Array(20).fill(200));
    const refused = await stream({ workspaceId: 'beta', key });
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).not.toBeNull();
    expect((await stream({ key: await api.createKey('acme') })).status).toBe(200);
    streams[0]?.close();
    await vi.waitFor(async () => expect((await stream({ workspaceId: 'beta', key })).status).toBe(200));
  });

  it('ends when the service stops', async () => {
    const other = await startTestApi({ stack: { prisma: api.prisma, temporal: api.temporal } });
    const one = await openEventStream(`${other.url}/api/v1/workspaces/acme/changes/stream`, {
      authorization: `Bearer ${other.adminKey}`,
    });
    await vi.waitFor(() => expect(one.events.length).toBeGreaterThan(0));
    const startedAt = performance.now();
    await other.close();
    await one.ended;
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });
});

describe('a stream that Postgres gives hints', () => {
  it('sends a change soon after its commit', async () => {
    const hints = createChangeHints(await databaseAs(api.prisma, API_ROLE));
    const connected = new Promise((resolve) => hints.subscribe(resolve));
    const other = await startTestApi({
      stack: { prisma: api.prisma, temporal: api.temporal },
      dependencies: { changeHints: hints },
    });
    await connected;
    const url = `${other.url}/api/v1/workspaces/acme/changes/stream`;
    const one = await openEventStream(url, { authorization: `Bearer ${other.adminKey}` });
    const delays: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      // The poll comes at another moment of each round.
      await sleep(90 * round);
      await append('acme', [`hinted-${round}`]);
      const at = performance.now();
      await vi.waitFor(() => expect(namesOf(one)).toContain(`hinted-${round}`), { interval: 5 });
      delays.push(performance.now() - at);
    }
    // Half of those that are only polled for take a quarter of a second.
    expect(delays.toSorted((a, b) => a - b)[2]).toBeLessThan(150);
    one.close();
    await other.close();
    await hints.close();
  });
});

describe('a key', () => {
  it('is asked for again while a stream lasts', async () => {
    const keys = { database: api.prisma, now: () => new Date() };
    const { id, key } = await createApiKey(keys, { name: 'stream', workspaceId: 'acme' });
    const app = fastify();
    authenticate(app, { ...keys, environment: {} } as never);
    app.get('/', { config: { access: 'authenticated' } }, async (request) => {
      const before = await request.isStillAllowed();
      await revokeApiKey(keys, id);
      return [before, await request.isStillAllowed()];
    });
    const answer = await app.inject({ url: '/', headers: { authorization: `Bearer ${key}` } });
    expect(answer.json()).toEqual([true, false]);
    await app.close();
  });
});

describe('what a stream keeps to', () => {
  const page = (changes: number, cursor: string, more = false) => ({
    changes: Array.from({ length: changes }, () => ({ event: '{}' })) as never,
    cursor,
    more,
  });

  /** A stream without a server, with short times. */
  function begin(given: Partial<ChangeStream> = {}) {
    const calls = { read: [] as string[], given: 0, cutOff: 0 };
    const one = (cursor: string) => ({ page: page(1, cursor), giveBack: () => void (calls.given += 1) });
    const pieces = streamChanges(one('1'), {
      async read(after) {
        calls.read.push(after);
        return { page: page(0, after), giveBack: () => undefined };
      },
      wait: async (_position, timeoutMs) => {
        await sleep(timeoutMs);
        return false;
      },
      isAllowed: async () => true,
      signal: new AbortController().signal,
      cutOff: () => void (calls.cutOff += 1),
      heartbeatMs: 20,
      longestMs: 200,
      longestSendingMs: 50,
      ...given,
    });
    return { pieces, calls };
  }

  async function drain(pieces: AsyncIterable<string>): Promise<string> {
    let text = '';
    for await (const piece of pieces) text += piece;
    return text;
  }

  it('sends a comment while nothing happens, and ends after its time', async () => {
    const { pieces } = begin();
    const text = await drain(pieces);
    expect(text).toMatch(/^retry: 1000\n\nid: 1\nevent: changes\ndata: \{.*\}\n\n(: waiting\n\n){4,}$/);
  });

  it('ends when its key is revoked', async () => {
    let asked = 0;
    const { pieces } = begin({ isAllowed: async () => (asked += 1) < 2, longestMs: 60_000 });
    await drain(pieces);
    expect(asked).toBe(2);
  });

  it('ends without an error when the log cannot be read', async () => {
    const read = async () => {
      throw new Error('Postgres is away.');
    };
    expect(await drain(begin({ read, longestMs: 60_000 }).pieces)).toContain('id: 1');
  });

  it('cuts off a client that does not take a page, and gives its place back', async () => {
    const { pieces, calls } = begin();
    await pieces.next();
    await pieces.next();
    await sleep(100);
    expect(calls.cutOff).toBe(1);
    expect(calls.given).toBe(0);
    await pieces.return(undefined);
    expect(calls.given).toBe(1);
    expect(calls.read).toEqual([]);
  });
});
