import { createHash, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FailureType } from '../../contracts/failure-types.ts';
import type { ChannelWork } from '../../contracts/push.ts';
import { setCalendarEnabled } from '../../services/calendars.ts';
import { connectCalendar, type ConnectedCalendar } from '../support/connected-calendar.ts';
import { pullAll, runActivity } from '../support/run-activity.ts';
import { startSyncStack, type SyncStack } from '../support/sync-stack.ts';

const DAY_MS = 86_400_000;
/** No server listens there: notifications are lost. */
const ADDRESS = 'http://127.0.0.1:9/webhooks/google-calendar';
const WATCH = { method: 'POST', pathContains: '/events/watch' };

let stack: SyncStack;
let calendar: ConnectedCalendar;
beforeAll(async () => {
  stack = await startSyncStack();
});
afterAll(() => stack.close());
beforeEach(async () => {
  stack.dependencies.push.address = ADDRESS;
  calendar = await connectCalendar(stack);
});
afterEach(async () => {
  stack.clock.now = null;
  await stack.google.clearFaults();
  expect(stack.unexpected.splice(0)).toEqual([]);
});

const open = (attempt = 1) =>
  runActivity(stack.activities.openChannel, { calendarId: calendar.id }, { attempt });
const stop = () => runActivity(stack.activities.stopChannels, { calendarId: calendar.id });
const settle = () => runActivity(stack.activities.settleChannels, undefined);

async function workOf({ id } = calendar): Promise<ChannelWork | undefined> {
  const { work } = await runActivity(stack.activities.listChannelWork, { afterCalendarId: null });
  return work.find(({ calendarId }) => calendarId === id);
}

const rows = () =>
  stack.database.watchChannel.findMany({
    where: { calendarId: calendar.id },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
const statuses = async () => (await rows()).map(({ status }) => status);
const state = () =>
  stack.database.calendarSyncState.findUniqueOrThrow({ where: { calendarId: calendar.id } });
async function atGoogle(): Promise<string[]> {
  const channels = await stack.google.channels();
  return channels.filter(({ calendarId }) => calendarId === calendar.google).map(({ id }) => id);
}

describe('opening a channel', () => {
  it('twice at the same time leaves one', async () => {
    await Promise.all([open(), open(), open()]);
    expect((await statuses()).filter((status) => status === 'live')).toHaveLength(1);
    await stop();
    expect(await atGoogle()).toHaveLength(1);
  });

  it('leaves a live one with what Google has said of it, and a hash of its secret', async () => {
    expect(await workOf()).toEqual({ calendarId: calendar.id, open: true, stop: false });
    expect(await open()).toEqual({ outcome: 'live', stop: false });
    const [row, ...others] = await rows();
    expect(others).toEqual([]);
    expect(await atGoogle()).toEqual([row?.id]);
    expect(row).toMatchObject({ status: 'live', address: ADDRESS });
    expect(row?.resourceId).toMatch(/./);
    expect(row?.tokenHash).toHaveLength(createHash('sha256').digest().length);
    const left = row!.expiresAt!.getTime() - Date.now();
    expect(left).toBeGreaterThan(6.9 * DAY_MS);
    expect(left).toBeLessThanOrEqual(7 * DAY_MS);
    const lead = row!.expiresAt!.getTime() - row!.renewAt!.getTime();
    expect(lead).toBeGreaterThanOrEqual(0.99 * DAY_MS);
    expect(lead).toBeLessThanOrEqual(2.01 * DAY_MS);
    expect(await workOf()).toBeUndefined();
  });

  it('does nothing where there is one already', async () => {
    await open();
    expect(await open(2)).toEqual({ outcome: 'not-wanted', stop: false });
    expect(await atGoogle()).toHaveLength(1);
  });

  it('renews it ahead of its end, and stops the old one only then', async () => {
    await open();
    const [old] = await atGoogle();
    stack.clock.now = new Date(Date.now() + 4 * DAY_MS);
    expect(await workOf()).toBeUndefined();
    stack.clock.now = new Date(Date.now() + 6.1 * DAY_MS);
    expect(await workOf()).toMatchObject({ open: true, stop: false });
    expect(await open()).toEqual({ outcome: 'live', stop: true });
    expect(await statuses()).toEqual(['stopping', 'live']);
    expect(await atGoogle()).toHaveLength(2);
    expect(await stop()).toEqual({ stopped: 1 });
    expect(await statuses()).toEqual(['stopped', 'live']);
    expect(await atGoogle()).not.toContain(old);
  });

  it('keeps the old one where the new one cannot be opened', async () => {
    await open();
    stack.clock.now = new Date(Date.now() + 6.1 * DAY_MS);
    await stack.google.addFault({ match: WATCH, times: 1, status: 403, reason: 'forbidden' });
    await expect(open()).rejects.toMatchObject({ type: FailureType.googleForbidden });
    expect(await statuses()).toEqual(['live']);
  });

  it('takes the place of one at another address', async () => {
    await open();
    stack.dependencies.push.address = 'http://127.0.0.1:9/moved';
    await settle();
    expect(await statuses()).toEqual(['live']);
    expect(await workOf()).toMatchObject({ open: true });
    expect(await open()).toMatchObject({ outcome: 'live', stop: true });
    expect((await rows())[1]).toMatchObject({ status: 'live', address: 'http://127.0.0.1:9/moved' });
  });

  it('does not ask again for a month for a calendar that Google does not watch', async () => {
    const google = `holidays-${randomUUID()}@group.v.calendar.google.com`;
    await stack.google.createCalendar(calendar.google, {
      id: google,
      summary: 'Holidays',
      timeZone: 'UTC',
      pushSupported: false,
    });
    const input = { workspaceId: 'acme', accountId: calendar.accountId, correlationId: 'test' };
    await runActivity(stack.activities.refreshCalendarList, input);
    const { id } = await stack.database.calendar.findFirstOrThrow({ where: { googleCalendarId: google } });
    expect(await runActivity(stack.activities.openChannel, { calendarId: id })).toEqual({
      outcome: 'unsupported',
      stop: false,
    });
    expect(await stack.database.watchChannel.count({ where: { calendarId: id } })).toBe(0);
    expect(await workOf({ ...calendar, id })).toBeUndefined();
    stack.clock.now = new Date(Date.now() + 31 * DAY_MS);
    expect(await workOf({ ...calendar, id })).toMatchObject({ open: true });
  });

  it('says when Google refuses the address', async () => {
    await stack.google.addFault({
      match: WATCH,
      times: 1,
      status: 401,
      reason: 'push.webhookUrlUnauthorized',
    });
    await stack.google.addFault({
      match: WATCH,
      times: 1,
      status: 401,
      reason: 'push.webhookUrlUnauthorized',
    });
    expect(await open()).toEqual({ outcome: 'address-refused', stop: false });
    expect(await statuses()).toEqual([]);
  });

  it('takes another ID where its own is taken', async () => {
    await stack.google.addFault({ match: WATCH, times: 1, status: 400, reason: 'channelIdNotUnique' });
    expect(await open()).toEqual({ outcome: 'live', stop: true });
    expect(await statuses()).toEqual(['stopping', 'live']);
  });

  it('leaves nothing behind while the account has to wait for its quota', async () => {
    await stack.google.addFault({ match: WATCH, times: 1, status: 429, retryAfterSeconds: 30 });
    await expect(open()).rejects.toMatchObject({ type: FailureType.googleRateLimited });
    await expect(open(2)).rejects.toMatchObject({ type: FailureType.googleRateLimited });
    expect(await statuses()).toEqual([]);
    await stack.database.googleQuota.deleteMany();
  });

  it('has the next sync conclude that consent was revoked', async () => {
    await stack.google.revokeGrant(calendar.google);
    await expect(open()).rejects.toMatchObject({ type: FailureType.googleAuthRevoked });
    const account = await stack.database.calendarAuthToken.findUniqueOrThrow({
      where: { id: calendar.accountId },
    });
    expect(account.status).toBe('connected');
    expect(account.calendarListDueAt!.getTime()).toBeLessThanOrEqual(Date.now());
  });
});

describe('an opening that was cut short', () => {
  it('before Google was asked is given up by the next attempt', async () => {
    await stack.database.watchChannel.create({
      data: { calendarId: calendar.id, tokenHash: Buffer.alloc(32), address: ADDRESS },
    });
    expect(await open(2)).toEqual({ outcome: 'live', stop: true });
    expect(await stop()).toEqual({ stopped: 1 });
    expect(await statuses()).toEqual(['stopped', 'live']);
  });

  it('with the answer lost is stopped by what is learned from the next one', async () => {
    await stack.google.addFault({ match: WATCH, times: 1, afterCommit: true, resetConnection: true });
    await expect(open()).rejects.toMatchObject({ type: FailureType.googleUnavailable });
    expect(await statuses()).toEqual(['stopping']);
    const [orphan] = await atGoogle();
    expect(orphan).toMatch(/./);
    expect(await stop()).toEqual({ stopped: 0 });
    expect(await open(2)).toEqual({ outcome: 'live', stop: true });
    expect(await stop()).toEqual({ stopped: 1 });
    expect(await atGoogle()).toHaveLength(1);
    expect(await atGoogle()).not.toContain(orphan);
  });

  it('by the loss of the worker is given up after minutes', async () => {
    await stack.google.addFault({ match: WATCH, times: 1, afterCommit: true, resetConnection: true });
    await open().catch(() => undefined);
    await stack.database.watchChannel.updateMany({
      where: { calendarId: calendar.id },
      data: { status: 'opening' },
    });
    await settle();
    expect(await statuses()).toEqual(['opening']);
    stack.clock.now = new Date(Date.now() + 11 * 60_000);
    await settle();
    expect(await statuses()).toEqual(['stopping']);
  });

  it('and comes back to life does not take over from its successor', async () => {
    await stack.google.addFault({ match: WATCH, times: 1, delayMs: 600 });
    const slow = open();
    await expect.poll(statuses).toEqual(['opening']);
    expect(await open(2)).toEqual({ outcome: 'live', stop: true });
    expect(await slow).toEqual({ outcome: 'not-wanted', stop: true });
    expect(await statuses()).toEqual(['stopping', 'live']);
    expect(await stop()).toEqual({ stopped: 1 });
    expect(await atGoogle()).toHaveLength(1);
  });
});

describe('a channel', () => {
  const poll = async () => {
    await pullAll(stack, calendar.id);
    expect((await state()).nextSyncAt!.getTime()).toBeGreaterThan(Date.now() + 3 * 3_600_000);
  };
  const isDue = async () =>
    (await state()).nextSyncAt!.getTime() <= (stack.clock.now ?? new Date()).getTime();

  it('that has expired is over, and its calendar is due', async () => {
    await open();
    await poll();
    await settle();
    expect(await isDue()).toBe(false);
    await stack.database.calendarSyncState.update({
      where: { calendarId: calendar.id },
      data: { nextSyncAt: new Date(Date.now() + 30 * DAY_MS) },
    });
    stack.clock.now = new Date(Date.now() + 7.1 * DAY_MS);
    await settle();
    expect(await statuses()).toEqual(['stopped']);
    expect(await isDue()).toBe(true);
  });

  it('that has been replaced leaves the calendar to its long interval', async () => {
    await open();
    await poll();
    stack.clock.now = new Date(Date.now() + 6.1 * DAY_MS);
    await open();
    // Google's clock has stood still.
    await stack.database.watchChannel.updateMany({
      where: { calendarId: calendar.id, status: 'live' },
      data: { expiresAt: new Date(Date.now() + 13 * DAY_MS) },
    });
    await settle();
    stack.clock.now = new Date(Date.now() + 7.1 * DAY_MS);
    await stack.database.calendarSyncState.update({
      where: { calendarId: calendar.id },
      data: { nextSyncAt: new Date(Date.now() + 30 * DAY_MS) },
    });
    await settle();
    expect(await statuses()).toEqual(['stopped', 'live']);
    expect(await isDue()).toBe(false);
  });

  it('of a calendar that was switched off is stopped', async () => {
    await open();
    await poll();
    await setCalendarEnabled(stack.database, calendar.id, false);
    await settle();
    expect(await workOf()).toEqual({ calendarId: calendar.id, open: false, stop: true });
    expect(await stop()).toEqual({ stopped: 1 });
    expect(await atGoogle()).toEqual([]);
    expect((await state()).nextSyncAt).toBeNull();
  });

  it('of a calendar that was removed in Google is stopped', async () => {
    await open();
    await stack.database.calendar.update({ where: { id: calendar.id }, data: { status: 'removed' } });
    await settle();
    expect(await stop()).toEqual({ stopped: 1 });
    expect(await atGoogle()).toEqual([]);
  });

  it('is stopped when there is no address any more, and its calendar is due', async () => {
    await open();
    await poll();
    stack.dependencies.push.address = null;
    await settle();
    expect(await workOf()).toEqual({ calendarId: calendar.id, open: false, stop: true });
    expect(await isDue()).toBe(true);
    expect(await stop()).toEqual({ stopped: 1 });
  });

  it('that Google does not know any more counts as stopped', async () => {
    await open();
    await stack.database.watchChannel.updateMany({
      where: { calendarId: calendar.id },
      data: { status: 'stopping', id: randomUUID() },
    });
    expect(await stop()).toEqual({ stopped: 1 });
    expect(await statuses()).toEqual(['stopped']);
  });

  it('of an account without consent stays to be stopped until it has expired', async () => {
    await open();
    await stack.database.calendarAuthToken.update({
      where: { id: calendar.accountId },
      data: { status: 'needs_reconnect' },
    });
    await settle();
    expect(await workOf()).toBeUndefined();
    expect(await stop()).toEqual({ stopped: 0 });
    expect(await statuses()).toEqual(['stopping']);
    stack.clock.now = new Date(Date.now() + 7.1 * DAY_MS);
    await settle();
    expect(await statuses()).toEqual(['stopped']);
  });

  it('that is stopped while Google is away is stopped later', async () => {
    await open();
    await setCalendarEnabled(stack.database, calendar.id, false);
    await settle();
    await stack.google.addFault({ match: { pathContains: '/channels/stop' }, times: 1, status: 503 });
    await expect(stop()).rejects.toMatchObject({ type: FailureType.googleUnavailable });
    expect(await statuses()).toEqual(['stopping']);
    expect(await stop()).toEqual({ stopped: 1 });
  });

  it('that only a stranger has named lends its resource ID to no other', async () => {
    await stack.database.watchChannel.createMany({
      data: [
        { calendarId: calendar.id, status: 'stopping', tokenHash: Buffer.alloc(32), address: ADDRESS },
        { calendarId: calendar.id, status: 'stopped', resourceId: 'made-up' },
      ],
    });
    expect(await stop()).toEqual({ stopped: 0 });
  });

  it('that another account of the same calendar has opened is stopped by that one', async () => {
    await open();
    const [id] = await atGoogle();
    const [{ resourceId } = { resourceId: null }] = await rows();
    await stack.database.watchChannel.deleteMany({ where: { calendarId: calendar.id } });
    const friend = await connectCalendar(stack);
    const shared = await stack.database.calendar.create({
      data: {
        workspaceId: 'acme',
        accountId: friend.accountId,
        googleCalendarId: calendar.google,
        summary: 'Shared',
        timeZone: 'UTC',
        accessRole: 'reader',
      },
    });
    await stack.database.watchChannel.create({
      data: { id: id!, calendarId: shared.id, status: 'stopping', resourceId },
    });
    await runActivity(stack.activities.stopChannels, { calendarId: shared.id });
    expect(await atGoogle()).toEqual([]);
  });
});

it('lists the calendars that need something page by page, and none of them twice', async () => {
  const { accountId } = calendar;
  await stack.database.calendar.createMany({
    data: Array.from({ length: 230 }, (_, index) => ({
      workspaceId: 'acme',
      accountId,
      googleCalendarId: `many-${index}@example.com`,
      summary: 'One of many',
      timeZone: 'UTC',
      accessRole: 'owner',
    })),
  });
  const seen = new Set<string>();
  let afterCalendarId: string | null = null;
  let pages = 0;
  do {
    const page: Awaited<ReturnType<typeof stack.activities.listChannelWork>> = await runActivity(
      stack.activities.listChannelWork,
      { afterCalendarId },
    );
    for (const { calendarId } of page.work) {
      expect(seen.has(calendarId)).toBe(false);
      seen.add(calendarId);
    }
    afterCalendarId = page.nextCalendarId;
    pages += 1;
  } while (afterCalendarId !== null);
  expect(pages).toBeGreaterThanOrEqual(2);
  expect(seen.size).toBeGreaterThanOrEqual(231);
  await stack.database.calendar.deleteMany({ where: { summary: 'One of many' } });
});
