import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FailureType } from '../../contracts/failure-types.ts';
import { setCalendarEnabled } from '../../services/calendars.ts';
import { connectCalendar } from '../support/connected-calendar.ts';
import { expectMirrorEqualsGoogle } from '../support/mirror.ts';
import { newRun, pullAll, pullPage } from '../support/run-activity.ts';
import { startSyncStack, type SyncStack } from '../support/sync-stack.ts';

let stack: SyncStack;

beforeAll(async () => {
  stack = await startSyncStack();
});
afterAll(() => stack.close());
afterEach(async () => {
  await stack.google.clearFaults();
  await stack.google.setPageShape({ maxPageSize: 2500 });
  expect(stack.unexpected.splice(0)).toEqual([]);
});

const fenced = { type: FailureType.fenced };
const state = (calendarId: string) =>
  stack.database.calendarSyncState.findUniqueOrThrow({ where: { calendarId } });

async function requestsSince(since: string) {
  return (await stack.google.requests({ since })).filter(({ path }) => path.endsWith('/events'));
}

describe('a claim', () => {
  it('is good for one attempt, once', async () => {
    const calendar = await connectCalendar(stack, { events: 12 });
    await stack.google.setPageShape({ maxPageSize: 5 });
    const run = newRun();
    await pullPage(stack, calendar.id, { run });
    await expect(pullPage(stack, calendar.id, { run })).rejects.toMatchObject(fenced);
  });

  it('begins with a first page, also for a later run', async () => {
    const calendar = await connectCalendar(stack);
    await pullAll(stack, calendar.id);
    await expect(pullPage(stack, calendar.id, { page: 3, pageToken: 'some' })).rejects.toMatchObject(fenced);
  });

  it('that is refused leaves no row in the run log, and the last run as it is', async () => {
    const calendar = await connectCalendar(stack);
    const [run, refused] = [newRun(), newRun()];
    await pullAll(stack, calendar.id, { run });
    const late = pullPage(stack, calendar.id, { run: refused, page: 3, pageToken: 'some' });
    await expect(late).rejects.toMatchObject(fenced);
    const logged = await stack.database.workspaceCalendarSyncLog.findMany({
      where: { calendarId: calendar.id },
    });
    expect(logged).toMatchObject([{ runId: run.runId, outcome: 'success' }]);
  });

  it('closes the log of an earlier run that never ended', async () => {
    const calendar = await connectCalendar(stack, { events: 12 });
    await stack.google.setPageShape({ maxPageSize: 5 });
    const run = newRun();
    await pullPage(stack, calendar.id, { run });
    await pullAll(stack, calendar.id);
    const log = await stack.database.workspaceCalendarSyncLog.findFirstOrThrow({
      where: { runId: run.runId },
    });
    expect(log).toMatchObject({ outcome: 'failed', failureType: FailureType.fenced, pages: 1 });
    expect(log.finishedAt).not.toBeNull();
  });

  it('that was lost counts no page either where a page has no changes', async () => {
    const calendar = await connectCalendar(stack);
    await pullAll(stack, calendar.id);
    const run = newRun();
    await stack.google.addFault({ match: { calendarId: calendar.google }, times: 1, delayMs: 500 });
    const zombie = pullPage(stack, calendar.id, { run, attempt: 1 });
    await expect.poll(async () => (await state(calendar.id)).fenceAttempt).toBe(1);
    const later = await pullPage(stack, calendar.id, { run, attempt: 2 });
    expect(later).toMatchObject({ outcome: 'done', totals: { pages: 1 } });
    await expect(zombie).rejects.toMatchObject(fenced);
    const log = await stack.database.workspaceCalendarSyncLog.findFirstOrThrow({
      where: { runId: run.runId },
    });
    expect(log.pages).toBe(1);
  });
});

describe('a calendar that is not to be synced', () => {
  it.each(['disabled', 'removed', 'without consent', 'in another workspace', 'nowhere'])(
    'is not asked for: one that is %s',
    async (what) => {
      const calendar = await connectCalendar(stack);
      const { database } = stack;
      const where = { id: calendar.id };
      if (what === 'disabled') await database.calendar.update({ where, data: { enabled: false } });
      if (what === 'removed') await database.calendar.update({ where, data: { status: 'removed' } });
      if (what === 'without consent')
        await database.calendarAuthToken.update({
          where: { id: calendar.accountId },
          data: { status: 'needs_reconnect' },
        });
      const since = new Date().toISOString();
      const run = newRun(what === 'in another workspace' ? 'beta' : 'acme');
      const id = what === 'nowhere' ? '00000000-0000-4000-8000-000000000000' : calendar.id;
      expect(await pullPage(stack, id, { run })).toEqual({ outcome: 'not-syncable' });
      expect(await requestsSince(since)).toEqual([]);
      const logged = await stack.database.workspaceCalendarSyncLog.findMany({ where: { runId: run.runId } });
      const isOurs = ['disabled', 'removed', 'without consent'].includes(what);
      expect(logged).toMatchObject(
        isOurs
          ? [{ calendarId: calendar.id, outcome: 'skipped', pages: 0, finishedAt: expect.any(Date) }]
          : [],
      );
    },
  );

  it('ends as skipped when it was disabled between two pages, with what had been written', async () => {
    const calendar = await connectCalendar(stack, { events: 12 });
    await stack.google.setPageShape({ maxPageSize: 5 });
    const run = newRun();
    expect(await pullPage(stack, calendar.id, { run })).toMatchObject({ outcome: 'more' });
    await setCalendarEnabled(stack.database, calendar.id, false);
    const next = { run, page: 1, pageToken: 'unused' };
    expect(await pullPage(stack, calendar.id, next)).toEqual({ outcome: 'not-syncable' });
    const log = await stack.database.workspaceCalendarSyncLog.findFirstOrThrow({
      where: { runId: run.runId },
    });
    expect(log).toMatchObject({ outcome: 'skipped', pages: 1, upserted: 5, finishedAt: expect.any(Date) });
    await stack.google.setPageShape({ maxPageSize: 2500 });
  });

  it('that was brought in step by an earlier pass of the run stays a success', async () => {
    const calendar = await connectCalendar(stack, { events: 1 });
    const run = newRun();
    await pullAll(stack, calendar.id, { run });
    await setCalendarEnabled(stack.database, calendar.id, false);
    expect(await pullPage(stack, calendar.id, { run, listing: 5 })).toEqual({ outcome: 'not-syncable' });
    const log = await stack.database.workspaceCalendarSyncLog.findFirstOrThrow({
      where: { runId: run.runId },
    });
    expect(log.outcome).toBe('success');
  });

  it('stays out of the schedule when it was disabled while it was synced', async () => {
    const calendar = await connectCalendar(stack, { events: 1 });
    await stack.google.addFault({ match: { calendarId: calendar.google }, times: 1, delayMs: 300 });
    const running = pullPage(stack, calendar.id);
    await expect.poll(async () => (await state(calendar.id)).fenceAttempt).toBe(1);
    await stack.database.calendarSyncState.update({
      where: { calendarId: calendar.id },
      data: { nextSyncAt: null },
    });
    expect(await running).toMatchObject({ outcome: 'done' });
    expect((await state(calendar.id)).nextSyncAt).toBeNull();
  });
});

describe('a listing', () => {
  it('counts its pages, and says when a calendar was last listed whole', async () => {
    const calendar = await connectCalendar(stack, { events: 12 });
    await stack.google.setPageShape({ maxPageSize: 5 });
    expect(await pullAll(stack, calendar.id)).toMatchObject({ mode: 'full', totals: { pages: 3 } });
    const full = await state(calendar.id);
    expect(full.lastFullSyncAt).toEqual(full.lastSyncedAt);
    expect(await pullAll(stack, calendar.id)).toMatchObject({ mode: 'incremental', totals: { pages: 1 } });
    const later = await state(calendar.id);
    expect(later.lastFullSyncAt).toEqual(full.lastFullSyncAt);
    expect(later.lastSyncedAt!.getTime()).toBeGreaterThan(full.lastSyncedAt!.getTime());
    expect(later.fenceFinished).toBe(true);
  });

  it('forgets the pages of a listing that was broken off', async () => {
    const calendar = await connectCalendar(stack, { events: 12 });
    await stack.google.setPageShape({ maxPageSize: 5 });
    const run = newRun();
    const first = await pullPage(stack, calendar.id, { run });
    const pageToken = first.outcome === 'more' ? first.nextPageToken : '';
    expect(await pullPage(stack, calendar.id, { run, mode: 'full', page: 1, pageToken })).toMatchObject({
      totals: { upserted: 10 },
    });
    for (const { id } of (await stack.google.listEvents(calendar.google)).slice(1))
      await stack.google.deleteEvent(calendar.google, id);
    await stack.google.setPageShape({ maxPageSize: 2500 });
    expect(await pullAll(stack, calendar.id, { run, listing: 1 })).toMatchObject({ outcome: 'done' });
    await expectMirrorEqualsGoogle(stack, calendar.google);
    expect(await stack.database.calendarEvent.count({ where: { calendarId: calendar.id } })).toBe(1);
  });

  it('begins an increment again whose page token died: its sync token is still good', async () => {
    const calendar = await connectCalendar(stack, { events: 1 });
    await pullAll(stack, calendar.id);
    await stack.google.generateEvents(calendar.google, { count: 12, recurringShare: 0, seed: 99 });
    await stack.google.setPageShape({ maxPageSize: 5 });
    const run = newRun();
    const first = await pullPage(stack, calendar.id, { run });
    const pageToken = first.outcome === 'more' ? first.nextPageToken : '';
    await stack.google.killPageTokens(calendar.google);
    expect(await pullPage(stack, calendar.id, { run, page: 1, pageToken })).toEqual({
      outcome: 'page-token-expired',
    });
    const again = await pullAll(stack, calendar.id, { run, listing: 1 });
    expect(again).toMatchObject({ outcome: 'done', mode: 'incremental' });
    await expectMirrorEqualsGoogle(stack, calendar.google);
  });

  it('logs every event that a sweep deletes', async () => {
    const calendar = await connectCalendar(stack, { events: 3 });
    await pullAll(stack, calendar.id);
    await stack.google.addFault({ match: { calendarId: calendar.google }, times: 2, emptyItems: true });
    const run = newRun();
    expect(await pullAll(stack, calendar.id, { run, mode: 'full' })).toMatchObject({
      totals: { deleted: 3 },
    });
    const where = { calendarId: calendar.id, operation: 'delete', correlationId: run.runId };
    expect(await stack.database.calendarChange.count({ where })).toBe(3);
  });
});
