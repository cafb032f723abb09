import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OCCURRENCE_TYPES } from '../../../contracts/delivery.ts';
import { MAX_NAMED_OCCURRENCES } from '../../../contracts/limits.ts';
import type { DeliveryContext } from '../../../services/delivery/context.ts';
import { deliverBatch } from '../../../services/delivery/deliver-batch.ts';
import { pauseWebhook, resumeWebhook } from '../../../services/delivery/pause.ts';
import { changeWebhook, createWebhook } from '../../../services/delivery/webhooks.ts';
import { createTokenCipher } from '../../../services/google/token-cipher.ts';
import { listEvents } from '../../../services/reading/list-occurrences.ts';
import { type ConnectedCalendar, connectCalendar } from '../../support/connected-calendar.ts';
import { type Receiver, startReceiver } from '../../support/receiver.ts';
import { newRun, pullAll } from '../../support/run-activity.ts';
import { startSyncStack, type SyncStack } from '../../support/sync-stack.ts';

const RUN = { workflowId: 'delivery/x', runId: 'run' };
const DAY = 86_400_000;

let stack: SyncStack;
let context: DeliveryContext;
let receiver: Receiver;
let workspaceId: string;
let calendar: ConnectedCalendar;
let workspaces = 0;
const secrets = new Map<string, string>();

beforeAll(async () => {
  stack = await startSyncStack();
  const tokenCipher = createTokenCipher([stack.environment['TOKEN_ENCRYPTION_KEY'] ?? '']);
  context = { database: stack.database, tokenCipher, guard: { networks: ['127.0.0.0/8'], timeoutMs: 2_000 } };
});
afterAll(() => stack.close());

beforeEach(async () => {
  workspaces += 1;
  workspaceId = `occurring-${workspaces}`;
  calendar = await connectCalendar(stack, { workspaceId });
  receiver = await startReceiver();
  await stack.setClock(new Date('2031-03-01T00:00:00Z'));
});
afterEach(async () => {
  await stack.setClock(null);
  receiver.close();
});

async function subscribe(input: object = {}): Promise<string> {
  const created = await createWebhook(context, workspaceId, {
    url: receiver.url,
    types: [...OCCURRENCE_TYPES],
    ...input,
  });
  secrets.set(created.id, created.secret);
  return created.id;
}

/** Entries that a webhook gets, each without position, time and calendar. */
async function delivered(id: string) {
  receiver.secret = secrets.get(id) ?? '';
  const before = receiver.received.length;
  while ((await deliverBatch(context, id, RUN)).outcome === 'more');
  return receiver.received.slice(before).flatMap(({ message }) =>
    (message.data.changes as unknown as Record<string, unknown>[]).map((change) => {
      const { position: _position, changedAt: _at, calendarId, ...entry } = change;
      expect(calendarId).toBe(calendar.id);
      return entry;
    }),
  );
}

const sync = () => pullAll(stack, calendar.id, { run: newRun(workspaceId) });
const at = (day: number, hour: number) => ({
  dateTime: new Date(Date.UTC(2031, 2, day, hour)).toISOString().replace('.000', ''),
});
const times = (day: number, hour = 12) => ({ start: at(day, hour), end: at(day, hour + 1) });
const insert = (event: object) => stack.google.insertEvent(calendar.google, event);
const patch = (id: string, event: object) => stack.google.patchEvent(calendar.google, id, event);
const shown = (day: number, hour = 12) => ({
  start: at(day, hour).dateTime,
  end: at(day, hour + 1).dateTime,
  allDay: false,
});

describe('changes of occurrences in the days ahead', () => {
  it('are delivered when an event is made, moved, made free and deleted, and not when it is renamed', async () => {
    const id = await subscribe();
    const { id: googleEventId } = await insert({ summary: 'Lunch', ...times(4) });
    await sync();
    const { events } = await listEvents(stack.database, {
      workspaceId,
      from: '2031-03-04',
      to: '2031-03-05',
    });
    const event = { occurrenceId: events[0]?.id, googleEventId };
    const [{ summary }, moved] = [{ summary: 'Late lunch' }, times(5)];
    for (const change of [{ summary }, moved, { transparency: 'transparent' }]) {
      await patch(googleEventId, change);
      await sync();
    }
    await stack.google.deleteEvent(calendar.google, googleEventId);
    await sync();
    expect(await delivered(id)).toEqual([
      { type: 'occurrence.created', ...event, ...shown(4) },
      { type: 'occurrence.updated', ...event, ...shown(5) },
      { type: 'occurrence.updated', ...event, ...shown(5) },
      { type: 'occurrence.deleted', ...event, ...shown(5) },
    ]);
    const logged = await stack.database.workspaceChange.findMany({
      where: { workspaceId },
      orderBy: { position: 'asc' },
    });
    expect(logged.map(({ position }) => Number(position))).toEqual(logged.map((_, index) => index + 1));
  });

  it('name the occurrences of a series within the days that each webhook asks for, and none that is over', async () => {
    const [near, far] = [await subscribe({ occurrenceDays: 2 }), await subscribe({ occurrenceDays: 4 })];
    await insert({
      summary: 'Daily',
      start: { date: '2031-02-25' },
      end: { date: '2031-02-26' },
      recurrence: ['RRULE:FREQ=DAILY'],
    });
    await sync();
    const days = async (id: string) => (await delivered(id)).map(({ start }) => start);
    expect(await days(near)).toEqual(['2031-02-28', '2031-03-01', '2031-03-02', '2031-03-03']);
    expect((await days(far)).slice(3)).toEqual(['2031-03-03', '2031-03-04', '2031-03-05']);
  });

  it('are delivered when one moves beyond those days or comes from there, and not when time brings it', async () => {
    const id = await subscribe({ occurrenceDays: 7 });
    const { id: googleEventId } = await insert({ summary: 'Trip', ...times(4) });
    await sync();
    for (const day of [20, 21, 6]) {
      await patch(googleEventId, times(day));
      await sync();
    }
    await patch(googleEventId, times(25));
    await sync();
    await stack.setClock(new Date('2031-03-24T00:00:00Z'));
    await sync();
    expect((await delivered(id)).map(({ type, start }) => [type, start])).toEqual([
      ['occurrence.created', shown(4).start],
      ['occurrence.updated', shown(20).start],
      ['occurrence.updated', shown(6).start],
      ['occurrence.updated', shown(25).start],
    ]);
  });

  it('are one span where a commit changes too many, which each type gets', async () => {
    const ids = [
      await subscribe({ occurrenceDays: 60 }),
      await subscribe({ types: ['occurrence.deleted'], occurrenceDays: 60 }),
    ];
    const [start, end] = [at(2, 9), at(2, 10)];
    const series = Math.ceil(MAX_NAMED_OCCURRENCES / 59) + 1;
    for (let number = 0; number < series; number += 1)
      await insert({
        summary: 'Daily',
        start: { ...start, timeZone: 'UTC' },
        end: { ...end, timeZone: 'UTC' },
        recurrence: ['RRULE:FREQ=DAILY;COUNT=59'],
      });
    await sync();
    const last = new Date(Date.parse(end.dateTime) + 58 * DAY).toISOString();
    const span = { type: 'occurrence.updated', from: '2031-03-02T09:00:00.000Z', to: last };
    for (const id of ids) expect(await delivered(id)).toEqual([span]);
  });

  it('are not written unless a webhook of the workspace, or one for all, asks for them', async () => {
    await subscribe({ types: ['sync.failed', 'event.created'] });
    const { id: googleEventId } = await insert({ summary: 'Lunch', ...times(4) });
    await sync();
    const count = () =>
      stack.database.workspaceChange.count({ where: { workspaceId, type: { startsWith: 'occurrence.' } } });
    expect(await count()).toBe(0);
    const { id } = await createWebhook(context, null, { url: receiver.url, types: ['occurrence.deleted'] });
    await patch(googleEventId, times(5));
    await sync();
    expect(await count()).toBe(1);
    await stack.database.webhookSubscription.delete({ where: { id } });
    await patch(googleEventId, times(6));
    await sync();
    expect(await count()).toBe(1);
  });

  it('wait while their webhook is paused, and reach only the types and calendars it asks for', async () => {
    const id = await subscribe({ types: ['occurrence.deleted'], calendarIds: [calendar.id] });
    await pauseWebhook(stack.database, workspaceId, id);
    const { id: googleEventId } = await insert({ summary: 'Lunch', ...times(4) });
    await sync();
    await stack.google.deleteEvent(calendar.google, googleEventId);
    await sync();
    await resumeWebhook(stack.database, workspaceId, id);
    expect(await delivered(id)).toMatchObject([{ type: 'occurrence.deleted', googleEventId }]);
  });

  it('are refused for fewer than one day and more than sixty, which changes nothing', async () => {
    const id = await subscribe();
    for (const occurrenceDays of [0, 61, 1.5])
      await expect(changeWebhook(context, workspaceId, id, { occurrenceDays })).rejects.toThrow(
        'must be a whole number from 1 to 60',
      );
    expect(await changeWebhook(context, workspaceId, id, { payload: 'full' })).toMatchObject({
      occurrenceDays: 14,
    });
  });
});
