import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { setCalendarEnabled } from '../../services/calendars.ts';
import { SIGNAL_GAP_MS } from '../../api/push/calendar-pace.ts';
import { createNotificationIntake, type NotificationIntake } from '../../api/push/notification-intake.ts';
import type { Notification } from '../../api/push/read-notification.ts';
import { connectCalendar, type ConnectedCalendar } from '../support/connected-calendar.ts';
import { openChannelRow } from '../support/push.ts';
import { newRun, pullAll, pullPage, runActivity } from '../support/run-activity.ts';
import { startSyncStack, type SyncStack } from '../support/sync-stack.ts';

let stack: SyncStack;
let calendar: ConnectedCalendar;
let notification: Notification;
let intake: NotificationIntake;
/** Syncs that were asked for. */
let asked: { workspaceId: string; calendarIds?: string[] }[];
/** Calls of Temporal that fail before the next one that does not. */
let failures: number;

beforeAll(async () => {
  stack = await startSyncStack();
});
afterAll(() => stack.close());
beforeEach(async () => {
  calendar = await connectCalendar(stack);
  await pullAll(stack, calendar.id);
  notification = await openChannelRow(stack.database, calendar.id);
  [asked, failures] = [[], 0];
  intake = newIntake();
});
afterEach(() => intake.close());

function newIntake(database = stack.database): NotificationIntake {
  return createNotificationIntake({
    database,
    almanac: {
      requestSync: async ({ workspaceId, calendarIds }) => {
        if (failures-- > 0) throw new Error('Temporal is away.');
        asked.push({ workspaceId, calendarIds: calendarIds ?? [] });
        return { workflowId: 'w', runId: 'r' };
      },
    },
  });
}

const receive = (more: Partial<Notification> = {}) => intake.receive({ ...notification, ...more }, 'test');
const state = () =>
  stack.database.calendarSyncState.findUniqueOrThrow({ where: { calendarId: calendar.id } });
const channel = () => stack.database.watchChannel.findUnique({ where: { id: notification.channelId } });
/** The state's times are whole milliseconds. */
const aMoment = () => new Promise((resolve) => setTimeout(resolve, 3));
const theGap = () => new Promise((resolve) => setTimeout(resolve, SIGNAL_GAP_MS + 50));
/** The sync that was asked for runs. */
async function serve(): Promise<void> {
  await aMoment();
  await pullAll(stack, calendar.id);
  await aMoment();
}

async function untouched(): Promise<void> {
  expect(asked).toEqual([]);
  expect((await state()).notifiedAt).toBeNull();
}

describe('a notification', () => {
  it('makes the calendar due and asks for a sync of it', async () => {
    expect(await receive()).toBe('accepted');
    expect(asked).toEqual([{ workspaceId: 'acme', calendarIds: [calendar.id] }]);
    expect((await state()).nextSyncAt!.getTime()).toBeLessThanOrEqual(Date.now());
    await serve();
    expect((await state()).nextSyncAt!.getTime()).toBeGreaterThan(Date.now());
  });

  it('asks for nothing more while the sync that was asked for has not begun', async () => {
    for (let times = 0; times < 20; times += 1) expect(await receive()).toBe('accepted');
    await theGap();
    await receive();
    expect(asked).toHaveLength(1);
  });

  it('asks again once a sync has begun since, a second after the last time', async () => {
    await receive();
    await serve();
    await receive();
    await receive();
    expect(asked).toHaveLength(1);
    expect((await state()).nextSyncAt!.getTime()).toBeLessThanOrEqual(Date.now());
    await expect.poll(() => asked.length, { timeout: 5_000 }).toBe(2);
  });

  it('asks for nothing more where a sync began before the second was over', async () => {
    await receive();
    await serve();
    await receive();
    await serve();
    await theGap();
    expect(asked).toHaveLength(1);
  });

  it('in the middle of a listing leaves the calendar due, whatever became of the signal', async () => {
    await stack.google.generateEvents(calendar.google, { count: 20, recurringShare: 0, seed: 1 });
    await stack.google.setPageShape({ maxPageSize: 10 });
    const run = newRun();
    const first = await pullPage(stack, calendar.id, { run });
    if (first.outcome !== 'more') throw new Error(`There is no second page: ${first.outcome}.`);
    await aMoment();
    await receive();
    const { mode, nextPageToken: pageToken } = first;
    expect(await pullPage(stack, calendar.id, { run, mode, page: 1, pageToken })).toMatchObject({
      outcome: 'done',
    });
    await stack.google.setPageShape({ maxPageSize: 2_500 });
    expect((await state()).nextSyncAt!.getTime()).toBeLessThanOrEqual(Date.now());
    await serve();
    expect((await state()).nextSyncAt!.getTime()).toBeGreaterThan(Date.now());
  });

  it('fails where no sync can be asked for, so that Google sends it again; the calendar is due', async () => {
    failures = 1;
    await expect(receive()).rejects.toThrow('Temporal is away.');
    expect((await state()).nextSyncAt!.getTime()).toBeLessThanOrEqual(Date.now());
    await theGap();
    expect(await receive()).toBe('accepted');
    expect(asked).toHaveLength(1);
  });

  it('that waits is tried again where no sync can be asked for', { tags: ['slow'] }, async () => {
    await receive();
    await serve();
    failures = 2;
    expect(await receive()).toBe('accepted');
    await expect.poll(() => asked.length, { timeout: 10_000 }).toBe(2);
  });

  it('that waits is sent when the process ends', async () => {
    await receive();
    await serve();
    await receive();
    await intake.close();
    expect(asked).toHaveLength(2);
  });

  it('shares its look-up with those that arrive meanwhile', async () => {
    await receive();
    let reads = 0;
    const counting = new Proxy(stack.database, {
      get(target, property) {
        if (property === '$queryRaw') reads += 1;
        return Reflect.get(target, property) as unknown;
      },
    });
    const other = newIntake(counting);
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, () => other.receive(notification, 'test')),
    );
    expect(new Set(outcomes)).toEqual(new Set(['accepted']));
    expect(reads).toBeLessThanOrEqual(2);
    await other.close();
  });

  it('is handled by every process, because none knows of the others', async () => {
    await receive();
    const other = newIntake();
    await other.receive(notification, 'test');
    await other.close();
    expect(asked).toHaveLength(2);
  });

  it('of a calendar that is switched off is not wanted', async () => {
    await setCalendarEnabled(stack.database, calendar.id, false);
    expect(await receive()).toBe('not-wanted');
    await untouched();
  });

  it.each([
    ['token', { token: 'made-up' }],
    ['token', { token: '' }],
    ['resource', { resourceId: 'resource-2' }],
  ])('with another %s is forged', async (_what, more) => {
    expect(await receive(more)).toBe('forged');
    await untouched();
  });
});

describe('a channel', () => {
  it('may tell that it is open before the answer to its opening is here', async () => {
    notification = await openChannelRow(stack.database, calendar.id, { status: 'opening', resourceId: null });
    expect(await receive({ state: 'sync', token: 'made-up' })).toBe('forged');
    expect((await channel())?.resourceId).toBeNull();
    expect(await receive({ state: 'sync' })).toBe('opened');
    expect(await channel()).toMatchObject({ status: 'opening', resourceId: 'resource-1' });
    await untouched();
    expect(await receive({ resourceId: 'resource-2' })).toBe('forged');
    expect(await receive()).toBe('accepted');
  });

  it('is still handled while its channel is about to be stopped', async () => {
    notification = await openChannelRow(stack.database, calendar.id, { status: 'stopping' });
    expect(await receive()).toBe('accepted');
  });

  it('that was stopped is to be stopped again', async () => {
    notification = await openChannelRow(stack.database, calendar.id, { status: 'stopped', resourceId: null });
    expect(await receive()).toBe('not-wanted');
    expect(await channel()).toMatchObject({ status: 'stopping', resourceId: 'resource-1' });
    await untouched();
  });

  it('that we do not know is remembered, and stopped by the next upkeep', async () => {
    const signal = { calendarId: calendar.id };
    stack.dependencies.push.address = 'http://127.0.0.1:9/hook';
    await stack.database.watchChannel.deleteMany();
    await runActivity(stack.activities.openChannel, signal);
    const live = await stack.database.watchChannel.findFirstOrThrow({ where: signal });
    await stack.database.watchChannel.deleteMany();
    const unknown = {
      channelId: live.id,
      resourceId: live.resourceId!,
      googleCalendarId: calendar.google,
      token: 'lost',
    };
    expect(await receive(unknown)).toBe('unknown');
    expect(await receive(unknown)).toBe('forged');
    await untouched();
    expect(await stack.google.channels()).toHaveLength(1);
    expect(await runActivity(stack.activities.stopChannels, signal)).toEqual({ stopped: 1 });
    expect(await stack.google.channels()).toEqual([]);
    stack.dependencies.push.address = null;
  });

  it.each([
    ['no end', null],
    ['an end that is past', new Date(Date.now() - 1_000)],
    ['an end that Google does not grant', new Date(Date.now() + 30 * 86_400_000)],
  ])('with %s is none of Google', async (_name, expiresAt) => {
    const channelId = randomUUID();
    expect(await receive({ channelId, googleCalendarId: calendar.google, expiresAt })).toBe('unknown');
    expect(await stack.database.watchChannel.count({ where: { id: channelId } })).toBe(0);
  });

  it('that one address makes up leaves room for those of another', async () => {
    const other = newIntake();
    const calendars: ConnectedCalendar[] = [];
    while (calendars.length < 12) calendars.push(await connectCalendar(stack));
    const from = async (address: string, ofCalendars: readonly { google: string }[]) => {
      for (const { google } of ofCalendars)
        await other.receive(
          { ...notification, channelId: randomUUID(), googleCalendarId: google },
          'test',
          address,
        );
      return stack.database.watchChannel.count({ where: { tokenHash: null } });
    };
    const before = await stack.database.watchChannel.count({ where: { tokenHash: null } });
    expect((await from('192.0.2.1', calendars)) - before).toBe(10);
    expect((await from('192.0.2.2', calendars.slice(10))) - before).toBe(12);
    await other.close();
  });

  it('that a stranger makes up costs little: of a flood, a few are looked at', async () => {
    const strangers = Array.from({ length: 200 }, () => receive({ channelId: randomUUID() }));
    expect(new Set(await Promise.all(strangers))).toEqual(new Set(['unknown']));
    const made = Array.from({ length: 200 }, () =>
      receive({ channelId: randomUUID(), googleCalendarId: calendar.google }),
    );
    await Promise.all(made);
    const remembered = await stack.database.watchChannel.count({
      where: { calendarId: calendar.id, tokenHash: null },
    });
    expect(remembered).toBeLessThanOrEqual(5);
    expect(await receive({ channelId: 'made-up' })).toBe('unknown');
    await untouched();
  });
});
