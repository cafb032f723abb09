import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { NotFoundError } from '../../services/errors.ts';
import { rebuildWorkspace } from '../../services/rebuild.ts';
import { type ConnectedCalendar, connectCalendar } from '../support/connected-calendar.ts';
import { logEqualsMirror } from '../support/log-equals-mirror.ts';
import { expectMirrorEqualsGoogle } from '../support/mirror.ts';
import { createRandom, RandomEditor } from '../support/random-editor.ts';
import { newRun, pullAll, pullPage } from '../support/run-activity.ts';
import { startSyncStack, type SyncStack } from '../support/sync-stack.ts';
import { rowVersions } from '../support/verification.ts';

let stack: SyncStack;
let workspaces = 0;
let workspaceId: string;
let calendar: ConnectedCalendar;

beforeAll(async () => {
  stack = await startSyncStack();
});
afterAll(() => stack.close());
beforeEach(async () => {
  workspaces += 1;
  workspaceId = `rebuilt-${workspaces}`;
  calendar = await connectCalendar(stack, { workspaceId });
  const editor = new RandomEditor(stack.google, calendar.google, createRandom(workspaces));
  for (let edit = 0; edit < 25; edit += 1) await editor.edit();
  await pullAll(stack, calendar.id, { run: newRun(workspaceId) });
});
afterEach(() => expectMirrorEqualsGoogle(stack, calendar.google));

const rebuild = (fromLog = false) => rebuildWorkspace(stack.database, { workspaceId, fromLog });
const state = () =>
  stack.database.calendarSyncState.findUniqueOrThrow({ where: { calendarId: calendar.id } });
const occurrences = () => stack.database.workspaceCalendarEvent.count({ where: { calendarId: calendar.id } });

describe('rebuilding the read model', () => {
  it('brings back what is gone, drops what no event stands for, and reports what it wrote', async () => {
    const before = await occurrences();
    const [shifted, stray] = await stack.database.workspaceCalendarEvent.findMany({
      where: { calendarId: calendar.id, allDay: false },
      take: 2,
    });
    await stack.database.workspaceCalendarEvent.update({
      where: { id: shifted!.id },
      data: { title: 'Wrong' },
    });
    await stack.database.workspaceCalendarEvent.create({
      data: { ...stray!, id: '00000000-0000-4000-8000-000000000000', sourceEventId: 'nobody' },
    });
    const { count } = await stack.database.workspaceCalendarEvent.deleteMany({
      where: { calendarId: calendar.id, allDay: true },
    });
    expect(await rebuild()).toEqual([{ calendarId: calendar.id, events: 0, occurrences: count + 2 }]);
    expect(await occurrences()).toBe(before);
  });

  it('rewrites nothing that is right', async () => {
    const before = await rowVersions(stack, calendar.id);
    const { syncToken } = await state();
    expect(await rebuild()).toEqual([{ calendarId: calendar.id, events: 0, occurrences: 0 }]);
    expect(await rebuild(true)).toEqual([{ calendarId: calendar.id, events: 0, occurrences: 0 }]);
    expect(await rowVersions(stack, calendar.id)).toEqual(before);
    expect(await state()).toMatchObject({ syncToken });
  });

  it('never shows a reader an empty calendar', async () => {
    const before = await occurrences();
    await stack.database.$executeRaw`
      update workspace_calendar_events set title = 'Wrong' where calendar_id = ${calendar.id}::uuid`;
    let smallest = before;
    const rebuilt = new AbortController();
    const reader = (async () => {
      while (!rebuilt.signal.aborted) smallest = Math.min(smallest, await occurrences());
    })();
    expect(await rebuild()).toMatchObject([{ occurrences: before }]);
    rebuilt.abort();
    await reader;
    expect(smallest).toBe(before);
  });

  it('reports its progress, and knows no workspace that is not there', async () => {
    const seen: number[] = [];
    await rebuildWorkspace(stack.database, { workspaceId }, ({ sources, doneSources, doneCalendars }) => {
      expect(doneCalendars).toBe(0);
      expect(doneSources).toBeLessThan(sources);
      seen.push(doneSources);
    });
    expect(seen[0]).toBe(0);
    await expect(rebuildWorkspace(stack.database, { workspaceId: 'nobody' })).rejects.toThrow(NotFoundError);
  });
});

describe('rebuilding from the change log', () => {
  it('makes the stored events what the log says, and has the calendar listed anew', async () => {
    const events = await stack.database.calendarEvent.findMany({ where: { calendarId: calendar.id } });
    await stack.database.$executeRaw`
      update calendar_events set etag = 'wrong', resource = resource || '{"summary": "Wrong"}'
      where calendar_id = ${calendar.id}::uuid and google_event_id = ${events[0]!.googleEventId}`;
    await stack.database.calendarEvent.deleteMany({
      where: {
        calendarId: calendar.id,
        googleEventId: { in: events.slice(1, 4).map((e) => e.googleEventId) },
      },
    });
    await stack.database.calendarEvent.create({
      data: {
        ...events[5]!,
        googleEventId: 'extra',
        kind: 'single',
        seriesId: null,
        resource: { id: 'extra' },
        status: 'confirmed',
        startAt: new Date(),
        endAt: new Date(),
        startDate: null,
        endDate: null,
      },
    });
    const { nextSyncAt } = await state();
    expect(await rebuild(true)).toMatchObject([{ calendarId: calendar.id, events: 5 }]);
    const byId = (rows: typeof events) =>
      new Map(rows.map((row) => [row.googleEventId, { ...row, syncedAt: null }]));
    expect(byId(await stack.database.calendarEvent.findMany({ where: { calendarId: calendar.id } }))).toEqual(
      byId(events),
    );
    expect(await logEqualsMirror(stack.database, workspaceId)).toEqual([]);
    const after = await state();
    expect(after.syncToken).toBeNull();
    expect(after.nextSyncAt!.getTime()).toBeLessThan(nextSyncAt!.getTime());
    expect(await pullAll(stack, calendar.id, { run: newRun(workspaceId) })).toMatchObject({
      mode: 'full',
      totals: { upserted: 0, deleted: 0 },
    });
  });

  it('ends a running listing, so that nothing is swept by half of one', async () => {
    await stack.google.setPageShape({ maxPageSize: 5 });
    const run = newRun(workspaceId);
    const first = await pullPage(stack, calendar.id, { run, mode: 'full' });
    if (first.outcome !== 'more') throw new Error('There is one page only.');
    await stack.database.$executeRaw`
      delete from calendar_events where calendar_id = ${calendar.id}::uuid and kind = 'series'`;
    await rebuild(true);
    await expect(
      pullPage(stack, calendar.id, { run, mode: 'full', page: 1, pageToken: first.nextPageToken }),
    ).rejects.toThrow('has taken over');
    await pullAll(stack, calendar.id, { run: newRun(workspaceId) });
  });

  it('lets a listing go on where nothing differs', async () => {
    await stack.google.setPageShape({ maxPageSize: 5 });
    const run = newRun(workspaceId);
    const first = await pullPage(stack, calendar.id, { run, mode: 'full' });
    if (first.outcome !== 'more') throw new Error('There is one page only.');
    await rebuild(true);
    const second = await pullPage(stack, calendar.id, {
      run,
      mode: 'full',
      page: 1,
      pageToken: first.nextPageToken,
    });
    expect(['more', 'done']).toContain(second.outcome);
  });
});
