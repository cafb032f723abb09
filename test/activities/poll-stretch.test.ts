import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readDailyForecast } from '../../services/google/daily-forecast.ts';
import { createStretchReader } from '../../services/mirror/poll-stretch.ts';
import { readWorkspaceStatus } from '../../services/reading/status.ts';
import { connectCalendar, type ConnectedCalendar } from '../support/connected-calendar.ts';
import { pullAll } from '../support/run-activity.ts';
import { startSyncStack, type SyncStack } from '../support/sync-stack.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const BUDGET = 900_000;
/** Noon in California. */
const NOON = new Date('2026-12-02T20:00:00Z');

let stack: SyncStack;
beforeAll(async () => {
  stack = await startSyncStack();
});
afterAll(() => stack.close());
beforeEach(() => stack.setClock(NOON));
afterEach(async () => {
  await stack.setClock(null);
  await stack.database.googleRequestDay.deleteMany();
});

async function made(day: string, requests: number): Promise<void> {
  await stack.database.googleRequestDay.create({ data: { day: new Date(day), requests } });
}

/** Requests of half a day at a rate that uses this share of the budget. */
const forecastOf = (share: number) => made('2026-12-02', Math.floor((BUDGET * share) / 2));

/** A calendar that has been listed, and whose events last changed that long ago. */
async function listedCalendar(unchangedForMs: number): Promise<ConnectedCalendar> {
  const calendar = await connectCalendar(stack, { events: 1 });
  await pullAll(stack, calendar.id);
  const lastChangedAt = new Date(NOON.getTime() - unchangedForMs);
  await stack.database.calendarSyncState.update({
    where: { calendarId: calendar.id },
    data: { lastChangedAt },
  });
  return calendar;
}

const busyCalendar = () => listedCalendar(HOUR_MS);
const quietCalendar = () => listedCalendar(15 * DAY_MS);

async function calendarWithPush(): Promise<ConnectedCalendar> {
  const calendar = await busyCalendar();
  const expiresAt = new Date(NOON.getTime() + 7 * DAY_MS);
  await stack.database.watchChannel.create({ data: { calendarId: calendar.id, status: 'live', expiresAt } });
  return calendar;
}

const stateOf = ({ id }: ConnectedCalendar) =>
  stack.database.calendarSyncState.findUniqueOrThrow({ where: { calendarId: id } });

/** Hours from a sync to the next one. */
async function interval(calendar: ConnectedCalendar): Promise<number> {
  await pullAll(stack, calendar.id);
  return ((await stateOf(calendar)).nextSyncAt!.getTime() - NOON.getTime()) / HOUR_MS;
}

const PUSH_HOURS = 6;
const spread = (hours: number) => [hours * 0.75 - 0.25, hours + 0.25] as const;

async function expectHours(calendar: ConnectedCalendar, hours: number): Promise<void> {
  const [least, most] = spread(hours);
  const found = await interval(calendar);
  expect(found).toBeGreaterThanOrEqual(least);
  expect(found).toBeLessThanOrEqual(most);
}

describe('the forecast of requests', () => {
  it('goes on at the rate of the day, as long as that day is', async () => {
    await made('2026-12-02', 100_000);
    expect(await readDailyForecast(stack.database)).toEqual({
      day: '2026-12-02',
      requests: 100_000,
      forecast: expect.closeTo(200_000, -2),
    });
    await stack.setClock(new Date('2026-11-01T20:00:00Z'));
    await made('2026-11-01', 130_000);
    // Noon of a day of 25 hours, of which 13 are over.
    expect((await readDailyForecast(stack.database)).forecast).toBeCloseTo(250_000, -2);
  });

  it('goes by the day before while the day is young', async () => {
    await made('2026-12-01', 480_000);
    await stack.setClock(new Date('2026-12-02T08:00:00Z'));
    expect((await readDailyForecast(stack.database)).forecast).toBeCloseTo(480_000, -2);
    await stack.setClock(new Date('2026-12-02T11:00:00Z'));
    await made('2026-12-02', 120_000);
    // Half of the 21 hours that are left at 20,000 an hour, half at 40,000 of which half are counted already.
    expect((await readDailyForecast(stack.database)).forecast).toBeCloseTo(120_000 + 21 * 30_000, -2);
  });

  it('is the count when the day ends, and nothing where nothing was counted', async () => {
    expect(await readDailyForecast(stack.database)).toEqual({ day: '2026-12-02', requests: 0, forecast: 0 });
    await made('2026-12-02', 700_000);
    await stack.setClock(new Date('2026-12-03T07:59:59Z'));
    expect((await readDailyForecast(stack.database)).forecast).toBeCloseTo(700_000, -2);
  });
});

describe('the stretch of polls', () => {
  it('is read once for all syncs of a process within 15 seconds', async () => {
    const read = createStretchReader(stack.database, BUDGET);
    expect(await read()).toEqual({ quiet: 0, busy: 0 });
    await forecastOf(10);
    expect(await read()).toEqual({ quiet: 0, busy: 0 });
    expect(await createStretchReader(stack.database, BUDGET)()).toEqual({ quiet: 1, busy: 1 });
  });

  it('is read again after Postgres has failed', async () => {
    const read = createStretchReader(stack.database, BUDGET);
    await stack.database.$executeRaw`alter table google_request_days rename to elsewhere`;
    await expect(read()).rejects.toThrow();
    await stack.database.$executeRaw`alter table elsewhere rename to google_request_days`;
    expect(await read()).toEqual({ quiet: 0, busy: 0 });
  });
});

describe('at a forecast of', () => {
  it('80 % of the budget every calendar keeps its interval', async () => {
    const calendars = [await busyCalendar(), await quietCalendar()];
    const withPush = await calendarWithPush();
    await forecastOf(0.8);
    for (const calendar of calendars) {
      expect(await interval(calendar)).toBe(0.25);
      expect((await stateOf(calendar)).stretchedSeconds).toBeNull();
    }
    await expectHours(withPush, PUSH_HOURS);
    expect((await stateOf(withPush)).stretchedSeconds).toBeNull();
  });

  it('85 % calendars that are unchanged for weeks or have push are polled less, and busy ones as before', async () => {
    const [busy, quiet, withPush] = [await busyCalendar(), await quietCalendar(), await calendarWithPush()];
    await forecastOf(0.85);
    expect(await interval(busy)).toBe(0.25);
    // Half of the way, by ratio: from 15 minutes to 24 hours, and from 6 to 24.
    await expectHours(quiet, 0.25 * Math.sqrt(96));
    await expectHours(withPush, 12);
  });

  it('95 % busy calendars are polled less, too, and quiet ones at the longest interval', async () => {
    const [busy, quiet, withPush] = [await busyCalendar(), await quietCalendar(), await calendarWithPush()];
    await forecastOf(0.95);
    await expectHours(busy, 0.25 * Math.sqrt(96));
    await expectHours(quiet, 24);
    await expectHours(withPush, 24);
  });

  it('ten times the budget no calendar waits longer than the longest interval', async () => {
    const calendars = [await busyCalendar(), await quietCalendar(), await calendarWithPush()];
    await forecastOf(10);
    for (const calendar of calendars) await expectHours(calendar, 24);
  });
});

describe('a calendar whose polls are stretched', () => {
  const poll = () => stack.dependencies.poll;
  async function statusAfter(calendar: ConnectedCalendar, hours: number) {
    const now = new Date(NOON.getTime() + hours * HOUR_MS);
    const { calendars } = await readWorkspaceStatus(stack.database, 'acme', { poll: poll(), now });
    return calendars.find(({ id }) => id === calendar.id);
  }

  it('is healthy for as long as its interval, which its status promises', async () => {
    const calendar = await busyCalendar();
    await forecastOf(10);
    await interval(calendar);
    expect(await statusAfter(calendar, 23)).toMatchObject({
      health: 'healthy',
      promisedSeconds: (DAY_MS + 15 * MINUTE_MS) / 1_000,
    });
    expect(await statusAfter(calendar, 25)).toMatchObject({ health: 'stale' });
  });

  it('keeps its promise after the pressure has gone, until its next sync restores the interval', async () => {
    const calendar = await busyCalendar();
    await forecastOf(10);
    await interval(calendar);
    await stack.database.googleRequestDay.deleteMany();
    expect(await statusAfter(calendar, 23)).toMatchObject({ health: 'healthy' });
    expect(await interval(calendar)).toBe(0.25);
    expect(await statusAfter(calendar, 1)).toMatchObject({ promisedSeconds: 30 * 60, health: 'stale' });
  });

  it('is busy again with the sync that finds a change', async () => {
    const calendar = await quietCalendar();
    await forecastOf(0.85);
    await stack.google.generateEvents(calendar.google, { count: 1, recurringShare: 0, seed: 99 });
    expect(await interval(calendar)).toBe(0.25);
    expect((await stateOf(calendar)).lastChangedAt.getTime()).toBeGreaterThanOrEqual(NOON.getTime());
    expect(await interval(calendar)).toBe(0.25);
  });

  it('is due at once when Google notifies of a change during its listing', async () => {
    const calendar = await calendarWithPush();
    await forecastOf(10);
    await stack.database.calendarSyncState.update({
      where: { calendarId: calendar.id },
      data: { notifiedAt: new Date(NOON.getTime() + MINUTE_MS) },
    });
    expect(await interval(calendar)).toBeLessThan(0.1);
  });

  it('is due when its push channel ends', async () => {
    const calendar = await calendarWithPush();
    await stack.database.watchChannel.updateMany({
      where: { calendarId: calendar.id },
      data: { expiresAt: new Date(NOON.getTime() + 2 * HOUR_MS) },
    });
    await forecastOf(0.85);
    expect(await interval(calendar)).toBe(2);
  });
});
