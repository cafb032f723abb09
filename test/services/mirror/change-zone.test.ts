import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { rebuildWorkspace } from '../../../services/rebuild.ts';
import { type ConnectedCalendar, connectCalendar } from '../../support/connected-calendar.ts';
import { expectMirrorEqualsGoogle } from '../../support/mirror.ts';
import { pullAll, runActivity } from '../../support/run-activity.ts';
import { startSyncStack, type SyncStack } from '../../support/sync-stack.ts';

let stack: SyncStack;

beforeAll(async () => {
  stack = await startSyncStack();
});
afterAll(() => stack.close());
afterEach(async () => {
  await stack.database.workspace.deleteMany();
  expect(stack.unexpected.splice(0)).toEqual([]);
});

const YEAR = new Date().getUTCFullYear() + 1;
/** New York puts its clocks forward two weeks before Berlin. */
const SUMMER_OF_ONE = `${YEAR}-03-20`;
const SUMMER_OF_BOTH = `${YEAR}-06-20`;

/** A daily series of a year at nine in Berlin. */
async function insertDaily(calendar: ConnectedCalendar, summary: string): Promise<string> {
  const { id } = await stack.google.insertEvent(calendar.google, {
    summary,
    start: { dateTime: `${YEAR}-01-01T09:00:00+01:00`, timeZone: 'Europe/Berlin' },
    end: { dateTime: `${YEAR}-01-01T10:00:00+01:00`, timeZone: 'Europe/Berlin' },
    recurrence: ['RRULE:FREQ=DAILY;COUNT=800'],
  });
  return id;
}

/** Has the mirror hold an event as Google sends one that has no zone of its own. */
async function withoutZone(calendar: ConnectedCalendar, eventId: string, change = '{}'): Promise<void> {
  await stack.database.$executeRaw`
    update calendar_events set resource = (resource #- '{start,timeZone}' #- '{end,timeZone}') || ${change}::jsonb
    where calendar_id = ${calendar.id}::uuid and google_event_id = ${eventId}`;
}

async function moveTo(calendar: ConnectedCalendar, timeZone: string): Promise<string[]> {
  const { accountId, google } = calendar;
  await stack.google.createCalendar(google, { primary: true, summary: 'Moved', timeZone });
  const input = { workspaceId: 'acme', accountId, correlationId: 'moved' };
  const { newCalendarIds } = await runActivity(stack.activities.refreshCalendarList, input);
  return newCalendarIds;
}

/** Times of day in UTC at which an event begins, by day of the year. */
async function startTimes({ id }: ConnectedCalendar, eventId: string): Promise<Record<string, string>> {
  const rows = await stack.database.workspaceCalendarEvent.findMany({
    where: { calendarId: id, sourceEventId: eventId },
  });
  return Object.fromEntries(
    rows.map(({ startAt }) => [startAt!.toISOString().slice(0, 10), startAt!.toISOString().slice(11, 16)]),
  );
}

const readModel = (calendarId: string) =>
  stack.database.workspaceCalendarEvent.findMany({ where: { calendarId }, orderBy: { id: 'asc' } });

const state = (calendarId: string) =>
  stack.database.calendarSyncState.findUniqueOrThrow({ where: { calendarId } });

describe('a calendar whose zone changes', () => {
  it('has what depends on its zone read anew, and says what has moved', async () => {
    const calendar = await connectCalendar(stack);
    const own = await insertDaily(calendar, 'own zone');
    const floating = await insertDaily(calendar, 'no zone');
    const allDay = { start: { date: `${YEAR}-06-01` }, end: { date: `${YEAR}-06-02` } };
    await stack.google.insertEvent(calendar.google, { summary: 'all day', ...allDay });
    const wall = {
      start: { dateTime: `${YEAR}-07-01T12:00:00` },
      end: { dateTime: `${YEAR}-07-01T13:00:00` },
    };
    const { id: single } = await stack.google.insertEvent(calendar.google, {
      summary: 'no offset',
      start: { dateTime: `${YEAR}-07-01T12:00:00+02:00` },
      end: { dateTime: `${YEAR}-07-01T13:00:00+02:00` },
    });
    await pullAll(stack, calendar.id);
    await withoutZone(calendar, floating);
    await withoutZone(calendar, single, JSON.stringify(wall));
    const ownBefore = await startTimes(calendar, own);

    expect(await moveTo(calendar, 'America/New_York')).toEqual([calendar.id]);
    expect(await state(calendar.id)).toMatchObject({ syncToken: null, staleTimeZone: 'Europe/Berlin' });
    const { _max: before } = await stack.database.calendarChange.aggregate({ _max: { position: true } });
    await pullAll(stack, calendar.id);

    // It keeps three o'clock in New York, which Berlin's nine o'clock in January is.
    const days = await startTimes(calendar, floating);
    expect([days[SUMMER_OF_BOTH], days[SUMMER_OF_ONE]]).toEqual(['07:00', '07:00']);
    expect(await startTimes(calendar, own)).toEqual(ownBefore);
    expect(await startTimes(calendar, single)).toEqual({ [`${YEAR}-07-01`]: '16:00' });
    const changes = await stack.database.calendarChange.findMany({
      where: { calendarId: calendar.id, position: { gt: before.position! } },
    });
    expect(changes.map(({ googleEventId, operation }) => `${operation} ${googleEventId}`).toSorted()).toEqual(
      [`update ${floating}`, `update ${single}`].toSorted(),
    );
    expect((await state(calendar.id)).staleTimeZone).toBeNull();

    const mirrored = await readModel(calendar.id);
    await stack.database.workspaceCalendarEvent.deleteMany({ where: { calendarId: calendar.id } });
    await rebuildWorkspace(stack.database, { workspaceId: 'acme' });
    expect(await readModel(calendar.id)).toEqual(mirrored);
  });

  it('equals Google where every event has a zone of its own', async () => {
    const calendar = await connectCalendar(stack);
    await stack.google.generateEvents(calendar.google, { count: 60, recurringShare: 0.5, seed: 7 });
    await pullAll(stack, calendar.id);
    await moveTo(calendar, 'Asia/Tokyo');
    await pullAll(stack, calendar.id);
    await expectMirrorEqualsGoogle(stack, calendar.google);
    const unchanged = await readModel(calendar.id);
    await pullAll(stack, calendar.id);
    expect(await readModel(calendar.id)).toEqual(unchanged);
  });

  it('is read in the zone that it was read in before until a sync has come', async () => {
    const calendar = await connectCalendar(stack);
    const floating = await insertDaily(calendar, 'no zone');
    await pullAll(stack, calendar.id);
    await withoutZone(calendar, floating);
    await moveTo(calendar, 'Asia/Tokyo');
    await moveTo(calendar, 'America/New_York');
    expect((await state(calendar.id)).staleTimeZone).toBe('Europe/Berlin');
    await pullAll(stack, calendar.id);
    expect((await startTimes(calendar, floating))[SUMMER_OF_ONE]).toBe('07:00');
  });
});
