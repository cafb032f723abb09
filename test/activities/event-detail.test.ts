import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventFields } from '../../calendar/event-fields.ts';
import { EVENT_DETAILS, type EventDetail } from '../../contracts/event-details.ts';
import { changeWorkspace } from '../../services/workspaces.ts';
import { type ConnectedCalendar, connectCalendar } from '../support/connected-calendar.ts';
import { expectMirrorEqualsGoogle } from '../support/mirror.ts';
import { richEvent } from '../support/rich-event.ts';
import { newRun, pullAll, pullPage } from '../support/run-activity.ts';
import { startSyncStack, type SyncStack } from '../support/sync-stack.ts';

const DAY_MS = 86_400_000;

let stack: SyncStack;
let workspaces = 0;

beforeAll(async () => {
  stack = await startSyncStack();
});
afterAll(() => stack.close());
afterEach(() => {
  expect(stack.unexpected.splice(0)).toEqual([]);
});

const day = new Date(Date.now() + 7 * DAY_MS).toISOString().slice(0, 10);

interface Kept extends ConnectedCalendar {
  workspaceId: string;
}

/** A calendar of its own workspace with rich events, synced. */
async function synced(events = 3): Promise<Kept> {
  workspaces += 1;
  const workspaceId = `detail-${workspaces}`;
  const calendar = await connectCalendar(stack, { workspaceId });
  for (let index = 0; index < events; index += 1) await insert(calendar, `Design ${index}`);
  await pull({ ...calendar, workspaceId });
  return { ...calendar, workspaceId };
}

const insert = ({ google }: ConnectedCalendar, title: string) =>
  stack.google.insertEvent(google, richEvent(title, `${day}T09:00:00Z`, `${day}T10:00:00Z`));

const pull = ({ id, workspaceId }: Kept) => pullAll(stack, id, { run: newRun(workspaceId) });

const choose = ({ workspaceId }: Kept, eventDetail: EventDetail) =>
  changeWorkspace(stack.database, workspaceId, { eventDetail });

const state = ({ id }: Kept) =>
  stack.database.calendarSyncState.findUniqueOrThrow({ where: { calendarId: id } });

async function resources({ id }: Kept): Promise<Record<string, unknown>[]> {
  const rows = await stack.database.calendarEvent.findMany({ where: { calendarId: id } });
  return rows.map(({ resource }) => resource as Record<string, unknown>);
}

async function isDue(calendar: Kept): Promise<boolean> {
  const [row] = await stack.database.$queryRaw<{ due: boolean }[]>`
    select next_sync_at <= now() as due from calendar_sync_states where calendar_id = ${calendar.id}::uuid`;
  return row!.due;
}

/** Masks of the listings since an instant, with whether they had a sync token. */
async function masks(since: string): Promise<string[]> {
  const requests = await stack.google.requests({ since });
  return requests
    .filter(({ path }) => path.endsWith('/events'))
    .map(({ query }) => {
      const detail = EVENT_DETAILS.find((one) => eventFields(one) === query['fields']);
      return `${detail}${'syncToken' in query ? ' increment' : ''}`;
    });
}

describe('the detail of a workspace', () => {
  it('is minimal at first: no address, name or link is kept', async () => {
    const calendar = await synced();
    expect(JSON.stringify(await resources(calendar))).not.toMatch(/grace|drive|entryPoints/i);
    expect((await state(calendar)).eventDetail).toBe('minimal');
  });

  it.each(['standard', 'full'] as const)(
    'lists once more in full for %s, and then increments',
    async (detail) => {
      const calendar = await synced();
      const since = new Date().toISOString();
      await choose(calendar, detail);
      expect(await isDue(calendar)).toBe(true);
      expect(await pull(calendar)).toMatchObject({ outcome: 'done', mode: 'full', totals: { upserted: 3 } });
      await insert(calendar, 'Later');
      expect(await pull(calendar)).toMatchObject({ mode: 'incremental', totals: { upserted: 1 } });
      expect(await masks(since)).toEqual([detail, `${detail} increment`]);
      for (const resource of await resources(calendar)) {
        expect(resource).toMatchObject({
          attendees: expect.arrayContaining([
            expect.objectContaining({ email: 'grace@example.com', displayName: 'Grace Hopper' }),
          ]),
          conferenceData: { entryPoints: [expect.objectContaining({ entryPointType: 'video' })] },
          htmlLink: expect.stringContaining('https://'),
          created: expect.any(String),
        });
        expect('reminders' in resource).toBe(detail === 'full');
        expect(JSON.stringify(resource).includes('"shared"')).toBe(detail === 'full');
        expect(JSON.stringify(resource).includes('drive.example.com')).toBe(detail === 'full');
      }
      await expectMirrorEqualsGoogle(stack, calendar.google);
    },
  );

  it('deletes what is no longer kept, from cancelled occurrences as well', async () => {
    const calendar = await synced(1);
    const series = await stack.google.insertEvent(
      calendar.google,
      richEvent('Weekly', `${day}T12:00:00Z`, `${day}T13:00:00Z`, {
        recurrence: ['RRULE:FREQ=WEEKLY;COUNT=4'],
      }),
    );
    await choose(calendar, 'full');
    await stack.google.setPageShape({ richTombstones: true });
    const occurrences = await stack.google.listOccurrences(
      calendar.google,
      new Date().toISOString(),
      new Date(Date.now() + 60 * DAY_MS).toISOString(),
    );
    const second = occurrences.filter(({ recurringEventId }) => recurringEventId === series.id)[1];
    await stack.google.deleteEvent(calendar.google, second!.id);
    await pull(calendar);
    expect(JSON.stringify(await resources(calendar))).toContain('grace@example.com');

    await choose(calendar, 'minimal');
    expect(await pull(calendar)).toMatchObject({ mode: 'full' });
    await stack.google.setPageShape({ richTombstones: false });
    expect(await resources(calendar)).toHaveLength(3);
    expect(JSON.stringify(await resources(calendar))).not.toMatch(/grace|reminders|shared/);
  });

  it('stays as it is where it is chosen again', async () => {
    const calendar = await synced();
    await choose(calendar, 'minimal');
    expect(await pull(calendar)).toMatchObject({ mode: 'incremental', totals: { upserted: 0 } });
  });

  it('is the one a listing began with to its end, and the calendar stays due for the next', async () => {
    const calendar = await synced(5);
    await stack.google.setPageShape({ maxPageSize: 2 });
    const since = new Date().toISOString();
    await choose(calendar, 'standard');
    const run = newRun(calendar.workspaceId);
    const first = await pullPage(stack, calendar.id, { run });
    if (first.outcome !== 'more') throw new Error('There is one page only.');
    await choose(calendar, 'full');
    let result = await pullPage(stack, calendar.id, {
      run,
      page: 1,
      mode: first.mode,
      pageToken: first.nextPageToken,
    });
    if (result.outcome !== 'more') throw new Error('There are two pages only.');
    result = await pullPage(stack, calendar.id, {
      run,
      page: 2,
      mode: result.mode,
      pageToken: result.nextPageToken,
    });
    expect(result).toMatchObject({ outcome: 'done' });
    expect(await state(calendar)).toMatchObject({ eventDetail: 'standard', syncToken: expect.any(String) });
    expect(await isDue(calendar)).toBe(true);

    await pull(calendar);
    await stack.google.setPageShape({ maxPageSize: 2500 });
    expect(await masks(since)).toEqual([...Array(3).fill('standard'), ...Array(3).fill('full')]);
    expect(await isDue(calendar)).toBe(false);
    for (const resource of await resources(calendar)) expect(resource).toHaveProperty('reminders');
  });

  it('leaves no row of a listing that was given up', async () => {
    const calendar = await synced(5);
    await stack.google.setPageShape({ maxPageSize: 2 });
    await choose(calendar, 'full');
    expect(await pullPage(stack, calendar.id, { run: newRun(calendar.workspaceId) })).toMatchObject({
      outcome: 'more',
    });
    expect(JSON.stringify(await resources(calendar))).toContain('grace@example.com');

    await choose(calendar, 'minimal');
    await pull(calendar);
    await stack.google.setPageShape({ maxPageSize: 2500 });
    expect(JSON.stringify(await resources(calendar))).not.toContain('grace@example.com');
  });

  it('is written to the change log with the events', async () => {
    const calendar = await synced(1);
    await choose(calendar, 'standard');
    await pull(calendar);
    const changes = await stack.database.calendarChange.findMany({
      where: { calendarId: calendar.id },
      orderBy: { position: 'asc' },
    });
    expect(changes.map(({ operation }) => operation)).toEqual(['insert', 'update']);
    expect(JSON.stringify(changes[0]!.resource)).not.toContain('grace@example.com');
    expect(JSON.stringify(changes[1]!.resource)).toContain('grace@example.com');
  });
});
