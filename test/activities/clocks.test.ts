import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { setCalendarEnabled } from '../../services/calendars.ts';
import { rebuildWorkspace } from '../../services/rebuild.ts';
import { type ConnectedCalendar, connectCalendar } from '../support/connected-calendar.ts';
import { horizonAt } from '../support/horizon-at.ts';
import { mirroredOccurrences } from '../support/mirror.ts';
import { newRun, pullAll, pullPage, runActivity } from '../support/run-activity.ts';
import { startSyncStack, type SyncStack } from '../support/sync-stack.ts';
import { FailureType } from '../../contracts/failure-types.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

let stack: SyncStack;

beforeAll(async () => {
  stack = await startSyncStack();
});
afterAll(() => stack.close());
afterEach(async () => {
  vi.useRealTimers();
  await stack.google.setPageShape({ maxPageSize: 2_500 });
  await stack.database.workspace.deleteMany();
  expect(stack.unexpected.splice(0)).toEqual([]);
});

/** Has the process believe that it is some days from now, as a worker's host does whose clock is wrong. */
async function withClockOffBy<T>(days: number, work: () => Promise<T>): Promise<T> {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + days * DAY_MS });
  try {
    return await work();
  } finally {
    vi.useRealTimers();
  }
}

const state = (calendarId: string) =>
  stack.database.calendarSyncState.findUniqueOrThrow({ where: { calendarId } });
const roll = () => runActivity(stack.activities.rollCalendarHorizons, { afterCalendarId: null });
const day = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

/** An event in each part of the horizon, and a series all through it. */
async function filledCalendar(): Promise<ConnectedCalendar> {
  const calendar = await connectCalendar(stack);
  for (const days of [-60, 1, 300, 500]) {
    await stack.google.insertEvent(calendar.google, {
      summary: `day ${days}`,
      start: { date: day(days) },
      end: { date: day(days + 1) },
    });
  }
  await stack.google.insertEvent(calendar.google, {
    summary: 'weekly',
    start: { dateTime: `${day(-200)}T09:00:00Z`, timeZone: 'UTC' },
    end: { dateTime: `${day(-200)}T10:00:00Z`, timeZone: 'UTC' },
    recurrence: ['RRULE:FREQ=WEEKLY'],
  });
  await pullAll(stack, calendar.id);
  return calendar;
}

const readModel = (calendarId: string) =>
  stack.database.workspaceCalendarEvent.findMany({ where: { calendarId }, orderBy: { id: 'asc' } });

/** Leaves a mirror as a roll by a clock that was wrong once left it. */
async function spoil({ id }: ConnectedCalendar, days: number): Promise<void> {
  const now = Date.now();
  await stack.setClock(new Date(now + days * DAY_MS));
  await roll();
  await stack.setClock(null);
  const { from, to } = horizonAt(new Date(now + days * DAY_MS));
  expect(await state(id)).toMatchObject({ horizonFrom: from, horizonTo: to });
}

async function expectToday({ id }: ConnectedCalendar, right: unknown[]): Promise<void> {
  const { from, to } = horizonAt(new Date());
  expect(await state(id)).toMatchObject({ horizonFrom: from, horizonTo: to });
  expect(await readModel(id)).toEqual(right);
}

describe.each([200, -200, 1_000])("the horizon, with a worker's clock off by %i days", (days) => {
  it('stays what it is when that worker rolls and syncs', async () => {
    const calendar = await filledCalendar();
    const right = await readModel(calendar.id);
    await withClockOffBy(days, async () => {
      await roll();
      await pullAll(stack, calendar.id, { run: newRun(), mode: 'full' });
    });
    await expectToday(calendar, right);
    expect(await mirroredOccurrences(stack, calendar.google)).toEqual(
      expect.arrayContaining([expect.stringContaining('day -60'), expect.stringContaining('day 300')]),
    );
  });

  it.each(['roll', 'sync', 'full sync', 'sync that brings a change', 'rebuild'])(
    'that is stored so is put right by the next %s',
    async (how) => {
      const calendar = await filledCalendar();
      const right = await readModel(calendar.id);
      await spoil(calendar, days);
      expect(await readModel(calendar.id)).not.toEqual(right);
      if (how === 'roll') expect(await roll()).toMatchObject({ calendars: 1 });
      else if (how === 'rebuild') {
        const [rebuilt] = await rebuildWorkspace(stack.database, { workspaceId: 'acme' });
        expect(rebuilt!.occurrences).toBeGreaterThan(0);
      } else {
        if (how === 'sync that brings a change') {
          await stack.google.insertEvent(calendar.google, {
            summary: 'far',
            start: { date: day(600) },
            end: { date: day(601) },
          });
        }
        await pullAll(stack, calendar.id, { mode: how === 'full sync' ? 'full' : 'incremental' });
      }
      await expectToday(calendar, right);
    },
  );

  it('that is stored so is found by a verification, and mended by one that repairs', async () => {
    const calendar = await filledCalendar();
    const right = await readModel(calendar.id);
    await spoil(calendar, days);
    for (const repair of [false, true]) {
      const take = { run: newRun() };
      const step = (n: number) => ({ workspaceId: 'acme', calendarId: calendar.id, step: n });
      const { activities } = stack;
      const compare = { page: 0, pageToken: null, confirmEmpty: false, ...step(1) };
      await runActivity(activities.compareEventsPage, compare, take);
      const occurrences = { ...step(2), afterSourceId: null };
      expect(await runActivity(activities.compareOccurrences, occurrences, take)).toMatchObject({
        differs: true,
      });
      await runActivity(activities.setPendingAside, { ...step(3), pageToken: null }, take);
      const settle = { ...step(4), repair, correlationId: 'repair' };
      expect(await runActivity(activities.settleDifferences, settle, take)).toBe('done');
      const finish = { ...step(5), conclusive: true };
      const { differences } = await runActivity(activities.finishVerification, finish, take);
      expect(differences.occurrences.found).toBeGreaterThan(0);
      expect(differences.occurrences.repaired).toBe(repair ? differences.occurrences.found : 0);
    }
    await expectToday(calendar, right);
  });
});

it("takes yesterday's horizon for right until the daily roll, and no difference for a fault", async () => {
  const calendar = await filledCalendar();
  const before = await state(calendar.id);
  await stack.setClock(new Date(Date.now() + DAY_MS));
  await pullAll(stack, calendar.id);
  const step = { workspaceId: 'acme', calendarId: calendar.id, step: 1 };
  const take = { run: newRun() };
  const compare = { page: 0, pageToken: null, confirmEmpty: false, ...step };
  await runActivity(stack.activities.compareEventsPage, compare, take);
  const occurrences = { ...step, step: 2, afterSourceId: null };
  expect(await runActivity(stack.activities.compareOccurrences, occurrences, take)).toMatchObject({
    differs: false,
  });
  const { horizonFrom, horizonTo } = before;
  expect(await state(calendar.id)).toMatchObject({ horizonFrom, horizonTo });
  await stack.setClock(null);
  // Buckets that were filled by another clock would stay full.
  await stack.database.googleQuota.deleteMany();
});

describe.each([2, -2, 200, -200])("a worker's clock that is off by %i days", (days) => {
  it('puts no due time off', async () => {
    const calendar = await withClockOffBy(days, async () => {
      const connected = await connectCalendar(stack, { events: 2 });
      await pullAll(stack, connected.id);
      return connected;
    });
    const { accountId } = calendar;
    const { nextSyncAt } = await state(calendar.id);
    const untilSyncMs = nextSyncAt!.getTime() - Date.now();
    expect(untilSyncMs).toBeGreaterThan(-60_000);
    expect(untilSyncMs).toBeLessThanOrEqual(HOUR_MS / 4);
    const account = await stack.database.calendarAuthToken.findUniqueOrThrow({ where: { id: accountId } });
    const untilListMs = account.calendarListDueAt!.getTime() - Date.now();
    expect(untilListMs).toBeGreaterThan(23.9 * HOUR_MS);
    expect(untilListMs).toBeLessThanOrEqual(24 * HOUR_MS);
    expect(Math.abs(account.calendarListSyncedAt!.getTime() - Date.now())).toBeLessThan(60_000);
    const tokenMs = account.accessTokenExpiresAt!.getTime() - Date.now();
    expect(tokenMs).toBeGreaterThan(3_500_000);
    expect(tokenMs).toBeLessThanOrEqual(3_600_000);
  });

  it('lets neither the API nor the command line postpone a due time', async () => {
    const calendar = await connectCalendar(stack);
    const { database } = stack;
    await pullAll(stack, calendar.id);
    await withClockOffBy(days, async () => {
      await setCalendarEnabled(database, calendar.id, false);
      await setCalendarEnabled(database, calendar.id, true);
    });
    const { nextSyncAt } = await state(calendar.id);
    expect(Math.abs(nextSyncAt!.getTime() - Date.now())).toBeLessThan(60_000);
    const { calendarListDueAt } = await database.calendarAuthToken.findUniqueOrThrow({
      where: { id: calendar.accountId },
    });
    expect(Math.abs(calendarListDueAt!.getTime() - Date.now())).toBeLessThan(60_000);
  });
});

describe('a due time further ahead than any that is set', () => {
  it('counts as come', async () => {
    const calendar = await connectCalendar(stack);
    await pullAll(stack, calendar.id);
    const due = async () => {
      const range = { after: null, upTo: null };
      const dueAt = new Date().toISOString();
      const listed = await runActivity(stack.activities.listWorkspaces, { range, dueAt, limit: 10 });
      const cut = await runActivity(stack.activities.partitionWorkspaces, { dueAt });
      expect(cut.length).toBe(listed.length);
      return listed[0]?.targets ?? null;
    };
    const ahead = new Date(Date.now() + 2 * DAY_MS);
    const later = new Date(Date.now() + 23 * HOUR_MS);
    await stack.database.calendarSyncState.updateMany({ data: { nextSyncAt: later } });
    await stack.database.calendarAuthToken.updateMany({ data: { calendarListDueAt: later } });
    expect(await due()).toBeNull();
    await stack.database.calendarSyncState.updateMany({ data: { nextSyncAt: ahead } });
    expect(await due()).toEqual({ calendarIds: [calendar.id], accountIds: [] });
    await stack.database.calendarAuthToken.updateMany({ data: { calendarListDueAt: ahead } });
    expect(await due()).toEqual({ calendarIds: [calendar.id], accountIds: [calendar.accountId] });
  });

  it('is judged by the clock of Postgres, whatever instant a fan-out brings', async () => {
    const calendar = await connectCalendar(stack);
    await pullAll(stack, calendar.id);
    await stack.database.calendarSyncState.updateMany({ data: { nextSyncAt: new Date() } });
    const list = (dueAt: string) =>
      runActivity(stack.activities.listWorkspaces, { range: { after: null, upTo: null }, dueAt, limit: 10 });
    const offBy = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();
    expect(await list(offBy(-200))).toHaveLength(1);
    await stack.database.calendarSyncState.updateMany({
      data: { nextSyncAt: new Date(Date.now() + HOUR_MS) },
    });
    expect(await list(offBy(200))).toEqual([]);
  });
});

describe("a run, with Temporal's clock off", () => {
  const runAt = (ms: number) => ({ ...newRun(), runStartedAt: new Date(Date.now() + ms).toISOString() });

  it.each([HOUR_MS, 200 * DAY_MS])('is followed by the next one: %i ms ahead, then right', async (ms) => {
    const calendar = await connectCalendar(stack, { events: 2 });
    await pullAll(stack, calendar.id, { run: runAt(ms) });
    expect(await pullAll(stack, calendar.id, { run: runAt(0) })).toMatchObject({ outcome: 'done' });
  });

  it('is followed by the next one: as an earlier version left it, an hour ahead', async () => {
    const calendar = await connectCalendar(stack, { events: 2 });
    await pullAll(stack, calendar.id);
    await stack.database.calendarSyncState.update({
      where: { calendarId: calendar.id },
      data: { fenceRunAt: new Date(Date.now() + HOUR_MS) },
    });
    expect(await pullAll(stack, calendar.id)).toMatchObject({ outcome: 'done' });
  });

  it.each([HOUR_MS, 200 * DAY_MS])('is followed by the next one: right, then %i ms behind', async (ms) => {
    const calendar = await connectCalendar(stack, { events: 2 });
    await pullAll(stack, calendar.id, { run: runAt(0) });
    const behind = runAt(-ms);
    expect(await pullAll(stack, calendar.id, { run: behind })).toMatchObject({ outcome: 'done' });
    expect(await pullAll(stack, calendar.id, { run: runAt(-ms + 1) })).toMatchObject({ outcome: 'done' });
  });

  it('never gets back a calendar that a later one has taken, though it seems later itself', async () => {
    const calendar = await connectCalendar(stack, { events: 12 });
    await stack.google.setPageShape({ maxPageSize: 5 });
    const fenced = { type: FailureType.fenced };
    const zombie = runAt(200 * DAY_MS);
    const first = await pullPage(stack, calendar.id, { run: zombie });
    const pageToken = first.outcome === 'more' ? first.nextPageToken : '';
    for (let runs = 0; runs < 4; runs += 1) {
      expect(await pullAll(stack, calendar.id, { run: runAt(0) })).toMatchObject({ outcome: 'done' });
      await expect(pullPage(stack, calendar.id, { run: zombie, page: 1, pageToken })).rejects.toMatchObject(
        fenced,
      );
      await expect(pullPage(stack, calendar.id, { run: zombie, attempt: 2 })).rejects.toMatchObject(fenced);
      await expect(pullPage(stack, calendar.id, { run: zombie, listing: 1 })).rejects.toMatchObject(fenced);
    }
  });

  it('remembers a bounded number of runs', async () => {
    const calendar = await connectCalendar(stack);
    const runs = Array.from({ length: 12 }, () => runAt(0));
    for (const run of runs) await pullAll(stack, calendar.id, { run });
    const { fenceSuperseded } = await state(calendar.id);
    expect(fenceSuperseded).toEqual(
      runs
        .slice(3, 11)
        .map(({ runId }) => runId)
        .toReversed(),
    );
  });
});
