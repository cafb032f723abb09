import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VerifyResult } from '../../contracts/verification.ts';
import { logEqualsMirror } from '../support/log-equals-mirror.ts';
import { calendarRow, expectMirrorEqualsGoogle } from '../support/mirror.ts';
import { createRandom, RandomEditor } from '../support/random-editor.ts';
import {
  changedRows,
  foundBy,
  rowVersions,
  startVerification,
  syncPosition,
  verify,
} from '../support/verification.ts';
import { startServedStack, type WorkflowStack } from '../support/workflow-stack.ts';

let stack: WorkflowStack;

beforeAll(async () => {
  stack = await startServedStack();
});
afterAll(() => stack.close());

const hour = (date: string, from: number) => ({
  start: { dateTime: `${date}T${String(from).padStart(2, '0')}:00:00Z`, timeZone: 'UTC' },
  end: { dateTime: `${date}T${String(from + 1).padStart(2, '0')}:00:00Z`, timeZone: 'UTC' },
});
const DAY = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);

async function syncedCalendar(workspaceId: string) {
  const google = `${workspaceId}@example.com`;
  await stack.connect(workspaceId, google);
  const insert = async (summary: string, from: number) =>
    (await stack.google.insertEvent(google, { summary, ...hour(DAY, from) })).id;
  const events = {
    lost: await insert('lost', 6),
    stale: await insert('stale', 7),
    altered: await insert('altered', 8),
    untouched: await insert('untouched', 9),
    gone: await insert('gone', 10),
    shown: await insert('shown', 11),
  };
  const series = await stack.google.insertEvent(google, {
    summary: 'series',
    ...hour(DAY, 15),
    recurrence: ['RRULE:FREQ=DAILY;COUNT=5'],
  });
  const cancelled = `${series.id}_${DAY.replaceAll('-', '')}T150000Z`;
  await stack.google.deleteEvent(google, cancelled);
  await stack.sync(workspaceId);
  const { id: calendarId } = await calendarRow(stack, google);
  return { google, calendarId, events, series: series.id, cancelled };
}

const only = ({ calendars: [first] }: VerifyResult) => first;

/** One of every kind, behind the mirror's back. */
async function plantDrift({ calendarId, events, cancelled }: Awaited<ReturnType<typeof syncedCalendar>>) {
  const { database } = stack;
  await database.$executeRaw`
    delete from calendar_events where calendar_id = ${calendarId}::uuid
      and google_event_id in (${events.lost}, ${cancelled})`;
  await database.$executeRaw`
    insert into calendar_events (calendar_id, google_event_id, kind, status, etag, start_at, end_at, resource)
    select calendar_id, 'extra1', kind, status, etag, start_at, end_at, resource || '{"id":"extra1"}'
    from calendar_events where calendar_id = ${calendarId}::uuid and google_event_id = ${events.untouched}`;
  await database.$executeRaw`
    update calendar_events set etag = '"old"' where calendar_id = ${calendarId}::uuid
      and google_event_id = ${events.stale}`;
  await database.$executeRaw`
    update calendar_events set resource = resource || '{"summary":"somebody else''s"}'
    where calendar_id = ${calendarId}::uuid and google_event_id = ${events.altered}`;
  await database.$executeRaw`
    delete from workspace_calendar_events where calendar_id = ${calendarId}::uuid
      and source_event_id = ${events.gone}`;
  await database.$executeRaw`
    insert into workspace_calendar_events (id, workspace_id, calendar_id, google_event_id, source_event_id, title,
      status, busy, event_type, all_day, start_at, end_at)
    select gen_random_uuid(), workspace_id, calendar_id, google_event_id, source_event_id, title,
      status, busy, event_type, all_day, start_at + interval '1 day', end_at + interval '1 day'
    from workspace_calendar_events where calendar_id = ${calendarId}::uuid
      and source_event_id = ${events.shown}`;
}

describe('a mirror in step', () => {
  it('is found to be so after any edits, page by page, and nothing is written', async () => {
    const google = 'busy@example.com';
    await stack.connect('busy', google);
    await stack.google.generateEvents(google, { count: 60, seed: 4 });
    await stack.sync('busy');
    const editor = new RandomEditor(stack.google, google, createRandom(21));
    while (editor.edits < 60) await editor.edit();
    await stack.sync('busy');
    const { id } = await calendarRow(stack, google);
    const [rows, position] = [await rowVersions(stack, id), await syncPosition(stack, id)];

    await stack.google.setPageShape({ maxPageSize: 15, emptyPageEvery: 2 });
    const result = await verify(stack, { workspaceId: 'busy' });
    await stack.google.setPageShape({ maxPageSize: 2500, emptyPageEvery: 0 });

    expect(result).toMatchObject({ workspaceId: 'busy', inStep: true });
    expect(foundBy(result)).toEqual({});
    expect(only(result)).toMatchObject({
      outcome: 'compared',
      events: (await stack.google.listEvents(google)).length,
    });
    expect(only(result)?.pages).toBeGreaterThan(3);
    expect(changedRows(rows, await rowVersions(stack, id))).toEqual([]);
    expect(await syncPosition(stack, id)).toEqual(position);
    const state = await stack.database.calendarSyncState.findUniqueOrThrow({ where: { calendarId: id } });
    expect(state).toMatchObject({ drift: 0 });
    expect(state.verifiedAt?.getTime()).toBeGreaterThan(Date.now() - 60_000);
    expect(await stack.database.calendarVerification.count()).toBe(0);
  });

  it('counts what the next sync will bring as pending, and as no drift', async () => {
    const { google, calendarId, events, series, cancelled } = await syncedCalendar('pending');
    await stack.google.insertEvent(google, { summary: 'new', ...hour(DAY, 20) });
    await stack.google.patchEvent(google, events.altered, { summary: 'edited' });
    await stack.google.deleteEvent(google, events.gone);
    await stack.google.patchEvent(google, series, { recurrence: ['RRULE:FREQ=WEEKLY;COUNT=2'] });
    const rows = await rowVersions(stack, calendarId);
    const result = await verify(stack, { workspaceId: 'pending', repair: true });
    expect(result.inStep).toBe(true);
    expect(foundBy(result)).toEqual({});
    expect(only(result)?.pending).toBeGreaterThanOrEqual(4);
    expect(changedRows(rows, await rowVersions(stack, calendarId))).toEqual([]);
    expect(cancelled).toContain(series);
  });
});

describe('a mirror with drift', () => {
  it('is found to lack, to have too much and to differ, each by its ID, and is left as it is', async () => {
    const calendar = await syncedCalendar('drifted');
    const { events, series, cancelled, calendarId } = calendar;
    await plantDrift(calendar);
    const [rows, position] = [await rowVersions(stack, calendarId), await syncPosition(stack, calendarId)];
    const result = await verify(stack, { workspaceId: 'drifted' });
    expect(foundBy(result)).toEqual({
      missing: [events.lost, cancelled].toSorted(),
      extra: ['extra1'],
      etag: [events.stale],
      content: [events.altered],
      // Without its cancelled exception the series expands to one more; what is stored decides.
      occurrences: [events.altered, events.gone, events.lost, events.shown, series, 'extra1'].toSorted(),
    });
    expect(result.inStep).toBe(false);
    expect(only(result)).toMatchObject({ outcome: 'compared', differences: 11, repaired: 0, pending: 0 });
    expect(changedRows(rows, await rowVersions(stack, calendarId))).toEqual([]);
    expect(await syncPosition(stack, calendarId)).toEqual(position);
    expect(await stack.database.calendarSyncState.findUniqueOrThrow({ where: { calendarId } })).toMatchObject(
      { drift: 11 },
    );
  });

  it('is mended where it differs, and nowhere else', async () => {
    const calendar = await syncedCalendar('mended');
    const { google, calendarId, events, cancelled } = calendar;
    await plantDrift(calendar);
    const [rows, position] = [await rowVersions(stack, calendarId), await syncPosition(stack, calendarId)];
    const handle = await startVerification(stack, { workspaceId: 'mended', repair: true });
    const result = await handle.result();

    expect(result.inStep).toBe(true);
    expect(only(result)).toMatchObject({ differences: 11, repaired: 11 });
    await expectMirrorEqualsGoogle(stack, google);
    expect(await syncPosition(stack, calendarId)).toEqual(position);
    const changed = changedRows(rows, await rowVersions(stack, calendarId));
    expect(changed.filter((row) => row.startsWith('event'))).toEqual(
      [events.lost, events.stale, events.altered, cancelled, 'extra1'].map((id) => `event ${id}`).toSorted(),
    );
    // The read model was right where only the events had been tampered with, so it is rewritten in two places.
    expect(changed.filter((row) => row.startsWith('occurrence')).map((row) => row.split(' of ')[1])).toEqual(
      expect.arrayContaining([events.gone, events.shown]),
    );
    expect(changed.filter((row) => row.startsWith('occurrence'))).toHaveLength(2);
    const changes = await stack.database.calendarChange.findMany({
      where: { calendarId, correlationId: handle.firstExecutionRunId },
    });
    expect(changes.map(({ googleEventId, operation }) => `${operation} ${googleEventId}`).toSorted()).toEqual(
      [
        `insert ${events.lost}`,
        `insert ${cancelled}`,
        `update ${events.stale}`,
        `update ${events.altered}`,
        'delete extra1',
      ].toSorted(),
    );
    // The log had the lost ones all along: what was done to the table behind its back is not in it.
    const again = (problem: string) => problem.includes(' again') || problem.includes('which is not there');
    const problems = await logEqualsMirror(stack.database, 'mended');
    expect(problems.filter((problem) => !again(problem))).toEqual([]);
    expect((await verify(stack, { workspaceId: 'mended' })).inStep).toBe(true);
    expect(foundBy(await verify(stack, { workspaceId: 'mended' }))).toEqual({});
  });

  it('is mended in batches, with what is pending left to the sync', async () => {
    const google = 'batches@example.com';
    await stack.connect('batches', google);
    await stack.google.generateEvents(google, { count: 700, recurringShare: 0, seed: 8 });
    await stack.sync('batches');
    const { id: calendarId } = await calendarRow(stack, google);
    const [edited] = await stack.google.listEvents(google);
    await stack.google.deleteEvent(google, edited!.id);
    await stack.database.$executeRaw`delete from calendar_events where calendar_id = ${calendarId}::uuid`;
    await stack.google.setPageShape({ maxPageSize: 200 });
    const result = await verify(stack, { workspaceId: 'batches', repair: true });
    await stack.google.setPageShape({ maxPageSize: 2500 });
    expect(result.inStep).toBe(true);
    expect(result.differences.missing).toMatchObject({ found: 699, repaired: 699 });
    expect(result.differences.missing.examples).toHaveLength(20);
    await stack.sync('batches');
    await expectMirrorEqualsGoogle(stack, google);
  });
});

describe('a failure on the way', () => {
  it('is overcome: failing pages, a dying page token, listings that are empty or partial for a moment', async () => {
    const google = 'failing@example.com';
    await stack.connect('failing', google);
    await stack.google.generateEvents(google, { count: 30, recurringShare: 0, seed: 5 });
    await stack.sync('failing');
    const calendarId = google;
    const listed = await stack.google.listEvents(google);
    const withoutItems = listed.slice(0, 10).map(({ id }) => id);
    for (const fault of [{ emptyItems: true }, { withoutItems }]) {
      await stack.google.addFault({ match: { calendarId }, times: 1, ...fault });
      expect((await verify(stack, { workspaceId: 'failing', repair: true })).inStep).toBe(true);
      await expectMirrorEqualsGoogle(stack, google);
    }

    await stack.google.setPageShape({ maxPageSize: 10 });
    await stack.google.addFault({ match: { calendarId }, times: 2, status: 503 });
    await stack.google.addFault({
      match: { calendarId, query: { pageToken: '*' } },
      times: 1,
      status: 400,
      reason: 'invalid',
    });
    const result = await verify(stack, { workspaceId: 'failing', repair: true });
    await stack.google.setPageShape({ maxPageSize: 2500 });
    expect(result).toMatchObject({ inStep: true, calendars: [{ events: 30, differences: 0 }] });
  });

  it('says that drift cannot be told from pending changes once the sync token has expired', async () => {
    const calendar = await syncedCalendar('expired');
    await plantDrift(calendar);
    await stack.google.expireSyncTokens(calendar.google);
    const rows = await rowVersions(stack, calendar.calendarId);
    const result = await verify(stack, { workspaceId: 'expired', repair: true });
    expect(result.inStep).toBe(false);
    expect(only(result)).toMatchObject({ outcome: 'sync-token-expired', repaired: 0 });
    expect(changedRows(rows, await rowVersions(stack, calendar.calendarId))).toEqual([]);
    const { verifiedAt } = await stack.database.calendarSyncState.findUniqueOrThrow({
      where: { calendarId: calendar.calendarId },
    });
    expect(verifiedAt).toBeNull();
    await stack.sync('expired');
    expect((await verify(stack, { workspaceId: 'expired', repair: true })).inStep).toBe(true);
    await expectMirrorEqualsGoogle(stack, calendar.google);
  });

  it('needs no sync token where nothing differs', async () => {
    const { google } = await syncedCalendar('tokenless');
    await stack.google.expireSyncTokens(google);
    expect((await verify(stack, { workspaceId: 'tokenless' })).inStep).toBe(true);
  });

  it('stops at one calendar, not at the others', async () => {
    const google = 'two@example.com';
    await stack.connect('two', google);
    const { id: second } = await stack.google.createCalendar(google, { summary: 'Second', timeZone: 'UTC' });
    await stack.sync('two');
    await stack.google.addFault({
      match: { calendarId: second },
      times: 1,
      status: 403,
      reason: 'forbidden',
    });
    const { calendars, inStep } = await verify(stack, { workspaceId: 'two' });
    expect(inStep).toBe(false);
    expect(calendars.map(({ outcome, error }) => error ?? outcome).toSorted()).toEqual([
      'GoogleForbidden',
      'compared',
    ]);
  });
});

describe('content that is not compared', () => {
  it('is named: calendars that were never synced, are disabled or belong to another workspace', async () => {
    const { calendarId } = await syncedCalendar('partly');
    await stack.database.calendarSyncState.update({ where: { calendarId }, data: { syncToken: null } });
    expect(only(await verify(stack, { workspaceId: 'partly' }))).toMatchObject({ outcome: 'not-synced' });
    const other = (await syncedCalendar('other')).calendarId;
    const result = await verify(stack, { workspaceId: 'partly', calendarIds: [other] });
    expect(result).toMatchObject({ inStep: false, calendars: [{ outcome: 'not-syncable' }] });
  });

  it('includes the calendars of an account that has to be connected again', async () => {
    await syncedCalendar('revoked');
    await stack.google.revokeGrant('revoked@example.com');
    await stack.google.expireAccessTokens('revoked@example.com');
    await stack.sync('revoked');
    const result = await verify(stack, { workspaceId: 'revoked' });
    expect(result).toMatchObject({
      inStep: false,
      calendars: [],
      accounts: [{ error: 'GoogleAuthRevoked' }],
    });
  });
});

describe('beside a running sync', () => {
  it('finds no drift under constant edits and syncs, and repairs nothing', async () => {
    const google = 'race@example.com';
    await stack.connect('race', google);
    await stack.google.generateEvents(google, { count: 120, seed: 6 });
    await stack.sync('race');
    await stack.google.setPageShape({ maxPageSize: 20 });
    const editor = new RandomEditor(stack.google, google, createRandom(31));
    const stop = new AbortController();
    const editing = (async () => {
      while (!stop.signal.aborted) {
        await editor.edit();
        await stack.sync('race', editor.edits % 5 === 0 ? 'full' : 'incremental');
      }
    })();
    const results: VerifyResult[] = [];
    for (let round = 0; round < 5; round += 1) {
      results.push(await verify(stack, { workspaceId: 'race', repair: true }));
    }
    stop.abort();
    await editing;
    await stack.google.setPageShape({ maxPageSize: 2500 });
    for (const result of results) expect(foundBy(result)).toEqual({});
    expect(editor.edits).toBeGreaterThan(5);
    await stack.sync('race');
    await expectMirrorEqualsGoogle(stack, google);
  });
});
