import { request } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { SIGNAL_GAP_MS } from '../../api/push/calendar-pace.ts';
import type { Notification } from '../../api/push/read-notification.ts';
import { WEBHOOK_PATH } from '../../contracts/push.ts';
import { TaskQueue } from '../../contracts/task-queues.ts';
import { WorkflowType } from '../../contracts/workflow-types.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { calendarRow, expectMirrorEqualsGoogle } from '../support/mirror.ts';
import { headersOf, openChannelRow } from '../support/push.ts';
import { createRandom, RandomEditor } from '../support/random-editor.ts';
import { startServedStack, type WorkflowStack } from '../support/workflow-stack.ts';

const GOOGLE = 'pushed@example.com';

let stack: WorkflowStack;
let api: TestApi;
let calendarId: string;
let runs = 0;

beforeAll(async () => {
  stack = await startServedStack();
  api = await startTestApi({ stack: { prisma: stack.database, temporal: stack.temporal } });
  await stack.connect('pushed', GOOGLE);
  await stack.sync('pushed');
  stack.dependencies.push.address = `${api.url}${WEBHOOK_PATH}`;
  calendarId = (await calendarRow(stack, GOOGLE)).id;
  await maintain();
});
afterAll(async () => {
  await api.close();
  await stack.close();
});
afterEach(() => stack.google.setPush({ drop: 0, duplicate: false, delayMs: 0, reorder: false }));

async function maintain(): Promise<void> {
  runs += 1;
  const handle = await stack.temporal.client.workflow.start(WorkflowType.maintainWatchChannels, {
    taskQueue: TaskQueue.calendarSync,
    workflowId: `maintain-${runs}`,
  });
  await handle.result();
}

const event = (summary: string) => ({
  summary,
  start: { dateTime: '2026-12-01T12:00:00Z' },
  end: { dateTime: '2026-12-01T13:00:00Z' },
});
const isMirrored = async (title: string) =>
  (await stack.database.workspaceCalendarEvent.count({ where: { calendarId, title } })) > 0;
/** Times that Google was asked what has changed. */
async function syncs(): Promise<number> {
  const where = { calendarId, source: 'push' };
  const { _sum } = await stack.database.workspaceCalendarSyncLog.aggregate({ where, _sum: { pages: true } });
  return _sum.pages ?? 0;
}
const notify = (notification: Notification, headers: Record<string, string> = {}) =>
  api.call(WEBHOOK_PATH, {
    method: 'POST',
    key: null,
    headers: { ...headersOf(notification), ...headers },
  });
const stateOf = () => stack.database.calendarSyncState.findUniqueOrThrow({ where: { calendarId } });
async function isServed(): Promise<boolean> {
  const { notifiedAt, listingStartedAt, fenceFinished } = await stateOf();
  return fenceFinished && (notifiedAt === null || notifiedAt < listingStartedAt!);
}
/** Until every notification is served, and no signal waits for the gap to be over. */
async function quiet(): Promise<void> {
  for (let before = -1, now = await syncs(); before !== now; now = await syncs()) {
    before = now;
    await new Promise((resolve) => setTimeout(resolve, SIGNAL_GAP_MS + 300));
    await expect.poll(isServed, { timeout: 20_000 }).toBe(true);
  }
}

describe('push', () => {
  it('brings a change in without anybody asking', async () => {
    await stack.google.insertEvent(GOOGLE, event('Pushed'));
    await expect.poll(() => isMirrored('Pushed'), { timeout: 10_000 }).toBe(true);
    expect(await syncs()).toBeGreaterThanOrEqual(1);
    await expect
      .poll(async () => (await stateOf()).nextSyncAt!.getTime())
      .toBeGreaterThan(Date.now() + 3_600_000);
  });

  it('is counted by what came of it', async () => {
    const count = async (outcome: string) => {
      const { body } = await api.call('/metrics', { key: null });
      const line = new RegExp(`^almanac_api_notifications_total\\{outcome="${outcome}"\\} (\\d+)$`, 'm');
      return Number(line.exec(String(body))?.[1]);
    };
    const [accepted, opened, forged] = [
      await count('accepted'),
      await count('opened'),
      await count('forged'),
    ];
    const notification = await openChannelRow(stack.database, calendarId);
    await notify({ ...notification, state: 'sync' });
    await notify(notification);
    await notify({ ...notification, token: 'guessed' });
    expect(await count('accepted')).toBeGreaterThan(accepted);
    expect(await count('opened')).toBe(opened + 1);
    expect(await count('forged')).toBe(forged + 1);
    expect(await count('unknown')).toBe(0);
  });

  it('is found again by the correlation ID that the answer names', async () => {
    await quiet();
    const notification = await openChannelRow(stack.database, calendarId);
    const answer = await notify(notification, { 'x-correlation-id': 'notified-1' });
    expect(answer.status).toBe(204);
    await expect
      .poll(() => stack.database.workspaceCalendarSyncLog.count({ where: { correlationId: 'notified-1' } }))
      .toBe(1);
  });

  it('converges when notifications come twice, late and out of order', async () => {
    await stack.google.setPush({ duplicate: true, reorder: true, delayMs: 20 });
    const editor = new RandomEditor(stack.google, GOOGLE, createRandom(7));
    for (let edits = 0; edits < 30; edits += 1) await editor.edit();
    await vi.waitFor(() => expectMirrorEqualsGoogle(stack, GOOGLE), { timeout: 30_000, interval: 500 });
  });

  it('answers a flood at once and syncs a handful of times', { tags: ['slow'] }, async () => {
    await quiet();
    const before = await syncs();
    const notification = await openChannelRow(stack.database, calendarId);
    const startedAt = Date.now();
    const slowest = { ms: 0 };
    const one = async () => {
      const sentAt = Date.now();
      const { status } = await notify(notification);
      slowest.ms = Math.max(slowest.ms, Date.now() - sentAt);
      return status;
    };
    const statuses = new Set<number>();
    for (let sent = 0; sent < 1_000; sent += 50) {
      for (const status of await Promise.all(Array.from({ length: 50 }, one))) statuses.add(status);
    }
    const seconds = (Date.now() - startedAt) / 1_000;
    expect(statuses).toEqual(new Set([204]));
    expect(slowest.ms).toBeLessThan(5_000);
    await quiet();
    const made = (await syncs()) - before;
    expect(made).toBeGreaterThanOrEqual(1);
    // At 0, 1, 3, 7, 15 … seconds.
    expect(made).toBeLessThanOrEqual(3 + Math.ceil(Math.log2(1 + seconds)));
  });
});

describe('a request that Google cannot have sent', () => {
  const nothingHappens = async (ask: () => Promise<number>, statuses: number[]) => {
    await quiet();
    const before = await stateOf();
    const made = await syncs();
    expect(statuses).toContain(await ask());
    expect(await stateOf()).toEqual(before);
    expect(await syncs()).toBe(made);
  };

  it.each<[string, Partial<Notification>]>([
    ['a wrong token', { token: 'guessed' }],
    ['a wrong resource', { resourceId: 'guessed' }],
    ['an unknown channel', { channelId: '00000000-0000-4000-8000-000000000000' }],
    ['a channel that is none of ours', { channelId: "x'--" }],
  ])('is answered and ignored: %s', async (_what, more) => {
    const notification = await openChannelRow(stack.database, calendarId);
    await nothingHappens(async () => (await notify({ ...notification, ...more })).status, [204]);
  });

  it.each([
    ['x-goog-channel-id', 'empty', ''],
    ['x-goog-channel-id', 'too long', 'x'.repeat(65)],
    ['x-goog-channel-token', 'too long', 'x'.repeat(257)],
    ['x-goog-resource-id', 'too long', 'x'.repeat(257)],
    ['x-goog-resource-state', 'no state', 'changed'],
  ])('is refused: %s is %s', async (name, _what, value) => {
    const notification = await openChannelRow(stack.database, calendarId);
    await nothingHappens(async () => {
      const answer = await notify(notification, { [name]: value });
      expect(answer.body).toMatchObject({ field: name });
      return answer.status;
    }, [400]);
  });

  it('is refused with a body that Google would not send', async () => {
    const headers = headersOf(await openChannelRow(stack.database, calendarId));
    const post = async (body: string, type: string) =>
      (
        await fetch(`${api.url}${WEBHOOK_PATH}`, {
          method: 'POST',
          headers: { ...headers, 'content-type': type },
          body,
        })
      ).status;
    await nothingHappens(() => post('x'.repeat(2_000_000), 'application/json'), [413]);
    await nothingHappens(() => post('x'.repeat(1_025), 'text/plain'), [413]);
  });

  it('is refused with more headers than anybody needs', async () => {
    const headers = headersOf(await openChannelRow(stack.database, calendarId));
    for (let index = 0; index < 3_000; index += 1) headers[`x-padding-${index}`] = 'x'.repeat(20);
    const ask = () =>
      new Promise<number>((resolve, reject) => {
        const sent = request(`${api.url}${WEBHOOK_PATH}`, { method: 'POST', headers }, (answer) => {
          answer.resume();
          resolve(answer.statusCode ?? 0);
        });
        sent.on('error', (error: Error & { code?: string }) =>
          error.code === 'ECONNRESET' || error.code === 'EPIPE' ? resolve(431) : reject(error),
        );
        sent.end();
      });
    await nothingHappens(ask, [431]);
  });

  it('may have a small body of any kind, which is not looked at', async () => {
    const headers = headersOf(await openChannelRow(stack.database, calendarId));
    for (const [type, body] of [
      ['application/json', '{"__proto__": '],
      ['application/x-www-form-urlencoded', 'a=b'],
      ['text/xml', '<!DOCTYPE x SYSTEM "file:///etc/passwd">'],
    ] as const) {
      const answer = await fetch(`${api.url}${WEBHOOK_PATH}`, {
        method: 'POST',
        headers: { ...headers, 'content-type': type },
        body,
      });
      expect(answer.status).toBe(204);
    }
  });
});
