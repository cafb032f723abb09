import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { assert, asyncProperty, integer } from 'fast-check';
import { horizonAt } from '../support/horizon-at.ts';
import { connectCalendar } from '../support/connected-calendar.ts';
import { expectMirrorEqualsGoogle, mirroredOccurrences } from '../support/mirror.ts';
import { pullAll, runActivity } from '../support/run-activity.ts';
import { startSyncStack, type SyncStack } from '../support/sync-stack.ts';

const DAY_MS = 86_400_000;
/** Noon, so that a few seconds of test do not change the day. */
const TODAY = new Date('2026-03-01T12:00:00Z');
const daysLater = (days: number) => new Date(TODAY.getTime() + days * DAY_MS);
const day = (days: number) => daysLater(days).toISOString().slice(0, 10);

let stack: SyncStack;

beforeAll(async () => {
  stack = await startSyncStack();
});
afterAll(() => stack.close());
afterEach(async () => {
  await moveClock(null);
  expect(stack.unexpected.splice(0)).toEqual([]);
});

async function moveClock(at: Date | null) {
  await stack.setClock(at);
  // Buckets that were filled by another clock would stay full.
  await stack.database.googleQuota.deleteMany();
}

async function sync(calendarId: string, at = TODAY) {
  await moveClock(at);
  await pullAll(stack, calendarId);
}

async function roll(days: number) {
  await moveClock(daysLater(days));
  return runActivity(stack.activities.rollCalendarHorizons, { afterCalendarId: null });
}

const timed = (date: string, from = '09:00', to = '10:00') => ({
  start: { dateTime: `${date}T${from}:00Z`, timeZone: 'UTC' },
  end: { dateTime: `${date}T${to}:00Z`, timeZone: 'UTC' },
});
const allDay = (from: string, to: string) => ({ start: { date: from }, end: { date: to } });

const titles = async (google: string) =>
  (await mirroredOccurrences(stack, google)).map((line) => line.split(' ').slice(2).join(' ')).toSorted();

describe('the new edge', () => {
  it('shows single events beyond the old one, and not before their day', async () => {
    const { id, google } = await connectCalendar(stack);
    // The horizon ends at the beginning of day 400.
    await stack.google.insertEvent(google, { summary: 'in', ...timed(day(399)) });
    await stack.google.insertEvent(google, { summary: 'timed', ...timed(day(400)) });
    await stack.google.insertEvent(google, { summary: 'all day', ...allDay(day(400), day(401)) });
    await stack.google.insertEvent(google, { summary: 'later', ...timed(day(401)) });
    await sync(id);
    expect(await titles(google)).toEqual(['in']);
    await roll(1);
    expect(await titles(google)).toEqual(['all day', 'in', 'timed']);
    await roll(2);
    expect(await titles(google)).toEqual(['all day', 'in', 'later', 'timed']);
    await expectMirrorEqualsGoogle(stack, google);
  });

  it('shows what began before it once', async () => {
    const { id, google } = await connectCalendar(stack);
    await stack.google.insertEvent(google, { summary: 'over the edge', ...allDay(day(398), day(405)) });
    await sync(id);
    await roll(3);
    expect(await titles(google)).toEqual(['over the edge']);
    await expectMirrorEqualsGoogle(stack, google);
  });

  it('shows the next occurrences of a series, and an exception that was moved there', async () => {
    const { id, google } = await connectCalendar(stack);
    const rule = { recurrence: ['RRULE:FREQ=DAILY'] };
    await stack.google.insertEvent(google, { summary: 'daily', ...timed(day(390)), ...rule });
    const ended = await stack.google.insertEvent(google, {
      summary: 'ended',
      ...timed(day(5)),
      recurrence: ['RRULE:FREQ=DAILY;COUNT=2'],
    });
    const second = `${ended.id}_${day(6).replaceAll('-', '')}T090000Z`;
    await stack.google.patchEvent(google, second, { summary: 'moved', ...timed(day(401)) });
    await sync(id);
    expect(await titles(google)).toEqual([...Array<string>(10).fill('daily'), 'ended']);
    await roll(3);
    expect(await titles(google)).toEqual([...Array<string>(13).fill('daily'), 'ended', 'moved']);
    await expectMirrorEqualsGoogle(stack, google);
  });
});

describe('the old edge', () => {
  it('drops what has fallen out, and keeps what reaches into the horizon', async () => {
    const { id, google } = await connectCalendar(stack);
    await stack.google.insertEvent(google, { summary: 'out', ...timed(day(-90)) });
    await stack.google.insertEvent(google, {
      summary: 'ends at midnight',
      start: { dateTime: `${day(-90)}T22:00:00Z`, timeZone: 'UTC' },
      end: { dateTime: `${day(-89)}T00:00:00Z`, timeZone: 'UTC' },
    });
    await stack.google.insertEvent(google, { summary: 'moment', ...timed(day(-89), '00:00', '00:00') });
    await stack.google.insertEvent(google, { summary: 'day out', ...allDay(day(-90), day(-89)) });
    await stack.google.insertEvent(google, { summary: 'days', ...allDay(day(-90), day(-88)) });
    await stack.google.insertEvent(google, { summary: 'in', ...timed(day(-89)) });
    await sync(id);
    expect(await titles(google)).toHaveLength(6);
    await roll(1);
    expect(await titles(google)).toEqual(['days', 'in', 'moment']);
    expect(await stack.database.calendarEvent.count({ where: { calendarId: id } })).toBe(6);
  });
});

it('asks Google nothing, and does each calendar once a day', async () => {
  const { id } = await connectCalendar(stack);
  const { id: never } = await connectCalendar(stack);
  await sync(id);
  const since = new Date().toISOString();
  await roll(20);
  const state = (calendarId: string) =>
    stack.database.calendarSyncState.findUniqueOrThrow({ where: { calendarId } });
  const { from, to } = horizonAt(daysLater(20));
  expect(await state(id)).toMatchObject({ horizonFrom: from, horizonTo: to });
  expect(await state(never)).toMatchObject({ horizonFrom: null, horizonTo: null });
  expect(await roll(20)).toEqual({ calendars: 0, nextCalendarId: null });
  expect(await stack.google.requests({ since })).toEqual([]);
});

it('does two hundred calendars at a time', async () => {
  await stack.database.workspace.deleteMany();
  const accountId = await stack.connect('many', 'many@example.com');
  await stack.database.$executeRaw`
    insert into calendars (workspace_id, account_id, google_calendar_id, summary, time_zone, access_role)
    select 'many', ${accountId}::uuid, 'c-' || n, '', 'UTC', 'owner' from generate_series(1, 203) n`;
  await stack.database.$executeRaw`
    insert into calendar_sync_states (calendar_id, workspace_id, horizon_from, horizon_to)
    select id, workspace_id, ${horizonAt(TODAY).from}, ${horizonAt(TODAY).to} from calendars`;
  const first = await roll(1);
  expect(first).toMatchObject({ calendars: 200, nextCalendarId: expect.any(String) });
  const rest = { afterCalendarId: first.nextCalendarId };
  expect(await runActivity(stack.activities.rollCalendarHorizons, rest)).toEqual({
    calendars: 3,
    nextCalendarId: null,
  });
  await stack.database.workspace.deleteMany();
});

it('waits for a page commit of the calendar, and then rolls what that has written', async () => {
  const { id, google } = await connectCalendar(stack);
  await sync(id);
  await stack.google.insertEvent(google, { summary: 'beyond', ...timed(day(400)) });
  let rolling: Promise<unknown> | undefined;
  await stack.database.$transaction(async (commit) => {
    await commit.$queryRaw`select from calendar_sync_states where calendar_id = ${id}::uuid for update`;
    rolling = roll(1);
    await expect
      .poll(async () => {
        const [row] = await stack.database.$queryRaw<{ waiting: number }[]>`
          select count(*)::int as waiting from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`;
        return row?.waiting;
      })
      .toBeGreaterThan(0);
    await commit.$executeRaw`
      insert into calendar_events (calendar_id, google_event_id, kind, status, start_at, end_at, resource)
      values (${id}::uuid, 'committed', 'single', 'confirmed', ${`${day(400)}T09:00:00Z`}::timestamptz,
        ${`${day(400)}T10:00:00Z`}::timestamptz,
        ${JSON.stringify({ id: 'committed', summary: 'committed', status: 'confirmed', ...timed(day(400)) })}::jsonb)`;
  });
  await rolling;
  expect(await titles(google)).toEqual(['committed']);
});

it('stays right while pages are committed at the same time', async () => {
  const { id, google } = await connectCalendar(stack);
  await stack.google.generateEvents(google, { count: 60, seed: 3, around: daysLater(395).toISOString() });
  await sync(id);
  for (let round = 1; round <= 5; round += 1) {
    await stack.google.insertEvent(google, { summary: `new ${round}`, ...timed(day(399 + round)) });
    await moveClock(daysLater(round));
    await Promise.all([
      pullAll(stack, id),
      runActivity(stack.activities.rollCalendarHorizons, { afterCalendarId: null }),
    ]);
  }
  await expectMirrorEqualsGoogle(stack, google);
});

it('leaves what an expansion from scratch would give, whatever the calendar', async () => {
  await assert(
    asyncProperty(integer({ min: 1, max: 1e6 }), integer({ min: 1, max: 40 }), async (seed, days) => {
      const { id, google } = await connectCalendar(stack);
      const options = { count: 15, recurringShare: 0.5, seed };
      for (const around of [daysLater(-90), daysLater(400)])
        await stack.google.generateEvents(google, { ...options, around: around.toISOString() });
      await sync(id);
      await roll(Math.ceil(days / 2));
      await roll(days);
      const rolled = await readModel(id);
      await stack.database.$executeRaw`delete from workspace_calendar_events where calendar_id = ${id}::uuid`;
      await stack.database.$executeRaw`delete from calendar_events where calendar_id = ${id}::uuid`;
      await stack.database.$executeRaw`
        update calendar_sync_states set horizon_from = null, horizon_to = null, sync_token = null
        where calendar_id = ${id}::uuid`;
      await sync(id, daysLater(days));
      expect(await readModel(id)).toEqual(rolled);
    }),
    { numRuns: 12 },
  );
});

async function readModel(calendarId: string) {
  return stack.database.workspaceCalendarEvent.findMany({ where: { calendarId }, orderBy: { id: 'asc' } });
}
