import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Worker } from '@temporalio/worker';
import getPort from 'get-port';
import { type AlmanacApi, createAlmanacApi } from 'almanac/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bookMeeting } from '../../examples/book-meeting/book-meeting.ts';
import { createBackend } from '../../examples/connect-account/backend.ts';
import { createChangeActivities } from '../../examples/consumer-workflow/activities.ts';
import {
  signalChanges,
  TASK_QUEUE as CONSUMER_QUEUE,
  workflowIdOf,
} from '../../examples/consumer-workflow/signal-changes.ts';
import type { consumeChanges } from '../../examples/consumer-workflow/workflows.ts';
import { findSlots } from '../../examples/find-slots/find-slots.ts';
import { followChanges } from '../../examples/read-changes/follow-changes.ts';
import { MemoryCopy } from '../../examples/read-changes/memory-copy.ts';
import { MemoryCopy as DeliveredCopy } from '../../examples/receive-webhooks/memory-copy.ts';
import { createReceiver } from '../../examples/receive-webhooks/receiver.ts';
import { startSync } from '../../examples/start-sync/start-sync.ts';
import { deliverBatch } from '../../services/delivery/deliver-batch.ts';
import { replayWebhook } from '../../services/delivery/replay.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { consent } from '../support/consent.ts';
import { startWorkflowStack, type WorkflowStack } from '../support/workflow-stack.ts';

const EMAIL = 'ada@example.com';
/** Browsers of the test go to the API's own address instead. */
const PUBLIC_URL = 'http://localhost:1';
const REVIEW = {
  summary: 'Review',
  start: { dateTime: '2030-01-07T09:00:00Z' },
  end: { dateTime: '2030-01-07T10:00:00Z' },
};
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const PLANNING = { ...REVIEW, summary: 'Planning' };

let stack: WorkflowStack;
let api: TestApi;
/** A product's backend, at an origin that the API may send browsers back to. */
let product: Server;
let origin: string;
/** The product's client of the API. */
let client: AlmanacApi;

beforeAll(async () => {
  stack = await startWorkflowStack();
  product = createServer().listen(0, 'localhost');
  await once(product, 'listening');
  origin = `http://localhost:${(product.address() as AddressInfo).port}`;
  const url = stack.environment['GOOGLE_API_ROOT_URL']!;
  api = await startTestApi({
    stack: { prisma: stack.database, temporal: stack.temporal },
    environment: {
      PUBLIC_URL,
      API_RETURN_ORIGINS: [origin],
      WEBHOOK_ALLOWED_NETWORKS: ['127.0.0.0/8'],
      GOOGLE_CLIENT_ID: 'almanac-dev',
      GOOGLE_CLIENT_SECRET: 'almanac-dev-secret',
      GOOGLE_API_ROOT_URL: url,
      GOOGLE_OAUTH_AUTH_URL: `${url}/o/oauth2/v2/auth`,
      GOOGLE_OAUTH_TOKEN_URL: `${url}/token`,
      GOOGLE_OAUTH_REVOKE_URL: `${url}/revoke`,
      TOKEN_ENCRYPTION_KEY: [stack.environment['TOKEN_ENCRYPTION_KEY']!],
    },
  });
  await stack.connect('acme', EMAIL);
  await stack.database.workspace.update({ where: { id: 'acme' }, data: { writing: true } });
  client = createAlmanacApi({ url: api.url, key: await api.createKey('acme') });
});
afterAll(async () => {
  product.close();
  await api.close();
  await stack.close();
});

/** Midnight of UTC. */
function nextMonday(): number {
  const today = Math.floor(Date.now() / DAY_MS);
  // Day 4 of the epoch was a Monday.
  return (today + 7 - ((today - 4) % 7)) * DAY_MS;
}

const titlesOf = (copy: MemoryCopy) =>
  [...copy.events.values()].map(({ summary }) => String(summary)).toSorted();

/** Follows redirects by hand, with cookies, as far as to the product. Google's user consents at once. */
async function browse(from: string, email: string): Promise<string> {
  const cookies = new Map<string, string>();
  let url = new URL(from);
  for (;;) {
    if (url.origin === new URL(PUBLIC_URL).origin) url = new URL(`${url.pathname}${url.search}`, api.url);
    if (url.pathname === '/o/oauth2/v2/auth') {
      url = await consent(url.href, { email });
      continue;
    }
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const set of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      cookies.set(name, value);
    }
    const location = answer.headers.get('location');
    if (location === null) return answer.text();
    url = new URL(location, url);
  }
}

describe('the examples', () => {
  it('start a sync from a Temporal client, and wait for its result', async () => {
    await stack.google.insertEvent(EMAIL, REVIEW);
    const result = await stack.withWorkers(async () => startSync(stack.temporal.client, 'acme'));
    expect(result).toMatchObject({ workspaceId: 'acme', success: true });
    expect(result.calendars).toEqual([expect.objectContaining({ mode: 'full', upserted: 1 })]);
  });

  it('keep a copy of the mirror by the cursor of its change log', async () => {
    const copy = new MemoryCopy();
    expect(await followChanges(client, 'acme', copy)).toBe(1);
    expect(titlesOf(copy)).toEqual(['Review']);

    const planning = await stack.google.insertEvent(EMAIL, PLANNING);
    await stack.withWorkers(async () => startSync(stack.temporal.client, 'acme'));
    expect(await followChanges(client, 'acme', copy)).toBe(1);
    expect(titlesOf(copy)).toEqual(['Planning', 'Review']);

    await stack.google.deleteEvent(EMAIL, planning.id);
    await stack.withWorkers(async () => startSync(stack.temporal.client, 'acme'));
    expect(await followChanges(client, 'acme', copy)).toBe(1);
    expect(titlesOf(copy)).toEqual(['Review']);
  });

  it('keep a copy of the mirror from signed deliveries', async () => {
    const url = `http://127.0.0.1:${await getPort()}/hook`;
    const { data } = await client.POST('/api/v1/workspaces/{workspaceId}/webhooks', {
      params: { path: { workspaceId: 'acme' } },
      body: { url, payload: 'full', from: 0 },
    });
    const copy = new DeliveredCopy();
    const receiver = createReceiver(data!.secret, copy).listen(Number(new URL(url).port), '127.0.0.1');
    await once(receiver, 'listening');
    const deliver = () =>
      deliverBatch({ database: stack.database, ...stack.dependencies.delivery }, data!.id, {
        workflowId: '',
        runId: '',
      });
    const titles = () => [...copy.events.values()].map((event) => (event as { summary: string }).summary);

    expect(await deliver()).toEqual({ outcome: 'idle' });
    expect(titles()).toEqual(['Review']);
    await replayWebhook(stack.database, 'acme', data!.id, { from: 0 });
    copy.events.set('what is only here', {});
    expect(await deliver()).toEqual({ outcome: 'idle' });
    expect(titles()).toEqual(['Review']);

    const forged = await fetch(url, { method: 'POST', body: '{"type":"events.changed"}' });
    expect(forged.status).toBe(401);
    receiver.close();
  });

  it('read the log anew when the cursor is too old', async () => {
    const copy = new MemoryCopy();
    await followChanges(client, 'acme', copy);
    await copy.apply([], '1');
    await stack.database.$executeRaw`
      update calendar_change_positions set compacted_through = 2 where workspace_id = 'acme'`;
    await followChanges(client, 'acme', copy);
    expect(titlesOf(copy)).toEqual(['Review']);
  });

  it('connect the account of the user who comes back from Google', async () => {
    product.on('request', createBackend({ api: client, origin, workspaceOf: () => 'acme' }));
    await stack.google.createUser({ email: 'grace@example.com' });
    const page = await browse(`${origin}/connect`, 'grace@example.com');
    expect(page).toBe('grace@example.com is connected and being synced.');
    const account = await stack.database.calendarAuthToken.findFirst({
      where: { email: 'grace@example.com' },
    });
    expect(account).toMatchObject({ workspaceId: 'acme', status: 'connected' });
  });

  it('find when people can meet', async () => {
    const monday = nextMonday();
    const at = (hour: number) => new Date(monday + hour * HOUR_MS).toISOString();
    const event = { summary: 'Lunch', start: { dateTime: at(10) }, end: { dateTime: at(13) } };
    await stack.google.insertEvent(EMAIL, event);
    await stack.withWorkers(async () => startSync(stack.temporal.client, 'acme'));
    const slots = await findSlots(client, ['acme'], monday);
    expect(slots).toHaveLength(3);
    // The event, and the break of ten minutes around it.
    const [from, until] = [monday + 10 * HOUR_MS - 600_000, monday + 13 * HOUR_MS + 600_000];
    for (const { start, end } of slots)
      expect(Date.parse(end) <= from || Date.parse(start) >= until).toBe(true);
  });

  it('act on every change in a workflow, whose history holds no content', async () => {
    const handled: unknown[] = [];
    const worker = await Worker.create({
      connection: stack.temporal.nativeConnection,
      namespace: stack.temporal.namespace,
      taskQueue: CONSUMER_QUEUE,
      workflowsPath: fileURLToPath(new URL('../../examples/consumer-workflow/workflows.ts', import.meta.url)),
      activities: createChangeActivities(client, async (changes) => {
        handled.push(...changes.map(({ event }) => event?.summary ?? null));
      }),
    });
    const { workflow } = stack.temporal.client;
    const handle = await workflow.start<typeof consumeChanges>('consumeChanges', {
      workflowId: 'consume-changes/acme',
      taskQueue: CONSUMER_QUEUE,
      args: [{ workspaceId: 'acme', pages: 1 }],
    });
    const cursor = await worker.runUntil(handle.result());
    const { data } = await client.GET('/api/v1/workspaces/{workspaceId}/changes', {
      params: { path: { workspaceId: 'acme' }, query: { after: '0' } },
    });
    expect(cursor).toBe(data?.cursor);
    expect(handled).toContain('Review');
    const { events } = await handle.fetchHistory();
    const results = events?.flatMap(
      ({ activityTaskCompletedEventAttributes: completed }) => completed?.result?.payloads ?? [],
    );
    expect(results?.map((payload) => JSON.parse(Buffer.from(payload.data ?? []).toString()))).toEqual([
      { cursor, more: false, changes: handled.length },
    ]);
  });

  it('signal that workflow as soon as a calendar has changed', async () => {
    const handled: unknown[] = [];
    const worker = await Worker.create({
      connection: stack.temporal.nativeConnection,
      namespace: stack.temporal.namespace,
      taskQueue: CONSUMER_QUEUE,
      workflowsPath: fileURLToPath(new URL('../../examples/consumer-workflow/workflows.ts', import.meta.url)),
      activities: createChangeActivities(client, async (changes) => {
        handled.push(...changes.map(({ event }) => event?.summary ?? null));
      }),
    });
    const stopping = new AbortController();
    await worker.runUntil(async () => {
      const context = { api: client, temporal: stack.temporal.client, signal: stopping.signal };
      const signalling = signalChanges(context, 'acme');
      await expect.poll(() => handled).toContain('Review');
      await stack.google.insertEvent(EMAIL, { ...REVIEW, summary: 'Retrospective' });
      await stack.withWorkers(async () => startSync(stack.temporal.client, 'acme'));
      // Far sooner than it looks by itself.
      await expect.poll(() => handled, { timeout: 10_000 }).toContain('Retrospective');
      stopping.abort();
      await signalling;
    });
    expect(handled.filter((title) => title === 'Retrospective')).toHaveLength(1);
    await stack.temporal.client.workflow.getHandle(workflowIdOf('acme')).terminate();
  });

  it('book a meeting once, however often it is booked', async () => {
    const booking = {
      id: 'b1',
      title: 'Demo',
      start: '2030-01-08T09:00:00Z',
      end: '2030-01-08T09:30:00Z',
      guests: ['grace@example.org'],
    };
    const eventIds = await stack.withWorkers(async () => [
      await bookMeeting(client, 'acme', booking),
      await bookMeeting(client, 'acme', booking),
    ]);
    expect(new Set(eventIds).size).toBe(1);
    const mails = await stack.google.mails();
    expect(mails.map(({ kind, to }) => `${kind} ${to}`)).toEqual(['invitation grace@example.org']);
  });
});
