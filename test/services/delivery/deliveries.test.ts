import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Webhook } from 'standardwebhooks';
import type { AlmanacClient } from '../../../client/almanac-client.ts';
import { retryDeadLetter } from '../../../client/retry-dead-letters.ts';
import { MAX_LOGGED_DELIVERIES } from '../../../contracts/limits.ts';
import { appendChanges, type AppliedChange } from '../../../services/change-log/append-changes.ts';
import { compactChanges } from '../../../services/change-log/compact-changes.ts';
import { claimBatch } from '../../../services/delivery/claim-batch.ts';
import type { DeliveryContext } from '../../../services/delivery/context.ts';
import { deliverBatch } from '../../../services/delivery/deliver-batch.ts';
import { listDeliveries } from '../../../services/delivery/delivery-log.ts';
import { dueSubscriptions } from '../../../services/delivery/due-subscriptions.ts';
import { pauseWebhook, resumeWebhook } from '../../../services/delivery/pause.ts';
import { replayWebhook } from '../../../services/delivery/replay.ts';
import { rotateSecret } from '../../../services/delivery/rotate-secret.ts';
import { testWebhook } from '../../../services/delivery/test-webhook.ts';
import {
  changeWebhook,
  createWebhook,
  deleteWebhook,
  findWebhook,
} from '../../../services/delivery/webhooks.ts';
import { InvalidInputError, NotFoundError } from '../../../services/errors.ts';
import { createTokenCipher } from '../../../services/google/token-cipher.ts';
import { rotateKeys } from '../../../services/keys/rotate-keys.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { type Receiver, startReceiver } from '../../support/receiver.ts';
import { seedWorkspace } from '../../support/seed-workspace.ts';

const RUN = { workflowId: 'delivery/x', runId: 'run' };
const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;

let database: TestDatabase;
let context: DeliveryContext;
let receiver: Receiver;
let workspaceId: string;
let calendarId: string;

const key = randomBytes(32).toString('base64');

beforeAll(async () => {
  database = await createTestDatabase();
  context = {
    database: database.prisma,
    tokenCipher: createTokenCipher([key]),
    guard: { networks: ['127.0.0.0/8'], timeoutMs: 2_000 },
  };
});
afterAll(() => database.drop());

beforeEach(async () => {
  workspaceId = `w-${randomUUID()}`;
  // With one change of the log.
  ({ calendarId } = await seedWorkspace(database.prisma, workspaceId));
  await database.prisma.webhookSubscription.deleteMany();
  receiver = await startReceiver();
});
afterEach(async () => {
  receiver.close();
  await database.setClock(null);
});

async function subscribe(input: object = {}, scope: string | null = workspaceId): Promise<string> {
  const { id, secret } = await createWebhook(context, scope, { url: receiver.url, ...input });
  receiver.secret = secret;
  return id;
}

async function change(
  count = 1,
  operation: AppliedChange['operation'] = 'delete',
  ofWorkspace = workspaceId,
) {
  await database.prisma.$transaction((transaction) =>
    appendChanges(
      transaction,
      { workspaceId: ofWorkspace, correlationId: 'run-1' },
      Array.from({ length: count }, () => ({ calendarId, googleEventId: randomUUID(), operation })),
    ),
  );
}

const deliver = (id: string) => deliverBatch(context, id, RUN);

async function drain(id: string) {
  for (;;) {
    const delivered = await deliver(id);
    if (delivered.outcome !== 'more') return delivered;
  }
}

const positions = () =>
  receiver.received.map(({ message }) => message.data.changes.map(({ position }) => position));
const ids = () => receiver.received.map(({ id }) => id);
const ranges = () =>
  receiver.received.map(({ message: { data } }) => [data.generation, data.after, data.position]);
const cursor = async (id: string) => {
  const row = await database.prisma.webhookCursor.findFirst({ where: { subscriptionId: id, workspaceId } });
  return Number(row?.position);
};
const later = (ms: number) => database.setClock(new Date(Date.now() + ms));
const deadLetters = () =>
  database.prisma.deadLetter.findMany({
    where: { workspaceId, operation: 'delivery' },
    orderBy: { status: 'asc' },
  });

describe('deliveries of a subscription', () => {
  it('have what changes from its creation on, in order, signed, with IDs and positions only', async () => {
    const id = await subscribe();
    expect(await deliver(id)).toEqual({ outcome: 'idle' });
    await change(2);
    await change(1);
    expect(await drain(id)).toEqual({ outcome: 'idle' });
    expect(positions()).toEqual([[2, 3, 4]]);
    expect(receiver.received[0]!.message).toMatchObject({
      type: 'events.changed',
      timestamp: expect.stringMatching(/Z$/),
      data: { subscriptionId: id, workspaceId, generation: 0, after: 1, position: 4 },
    });
    const [first] = receiver.received[0]!.message.data.changes;
    expect(first).toEqual({
      type: 'event.deleted',
      position: 2,
      calendarId,
      googleEventId: expect.any(String),
      correlationId: 'run-1',
      changedAt: expect.any(String),
    });
    expect(await cursor(id)).toBe(4);
  });

  it('have the events as well, from the beginning, where that is asked for', async () => {
    const { googleEventId } = (await database.prisma.calendarChange.findFirst({ where: { workspaceId } }))!;
    const resource = { id: googleEventId, summary: 'Lunch' };
    await database.prisma.calendarChange.updateMany({ where: { workspaceId }, data: { resource } });
    const id = await subscribe({ payload: 'full', from: 0 });
    await change(1);
    await drain(id);
    expect(receiver.received[0]!.message.data.changes.map(({ event }) => event)).toEqual([resource, null]);
  });

  it('hold 500 changes or a megabyte of events each', async () => {
    const id = await subscribe({ payload: 'full' });
    await change(501);
    await drain(id);
    expect(positions().map(({ length }) => length)).toEqual([500, 1]);
    await change(3, 'update');
    const resource = { description: 'x'.repeat(600_000) };
    await database.prisma.calendarChange.updateMany({
      where: { workspaceId, position: { gt: 502 } },
      data: { resource },
    });
    await drain(id);
    expect(positions().slice(2)).toEqual([[503], [504], [505]]);
    expect(ranges().slice(1)).toEqual([
      [0, 501, 502],
      [0, 502, 503],
      [0, 503, 504],
      [0, 504, 505],
    ]);
  });

  it('leave out other types and calendars, and say which range they cover', async () => {
    const id = await subscribe({ types: ['event.created'], calendarIds: [calendarId] });
    await change(3, 'delete');
    expect(await drain(id)).toEqual({ outcome: 'idle' });
    expect([receiver.received.length, await cursor(id)]).toEqual([0, 4]);
    await change(1, 'update');
    await change(1, 'insert');
    await change(1, 'delete');
    await drain(id);
    expect([positions(), ranges()]).toEqual([[[6]], [[0, 1, 7]]]);
  });

  it('move the cursor only after 2xx, and repeat ID and body until then', async () => {
    const id = await subscribe();
    await change();
    receiver.answer(500, 302, 204);
    for (const days of [0, 1, 2]) {
      await later(days * DAY_MS);
      expect(await cursor(id)).toBe(1);
      // What is committed meanwhile comes with the next delivery.
      await change();
      await deliver(id);
    }
    expect(await cursor(id)).toBe(3);
    expect(new Set(ids()).size).toBe(1);
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
    await drain(id);
    expect(positions().at(-1)).toEqual([4, 5]);
    expect(new Set(ids()).size).toBe(2);
  });

  it('come again under the same ID if a process dies before it has recorded that they were accepted', async () => {
    const id = await subscribe();
    await change();
    const claimed = await claimBatch(database.prisma, id);
    expect(claimed).toMatchObject({ outcome: 'claimed' });
    await change();
    await drain(id);
    expect(positions()).toEqual([[2], [3]]);
    const { batchId } = (claimed as { batch: { batchId: string } }).batch;
    expect(ids()[0]).toBe(`msg_${batchId.replaceAll('-', '')}`);
  });

  it('are counted as usage: each attempt, and those that were accepted', async () => {
    const counted: string[] = [];
    const usage = { count: (...[id, what]: [string, string]) => void counted.push(`${id} ${what}`) };
    const id = await subscribe();
    await change();
    receiver.answer(500, 204);
    await deliverBatch(context, id, RUN, { usage });
    await later(DAY_MS);
    await deliverBatch(context, id, RUN, { usage });
    expect(counted).toEqual(
      ['deliveryAttempts', 'deliveryAttempts', 'deliveries'].map((what) => `${workspaceId} ${what}`),
    );
  });

  it('wait longer after each failure, and as long as Retry-After asks for', async () => {
    const id = await subscribe();
    await change();
    receiver.answer(503, { status: 429, headers: { 'retry-after': '3600' } }, 500);
    await deliver(id);
    const first = (await deliver(id)) as { outcome: string; waitMs: number };
    expect(first.outcome).toBe('wait');
    expect(first.waitMs).toBeGreaterThan(3 * SECOND_MS);
    expect(first.waitMs).toBeLessThan(7 * SECOND_MS);
    expect((await dueSubscriptions(database.prisma, [workspaceId])).due).toEqual([]);
    await later(10 * SECOND_MS);
    expect((await dueSubscriptions(database.prisma, null)).due).toEqual([{ id, workspaceId }]);
    await deliver(id);
    const asked = (await deliver(id)) as { waitMs: number };
    expect(asked.waitMs).toBeGreaterThan(3_500 * SECOND_MS);
    expect(await findWebhook(database.prisma, workspaceId, id)).toMatchObject({
      failures: 2,
      lastError: '429',
    });
  });

  it('are paused by 410 at once, with a dead letter that the next success resolves', async () => {
    const id = await subscribe();
    await change();
    receiver.answer(410);
    await deliver(id);
    expect(await findWebhook(database.prisma, workspaceId, id)).toMatchObject({
      status: 'paused',
      pauseReason: 'gone',
      lastError: '410',
    });
    expect(await deadLetters()).toMatchObject([{ failureType: 'WebhookGone', status: 'open', ...RUN }]);
    expect(await deliver(id)).toEqual({ outcome: 'idle' });
    receiver.answer(200);
    const [deadLetter] = await deadLetters();
    // Nothing but Postgres is needed to resume deliveries.
    const clients = { database: database.prisma, almanac: {} as AlmanacClient };
    expect(await retryDeadLetter(clients, deadLetter!.id, { workspaceId })).toMatchObject({
      operation: 'delivery',
      outcome: 'requested',
    });
    await drain(id);
    expect(positions()).toEqual([[2], [2]]);
    expect(await deadLetters()).toMatchObject([{ failureType: 'WebhookGone', status: 'resolved' }]);
  });

  it('are paused after three days of failures, and nothing is missed when they are resumed', async () => {
    const id = await subscribe();
    await change();
    receiver.answer(500);
    await deliver(id);
    for (let waited = 0; ;) {
      const delivered = await deliver(id);
      if (delivered.outcome === 'idle') break;
      if (delivered.outcome === 'wait') {
        waited += delivered.waitMs;
        await later(waited);
      }
    }
    expect(receiver.received.length).toBeGreaterThan(20);
    expect(receiver.received.length).toBeLessThan(40);
    const { failingSince, status, pauseReason } = await findWebhook(database.prisma, workspaceId, id);
    expect([status, pauseReason]).toEqual(['paused', 'failed']);
    expect(Date.now() - Date.parse(failingSince!)).toBeLessThan(DAY_MS);
    expect(await deadLetters()).toMatchObject([{ failureType: 'WebhookFailed', status: 'open' }]);
    receiver.answer(200);
    await resumeWebhook(database.prisma, workspaceId, id);
    await change();
    await drain(id);
    expect(positions().slice(-2)).toEqual([[2], [3]]);
  });

  it('begin again in a new generation when they are replayed, also while one is being made', async () => {
    const id = await subscribe();
    await change(3);
    receiver.beforeAnswer = async () => {
      receiver.beforeAnswer = () => undefined;
      await replayWebhook(database.prisma, workspaceId, id, { from: 2 });
    };
    await drain(id);
    expect(ranges()).toEqual([
      [0, 1, 4],
      [1, 2, 4],
    ]);
    expect(new Set(ids()).size).toBe(2);
    await replayWebhook(database.prisma, workspaceId, id, { from: 0 });
    await drain(id);
    expect(ranges().at(-1)).toEqual([2, 0, 4]);
  });

  it('are paused when the log no longer has what comes next, until they are replayed', async () => {
    const id = await subscribe();
    await change();
    await pauseWebhook(database.prisma, workspaceId, id);
    await change(2);
    await compactChanges(database.prisma, new Date(Date.now() + DAY_MS), new AbortController().signal);
    await change();
    await resumeWebhook(database.prisma, workspaceId, id);
    await drain(id);
    expect(await findWebhook(database.prisma, workspaceId, id)).toMatchObject({ pauseReason: 'behind' });
    expect(await deadLetters()).toMatchObject([{ failureType: 'WebhookBehind', status: 'open' }]);
    await replayWebhook(database.prisma, workspaceId, id, { from: 0 });
    await drain(id);
    expect(ranges()).toEqual([[1, 0, 5]]);
    expect(await deadLetters()).toMatchObject([{ status: 'resolved' }]);
  });

  it('are made anew when their filter changes, and stop when they are paused or deleted', async () => {
    const id = await subscribe();
    await change();
    receiver.answer(500, 204);
    await deliver(id);
    await changeWebhook(context, workspaceId, id, { payload: 'full' });
    expect(await drain(id)).toEqual({ outcome: 'idle' });
    expect(new Set(ids()).size).toBe(2);
    await pauseWebhook(database.prisma, workspaceId, id);
    await change();
    expect(await drain(id)).toEqual({ outcome: 'idle' });
    expect(await dueSubscriptions(database.prisma, [workspaceId])).toEqual({ due: [], next: null });
    await deleteWebhook(database.prisma, workspaceId, id);
    expect(await drain(id)).toEqual({ outcome: 'idle' });
    expect(receiver.received).toHaveLength(2);
  });
});

describe('a subscription for all workspaces', () => {
  it('gets the changes of each in order, and those of later ones from their beginning', async () => {
    const id = await subscribe({}, null);
    await change(2);
    const newcomer = `w-${randomUUID()}`;
    await database.prisma.workspace.create({ data: { id: newcomer, timeZone: 'UTC' } });
    await change(1, 'delete', newcomer);
    expect((await dueSubscriptions(database.prisma, [newcomer])).due).toEqual([{ id, workspaceId: null }]);
    await drain(id);
    const got = receiver.received.map(({ message: { data } }) => [
      data.workspaceId,
      [data.after, data.position],
    ]);
    expect(Object.fromEntries(got)).toEqual({ [workspaceId]: [1, 3], [newcomer]: [0, 1] });
    await expect(subscribe({ calendarIds: [calendarId] }, null)).rejects.toThrow(InvalidInputError);
    await expect(replayWebhook(database.prisma, null, id, { from: 0 })).rejects.toThrow(InvalidInputError);
    await expect(findWebhook(database.prisma, workspaceId, id)).rejects.toThrow(NotFoundError);
  });

  it('is paused with a dead letter of the installation, which no success of a calendar closes', async () => {
    const id = await subscribe({}, null);
    await change();
    receiver.answer(410);
    await drain(id);
    const open = await database.prisma.deadLetter.findMany({ where: { workspaceId: null, status: 'open' } });
    expect(open).toMatchObject([{ operation: 'delivery', failureType: 'WebhookGone' }]);
    await database.prisma.deadLetter.deleteMany({ where: { workspaceId: null } });
  });
});

describe('a receiver', () => {
  it.each(['https://127.0.0.1/hook', 'https://[::1]/', 'https://10.0.0.1/', 'https://nowhere.invalid/'])(
    'at %s is refused',
    async (url) => {
      const guarded = { ...context, guard: {} };
      await expect(createWebhook(guarded, workspaceId, { url })).rejects.toMatchObject({ field: 'url' });
      const id = await subscribe();
      await expect(changeWebhook(guarded, workspaceId, id, { url })).rejects.toMatchObject({ field: 'url' });
    },
  );

  it.each(['ftp://example.com', 'http://example.com', 'https://a:b@example.com', 'nonsense', ''])(
    'at %s is no receiver',
    async (url) => {
      await expect(createWebhook(context, workspaceId, { url })).rejects.toMatchObject({ field: 'url' });
    },
  );

  it('that has moved into a private network since gets nothing', async () => {
    const id = await subscribe();
    await change();
    await deliverBatch({ ...context, guard: {} }, id, RUN);
    expect(receiver.received).toEqual([]);
    const [attempt] = await listDeliveries(database.prisma, workspaceId, id);
    expect(attempt).toMatchObject({ status: null, error: 'its address is not public', position: 2 });
  });

  it('can be tested, and the test moves no cursor', async () => {
    const id = await subscribe();
    await change();
    receiver.answer(418);
    expect(await testWebhook(context, workspaceId, id)).toMatchObject({ status: 418, position: null });
    expect(receiver.received.map(({ message }) => message.type)).toEqual(['webhook.test']);
    expect(await findWebhook(database.prisma, workspaceId, id)).toMatchObject({ failures: 0 });
    expect(await cursor(id)).toBe(1);
  });
});

describe('a secret', () => {
  it('that is rotated signs beside the new one until its time is over', async () => {
    const id = await subscribe();
    const first = receiver.secret;
    const { secret } = await rotateSecret(context, workspaceId, id, { overlapHours: 1 });
    await change();
    await drain(id);
    const [{ body, headers }] = receiver.received as [(typeof receiver.received)[0]];
    for (const one of [first, secret])
      expect(() => new Webhook(one).verify(body, headers as Record<string, string>)).not.toThrow();
    await database.prisma.webhookSubscription.update({
      where: { id },
      data: { previousSecretUntil: new Date(Date.now() - 1) },
    });
    receiver.secret = secret;
    await change();
    await drain(id);
    const last = receiver.received.at(-1)!;
    expect(() => new Webhook(first).verify(last.body, last.headers as Record<string, string>)).toThrow();
  });

  it('is sealed, and rotates with the keys of the installation', async () => {
    const id = await subscribe();
    const { secret } = await rotateSecret(context, workspaceId, id);
    const [sealed] = await database.prisma.$queryRaw<{ row: string }[]>`
      select s::text as row from webhook_subscriptions s`;
    expect(sealed!.row).not.toContain(Buffer.from(secret.slice(6), 'base64').toString('hex'));
    const tokenCipher = createTokenCipher([randomBytes(32).toString('base64'), key]);
    await rotateKeys({ database: database.prisma, tokenCipher });
    const row = await database.prisma.webhookSubscription.findUniqueOrThrow({ where: { id } });
    expect(row.keyId).toBe(tokenCipher.keyId);
    await change();
    await deliverBatch({ ...context, tokenCipher }, id, RUN);
    expect(receiver.received).toHaveLength(1);
  });
});

describe('the log of deliveries', () => {
  it('has the latest attempts, without bodies, and stays as long as it is', async () => {
    const id = await subscribe();
    await database.prisma.webhookSubscription.update({
      where: { id },
      data: { attempts: MAX_LOGGED_DELIVERIES },
    });
    await database.prisma.webhookDelivery.create({
      data: { subscriptionId: id, number: 1, messageId: 'msg_old', changes: 1, latencyMs: 1 },
    });
    await change();
    receiver.answer(500);
    await deliver(id);
    const deliveries = await listDeliveries(database.prisma, workspaceId, id);
    expect(deliveries).toEqual([
      {
        number: MAX_LOGGED_DELIVERIES + 1,
        workspaceId,
        log: 'events',
        messageId: ids()[0],
        after: 1,
        position: 2,
        changes: 1,
        status: 500,
        error: null,
        latencyMs: expect.any(Number),
        attemptedAt: expect.any(String),
      },
    ]);
  });
});
