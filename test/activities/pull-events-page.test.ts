import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createGoogleActivities } from '../../activities/create-activities.ts';
import { readWorkspaceStatus } from '../../services/reading/status.ts';
import { FailureType } from '../../contracts/failure-types.ts';
import { type ConnectedCalendar, connectCalendar } from '../support/connected-calendar.ts';
import { expectMirrorEqualsGoogle, mirroredOccurrences } from '../support/mirror.ts';
import { newRun, pullAll, pullPage } from '../support/run-activity.ts';
import { startSyncStack, type SyncStack } from '../support/sync-stack.ts';

let stack: SyncStack;

beforeAll(async () => {
  stack = await startSyncStack();
});
afterAll(() => stack.close());
afterEach(() => {
  expect(stack.unexpected.splice(0)).toEqual([]);
});

const hour = (day: string, from: number, to = from + 1) => ({
  start: { dateTime: `${day}T${String(from).padStart(2, '0')}:00:00Z`, timeZone: 'UTC' },
  end: { dateTime: `${day}T${String(to).padStart(2, '0')}:00:00Z`, timeZone: 'UTC' },
});

const soon = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10);

async function state(calendarId: string) {
  return stack.database.calendarSyncState.findUniqueOrThrow({ where: { calendarId } });
}

async function changes(calendarId: string) {
  const rows = await stack.database.calendarChange.findMany({
    where: { calendarId },
    orderBy: { position: 'asc' },
  });
  return rows.map(({ operation }) => operation);
}

describe('access', () => {
  it.each([
    { from: 'owner', to: 'reader' },
    { from: 'reader', to: 'owner' },
  ] as const)('shows what $to may see of private events once it was $from', async ({ from, to }) => {
    const calendar = await connectCalendar(stack);
    const event = { summary: 'Secret', visibility: 'private', ...hour(soon, 9) };
    await stack.google.insertEvent(calendar.google, event);
    await stack.google.insertEvent(calendar.google, { summary: 'Public', ...hour(soon, 11) });
    await stack.google.setAccessRole(calendar.google, calendar.google, from);
    await pullAll(stack, calendar.id);

    await stack.google.setAccessRole(calendar.google, calendar.google, to);
    expect(await pullPage(stack, calendar.id)).toEqual({ outcome: 'sync-token-expired' });
    const relisted = await pullAll(stack, calendar.id, { mode: 'full', tokenExpired: true });
    expect(relisted).toMatchObject({ totals: { upserted: 1, deleted: 0 } });
    const titles = (await mirroredOccurrences(stack, calendar.google)).map((line) => line.split(' ')[2]);
    expect(titles).toEqual([to === 'owner' ? 'Secret' : '', 'Public']);
    expect(await changes(calendar.id)).toEqual(['insert', 'insert', 'update']);

    const again = await pullAll(stack, calendar.id, { mode: 'full' });
    expect(again).toMatchObject({ totals: { upserted: 0, deleted: 0 } });
  });
});

describe('paging and tokens', () => {
  it('logs a run from its first question to Google to its last commit', async () => {
    const calendar = await connectCalendar(stack);
    await stack.google.addFault({ match: { calendarId: calendar.google }, times: 1, delayMs: 300 });
    await pullAll(stack, calendar.id);
    const log = await stack.database.workspaceCalendarSyncLog.findFirstOrThrow({
      where: { calendarId: calendar.id },
    });
    expect(log.finishedAt!.getTime() - log.startedAt.getTime()).toBeGreaterThanOrEqual(300);
  });

  it('reads to the last page before it stores the sync token (pitfall 1)', async () => {
    const calendar = await connectCalendar(stack);
    await stack.google.generateEvents(calendar.google, { count: 30, seed: 1 });
    await stack.google.setPageShape({ maxPageSize: 10 });
    const run = newRun();

    const first = await pullPage(stack, calendar.id, { run });
    expect(first).toMatchObject({ outcome: 'more', mode: 'full', totals: { upserted: 10, pages: 1 } });
    expect((await state(calendar.id)).syncToken).toBeNull();

    const last = await pullAll(stack, calendar.id);
    await stack.google.setPageShape({ maxPageSize: 2500 });
    expect(last).toMatchObject({ outcome: 'done', mode: 'full' });
    expect((await state(calendar.id)).syncToken).toEqual(expect.any(String));
    await expectMirrorEqualsGoogle(stack, calendar.google);
  });

  it('follows the next page token through empty pages (pitfall 1)', async () => {
    const calendar = await connectCalendar(stack);
    await stack.google.generateEvents(calendar.google, { count: 12, seed: 2 });
    await stack.google.setPageShape({ maxPageSize: 5, emptyPageEvery: 2 });
    const result = await pullAll(stack, calendar.id);
    await stack.google.setPageShape({ maxPageSize: 2500, emptyPageEvery: 0 });
    expect(result).toMatchObject({ outcome: 'done' });
    await expectMirrorEqualsGoogle(stack, calendar.google);
  });

  it('sends the sync token with every page of an increment (pitfall 2)', async () => {
    const calendar = await connectCalendar(stack);
    await pullAll(stack, calendar.id);
    for (let index = 0; index < 7; index += 1) {
      await stack.google.insertEvent(calendar.google, { summary: `New ${index}`, ...hour(soon, 8 + index) });
    }
    const since = new Date().toISOString();
    await stack.google.setPageShape({ maxPageSize: 3 });
    await pullAll(stack, calendar.id);
    await stack.google.setPageShape({ maxPageSize: 2500 });
    const lists = (await stack.google.requests({ since })).filter(({ path }) => path.endsWith('/events'));
    expect(lists).toHaveLength(3);
    expect(lists.every(({ query }) => 'syncToken' in query)).toBe(true);
    expect(new Set(lists.map(({ query }) => query['syncToken'])).size).toBe(1);
    await expectMirrorEqualsGoogle(stack, calendar.google);
  });

  it('never filters, orders or windows a listing (pitfalls 5, 6, 7, 24)', async () => {
    const calendar = await connectCalendar(stack);
    const since = new Date().toISOString();
    await pullAll(stack, calendar.id);
    const [list] = (await stack.google.requests({ since })).filter(({ path }) => path.endsWith('/events'));
    expect(Object.keys(list?.query ?? {}).toSorted()).toEqual(['fields', 'maxResults', 'singleEvents']);
    expect(list?.query).toMatchObject({ singleEvents: 'false', maxResults: '2500' });
  });

  it('reports an expired sync token as an outcome and keeps the mirror (pitfall 3)', async () => {
    const calendar = await connectCalendar(stack);
    await stack.google.insertEvent(calendar.google, { summary: 'Stays', ...hour(soon, 9) });
    await pullAll(stack, calendar.id);
    await stack.google.expireSyncTokens(calendar.google);
    expect(await pullPage(stack, calendar.id)).toEqual({ outcome: 'sync-token-expired' });
    expect(await mirroredOccurrences(stack, calendar.google)).toHaveLength(1);
  });

  it('treats a 400 on a sync token like a 410', async () => {
    const calendar = await connectCalendar(stack);
    await pullAll(stack, calendar.id);
    await stack.google.addFault({
      match: { calendarId: calendar.google },
      times: 1,
      status: 400,
      reason: 'invalid',
    });
    expect(await pullPage(stack, calendar.id)).toEqual({ outcome: 'sync-token-expired' });
  });

  it('reports a page token that died in the middle of a listing', async () => {
    const calendar = await connectCalendar(stack);
    await stack.google.generateEvents(calendar.google, { count: 12, seed: 3 });
    await stack.google.setPageShape({ maxPageSize: 5 });
    const run = newRun();
    const first = await pullPage(stack, calendar.id, { run });
    await stack.google.killPageTokens(calendar.google);
    const pageToken = first.outcome === 'more' ? first.nextPageToken : '';
    const second = await pullPage(stack, calendar.id, { run, mode: 'full', page: 1, pageToken });
    await stack.google.setPageShape({ maxPageSize: 2500 });
    expect(second).toEqual({ outcome: 'page-token-expired' });
    expect(await pullAll(stack, calendar.id, { run, listing: 1 })).toMatchObject({ outcome: 'done' });
    await expectMirrorEqualsGoogle(stack, calendar.google);
  });

  it('backs off further each time a fresh sync token expires at once', async () => {
    const calendar = await connectCalendar(stack);
    const delays: number[] = [];
    for (let time = 0; time < 3; time += 1) {
      await pullAll(stack, calendar.id, { mode: 'full', tokenExpired: true });
      delays.push((await state(calendar.id)).nextSyncAt!.getTime() - Date.now());
    }
    expect(delays[1]! - delays[0]!).toBeGreaterThan(14 * 60_000);
    expect(delays[2]! - delays[1]!).toBeGreaterThan(29 * 60_000);
    await pullAll(stack, calendar.id);
    expect((await state(calendar.id)).tokenExpiries).toBe(0);
  });
});

describe('a last page without a sync token', () => {
  /** Google, whose pages lack what is named. */
  function without(...tokens: ('nextSyncToken' | 'nextPageToken')[]): SyncStack {
    const { google } = stack.dependencies;
    const call: typeof google.call = async (...request) => {
      const answer = await google.call(...request);
      for (const token of tokens) delete (answer as Record<string, unknown>)[token];
      return answer;
    };
    const activities = createGoogleActivities({ ...stack.dependencies, google: { ...google, call } });
    return { ...stack, activities: { ...stack.activities, ...activities } };
  }
  const title = async ({ google }: ConnectedCalendar) =>
    (await mirroredOccurrences(stack, google)).map((line) => line.split(' ')[2]);

  it('has its events written, and its calendar listed in full next time, ever later', async () => {
    const calendar = await connectCalendar(stack);
    await stack.google.insertEvent(calendar.google, { summary: 'Lunch', ...hour(soon, 12) });
    const delays: number[] = [];
    for (let time = 0; time < 3; time += 1) {
      const listed = await pullAll(without('nextSyncToken'), calendar.id);
      expect(listed).toMatchObject({ outcome: 'done', mode: 'full' });
      delays.push((await state(calendar.id)).nextSyncAt!.getTime() - Date.now());
    }
    expect(await title(calendar)).toEqual(['Lunch']);
    expect(await state(calendar.id)).toMatchObject({ syncToken: null, provenAt: null, tokenExpiries: 3 });
    expect(delays[1]! - delays[0]!).toBeGreaterThan(14 * 60_000);
    expect(delays[2]! - delays[1]!).toBeGreaterThan(29 * 60_000);
    const { calendars } = await readWorkspaceStatus(stack.database, 'acme', {
      poll: stack.dependencies.poll,
    });
    expect(calendars.find(({ id }) => id === calendar.id)).toMatchObject({
      health: 'stale',
      reason: { code: 'token-expiring' },
      failures: 0,
      deadLetters: 0,
    });

    expect(await pullAll(stack, calendar.id)).toMatchObject({ outcome: 'done', mode: 'full' });
    expect(await state(calendar.id)).toMatchObject({
      syncToken: expect.any(String),
      provenAt: expect.any(Date),
    });
    expect(await pullAll(stack, calendar.id)).toMatchObject({ outcome: 'done', mode: 'incremental' });
    expect((await state(calendar.id)).tokenExpiries).toBe(0);
  });

  it('ends an increment, whose changes are kept', async () => {
    const calendar = await connectCalendar(stack);
    const lunch = await stack.google.insertEvent(calendar.google, { summary: 'Lunch', ...hour(soon, 12) });
    await pullAll(stack, calendar.id);
    const before = await state(calendar.id);
    await stack.google.deleteEvent(calendar.google, lunch.id);
    await stack.google.insertEvent(calendar.google, { summary: 'Dinner', ...hour(soon, 19) });
    expect(await pullAll(without('nextSyncToken'), calendar.id)).toMatchObject({
      mode: 'incremental',
      outcome: 'done',
    });
    expect(await title(calendar)).toEqual(['Dinner']);
    const { syncToken, provenAt, lastSyncedAt } = await state(calendar.id);
    expect({ syncToken, provenAt, lastSyncedAt }).toEqual({
      syncToken: null,
      provenAt: before.provenAt,
      lastSyncedAt: before.lastSyncedAt,
    });
    expect(await pullAll(stack, calendar.id)).toMatchObject({ mode: 'full', outcome: 'done' });
    await expectMirrorEqualsGoogle(stack, calendar.google);
  });

  it('deletes nothing for not being named: more than the token may be missing', async () => {
    const calendar = await connectCalendar(stack, { events: 12 });
    await pullAll(stack, calendar.id);
    const before = await mirroredOccurrences(stack, calendar.google);
    await stack.google.setPageShape({ maxPageSize: 5 });
    const listed = await pullPage(without('nextPageToken'), calendar.id, { mode: 'full' });
    await stack.google.setPageShape({ maxPageSize: 2500 });
    expect(listed).toMatchObject({ outcome: 'done', totals: { deleted: 0 } });
    expect(await mirroredOccurrences(stack, calendar.google)).toEqual(before);
    await pullAll(stack, calendar.id);
    await expectMirrorEqualsGoogle(stack, calendar.google);
  });
});

describe('deletions', () => {
  it('deletes a cancelled single event that comes with nothing but its ID (pitfall 9)', async () => {
    const calendar = await connectCalendar(stack);
    const event = await stack.google.insertEvent(calendar.google, { summary: 'Lunch', ...hour(soon, 12) });
    await pullAll(stack, calendar.id);
    await stack.google.deleteEvent(calendar.google, event.id);
    expect(await pullAll(stack, calendar.id)).toMatchObject({ totals: { upserted: 0, deleted: 1 } });
    expect(await mirroredOccurrences(stack, calendar.google)).toEqual([]);
    expect(await changes(calendar.id)).toEqual(['insert', 'delete']);
  });

  it('resurrects an event that was cancelled and is back', async () => {
    const calendar = await connectCalendar(stack);
    const event = await stack.google.insertEvent(calendar.google, { summary: 'Back', ...hour(soon, 12) });
    await pullAll(stack, calendar.id);
    await stack.google.deleteEvent(calendar.google, event.id);
    await pullAll(stack, calendar.id);
    await stack.google.undeleteEvent(calendar.google, event.id);
    await pullAll(stack, calendar.id);
    await expectMirrorEqualsGoogle(stack, calendar.google);
    expect(await mirroredOccurrences(stack, calendar.google)).toHaveLength(1);
  });

  it('hides a cancelled occurrence and shows a moved one once (pitfall 8)', async () => {
    const calendar = await connectCalendar(stack);
    const series = await stack.google.insertEvent(calendar.google, {
      summary: 'Stand-up',
      ...hour(soon, 9),
      recurrence: ['RRULE:FREQ=DAILY;COUNT=4'],
    });
    await pullAll(stack, calendar.id);
    expect(await mirroredOccurrences(stack, calendar.google)).toHaveLength(4);
    const occurrence = (offset: number) => {
      const day = new Date(Date.parse(soon) + offset * 86_400_000)
        .toISOString()
        .slice(0, 10)
        .replaceAll('-', '');
      return `${series.id}_${day}T090000Z`;
    };
    await stack.google.deleteEvent(calendar.google, occurrence(1));
    await stack.google.patchEvent(calendar.google, occurrence(2), hour(soon, 20));
    await pullAll(stack, calendar.id);
    await expectMirrorEqualsGoogle(stack, calendar.google);
    expect(await mirroredOccurrences(stack, calendar.google)).toHaveLength(3);
  });

  it.each([false, true])(
    'deletes a series with its exceptions (exceptions listed, too: %s)',
    async (listed) => {
      const calendar = await connectCalendar(stack);
      const series = await stack.google.insertEvent(calendar.google, {
        summary: 'Review',
        ...hour(soon, 9),
        recurrence: ['RRULE:FREQ=DAILY;COUNT=4'],
      });
      const day = soon.replaceAll('-', '');
      await stack.google.patchEvent(calendar.google, `${series.id}_${day}T090000Z`, hour(soon, 15));
      await pullAll(stack, calendar.id);
      await stack.google.setPageShape({ listChildrenOfCancelledMaster: listed });
      await stack.google.deleteEvent(calendar.google, series.id);
      await pullAll(stack, calendar.id);
      await stack.google.setPageShape({ listChildrenOfCancelledMaster: false });
      expect(await stack.database.calendarEvent.count({ where: { calendarId: calendar.id } })).toBe(0);
      expect(await mirroredOccurrences(stack, calendar.google)).toEqual([]);
    },
  );

  it('sweeps what a full listing no longer names (pitfall 4)', async () => {
    const calendar = await connectCalendar(stack);
    await stack.google.generateEvents(calendar.google, { count: 25, seed: 4 });
    await pullAll(stack, calendar.id);
    const [ghost] = await stack.google.listEvents(calendar.google);
    await stack.google.deleteEvent(calendar.google, ghost!.id);
    await stack.google.setPageShape({ maxPageSize: 10 });
    await pullAll(stack, calendar.id, { mode: 'full' });
    await stack.google.setPageShape({ maxPageSize: 2500 });
    await expectMirrorEqualsGoogle(stack, calendar.google);
    expect(await stack.database.calendarListingPage.count({ where: { calendarId: calendar.id } })).toBe(0);
  });

  describe('that lacks much of what is stored', () => {
    const count = (calendarId: string) => stack.database.calendarEvent.count({ where: { calendarId } });
    const list = (calendarId: string, confirmEmpty = false) =>
      pullAll(stack, calendarId, { mode: 'full', confirmEmpty });

    async function filled(events: number) {
      const calendar = await connectCalendar(stack);
      await stack.google.generateEvents(calendar.google, { count: events, recurringShare: 0, seed: 5 });
      await pullAll(stack, calendar.id);
      const ids = (await stack.google.listEvents(calendar.google)).map(({ id }) => id);
      const lacks = (withoutItems: string[]) =>
        stack.google.addFault({ match: { calendarId: calendar.google }, times: 1, withoutItems });
      return { ...calendar, ids, lacks };
    }

    it('is not believed once: the second one has it all', async () => {
      const { id, google, ids, lacks } = await filled(20);
      await lacks(ids.slice(0, 5));
      expect(await list(id)).toEqual({ outcome: 'suspiciously-empty' });
      expect(await count(id)).toBe(20);
      expect(await list(id, true)).toMatchObject({ outcome: 'done', totals: { upserted: 0, deleted: 0 } });
      await expectMirrorEqualsGoogle(stack, google);
      expect(await stack.database.calendarListingPage.count({ where: { calendarId: id } })).toBe(0);
    });

    it('is believed twice', async () => {
      const { id, ids, lacks } = await filled(20);
      for (let listing = 0; listing < 2; listing += 1) await lacks(ids.slice(0, 5));
      expect(await list(id)).toEqual({ outcome: 'suspiciously-empty' });
      expect(await list(id, true)).toMatchObject({ outcome: 'done', totals: { deleted: 5 } });
      expect(await count(id)).toBe(15);
    });

    it('is not believed the second time when that one lacks other things', async () => {
      const { id, google, ids, lacks } = await filled(20);
      await lacks(ids.slice(0, 5));
      await lacks(ids.slice(5, 10));
      expect(await list(id)).toEqual({ outcome: 'suspiciously-empty' });
      expect(await list(id, true)).toEqual({ outcome: 'suspiciously-empty' });
      expect(await count(id)).toBe(20);
      expect(await list(id, true)).toMatchObject({ outcome: 'done', totals: { deleted: 0 } });
      await expectMirrorEqualsGoogle(stack, google);
    });

    it('counts a page that is missing in a long listing', async () => {
      const { id, google, ids, lacks } = await filled(40);
      await stack.google.setPageShape({ maxPageSize: 10 });
      await lacks(ids);
      expect(await list(id)).toEqual({ outcome: 'suspiciously-empty' });
      expect(await list(id, true)).toMatchObject({ outcome: 'done', totals: { deleted: 0 } });
      await stack.google.setPageShape({ maxPageSize: 2500 });
      await expectMirrorEqualsGoogle(stack, google);
    });

    it.each([1, 2, 3])('lets a calendar of %i events be emptied with the second listing', async (events) => {
      const { id, google, ids } = await filled(events);
      for (const eventId of ids) await stack.google.deleteEvent(google, eventId);
      expect(await list(id)).toEqual({ outcome: 'suspiciously-empty' });
      expect(await count(id)).toBe(events);
      expect(await list(id, true)).toMatchObject({ outcome: 'done', totals: { deleted: events } });
    });

    it.each([
      [2, 1],
      [5, 2],
      [40, 4],
    ])('costs no second listing where of %i events %i were deleted', async (events, gone) => {
      const { id, google, ids } = await filled(events);
      for (const eventId of ids.slice(0, gone)) await stack.google.deleteEvent(google, eventId);
      expect(await list(id)).toMatchObject({ outcome: 'done', totals: { deleted: gone } });
    });
  });

  it('does not believe an empty listing of a full calendar at once (pitfall 18)', async () => {
    const calendar = await connectCalendar(stack);
    await stack.google.generateEvents(calendar.google, { count: 20, recurringShare: 0, seed: 5 });
    await pullAll(stack, calendar.id);
    await stack.google.addFault({ match: { calendarId: calendar.google }, times: 2, emptyItems: true });
    expect(await pullPage(stack, calendar.id, { mode: 'full' })).toEqual({ outcome: 'suspiciously-empty' });
    expect(await stack.database.calendarEvent.count({ where: { calendarId: calendar.id } })).toBe(20);
    const confirmed = await pullPage(stack, calendar.id, { mode: 'full', confirmEmpty: true });
    expect(confirmed).toMatchObject({ outcome: 'done', totals: { deleted: 20 } });
  });
});

describe('repetition', () => {
  it('rewrites no row whose etag is unchanged', async () => {
    const calendar = await connectCalendar(stack);
    await stack.google.generateEvents(calendar.google, { count: 20, seed: 6 });
    await pullAll(stack, calendar.id);
    const versions = () => stack.database.$queryRaw`
      select google_event_id, xmin::text from calendar_events where calendar_id = ${calendar.id}::uuid order by 1`;
    const before = await versions();
    expect(await pullAll(stack, calendar.id, { mode: 'full' })).toMatchObject({
      totals: { upserted: 0, deleted: 0 },
    });
    expect(await versions()).toEqual(before);
  });

  it('repeats a page whose answer was lost after the commit, and counts nothing twice', async () => {
    const calendar = await connectCalendar(stack);
    await stack.google.generateEvents(calendar.google, { count: 12, recurringShare: 0, seed: 7 });
    await stack.google.setPageShape({ maxPageSize: 5 });
    const run = newRun();
    await pullPage(stack, calendar.id, { run, attempt: 1 });
    const again = await pullPage(stack, calendar.id, { run, attempt: 2 });
    expect(again).toMatchObject({ outcome: 'more', totals: { upserted: 5 } });
    const pageToken = again.outcome === 'more' ? again.nextPageToken : '';
    const rest = { run, mode: 'full' as const };
    const second = await pullPage(stack, calendar.id, { ...rest, page: 1, pageToken });
    const lastToken = second.outcome === 'more' ? second.nextPageToken : '';
    const last = await pullPage(stack, calendar.id, { ...rest, page: 2, pageToken: lastToken });
    await stack.google.setPageShape({ maxPageSize: 2500 });
    expect(last).toMatchObject({ outcome: 'done', totals: { upserted: 12 } });
    await expectMirrorEqualsGoogle(stack, calendar.google);
    expect(await changes(calendar.id)).toHaveLength(12);
  });

  it('answers a repeated last page from the run log, without asking Google', async () => {
    const calendar = await connectCalendar(stack);
    await stack.google.insertEvent(calendar.google, { summary: 'One', ...hour(soon, 9) });
    const run = newRun();
    const done = await pullPage(stack, calendar.id, { run });
    const since = new Date().toISOString();
    expect(await pullPage(stack, calendar.id, { run, mode: 'full', attempt: 2 })).toEqual(done);
    expect((await stack.google.requests({ since })).filter(({ path }) => path.endsWith('/events'))).toEqual(
      [],
    );
  });

  it('lets a zombie write nothing: an attempt that wakes up after a later one has claimed its page', async () => {
    const calendar = await connectCalendar(stack);
    await pullAll(stack, calendar.id);
    const run = newRun();
    await stack.google.insertEvent(calendar.google, { summary: 'Old title', ...hour(soon, 9) });
    // The zombie has listed, and hangs before its commit: the answer takes a while to arrive.
    await stack.google.addFault({ match: { calendarId: calendar.google }, times: 1, delayMs: 500 });
    const zombie = pullPage(stack, calendar.id, { run, attempt: 1 });
    await expect.poll(async () => (await state(calendar.id)).fenceAttempt).toBe(1);
    const later = await pullPage(stack, calendar.id, { run, attempt: 2 });
    expect(later).toMatchObject({ outcome: 'done', totals: { upserted: 1 } });
    await expect(zombie).rejects.toMatchObject({ type: FailureType.fenced, nonRetryable: true });
    expect(await changes(calendar.id)).toEqual(['insert']);
    await expectMirrorEqualsGoogle(stack, calendar.google);
  });

  it('lets a later run take over, and not be taken over by an earlier one', async () => {
    const calendar = await connectCalendar(stack);
    const earlier = newRun();
    const later = newRun();
    await pullAll(stack, calendar.id, { run: later });
    await expect(pullPage(stack, calendar.id, { run: earlier })).rejects.toMatchObject({
      type: FailureType.fenced,
    });
    await expect(
      pullPage(stack, calendar.id, { run: earlier, page: 3, pageToken: 'stale' }),
    ).rejects.toMatchObject({ type: FailureType.fenced });
  });
});

describe('content', () => {
  it('stores what Postgres cannot hold in a title as the replacement character', async () => {
    const calendar = await connectCalendar(stack);
    await stack.google.insertEvent(calendar.google, { summary: 'a\u0000b\ud800c', ...hour(soon, 9) });
    await pullAll(stack, calendar.id);
    expect(await mirroredOccurrences(stack, calendar.google)).toEqual([
      expect.stringContaining('a\uFFFDb\uFFFDc'),
    ]);
  });

  it('keeps an all-day event as dates with an exclusive end (pitfall 12)', async () => {
    const calendar = await connectCalendar(stack);
    await stack.google.insertEvent(calendar.google, {
      summary: 'Holiday',
      start: { date: '2026-12-24' },
      end: { date: '2026-12-27' },
    });
    await pullAll(stack, calendar.id);
    expect(await mirroredOccurrences(stack, calendar.google)).toEqual(['2026-12-24 2026-12-27 Holiday']);
  });

  it('follows "this and following": the old series ends and a new one begins', async () => {
    const calendar = await connectCalendar(stack);
    const series = await stack.google.insertEvent(calendar.google, {
      summary: 'Weekly',
      ...hour(soon, 9),
      recurrence: ['RRULE:FREQ=WEEKLY;COUNT=8'],
    });
    await pullAll(stack, calendar.id);
    const third = new Date(Date.parse(`${soon}T09:00:00Z`) + 14 * 86_400_000).toISOString();
    await stack.google.splitSeries(calendar.google, series.id, third, { summary: 'Weekly, later' });
    await pullAll(stack, calendar.id);
    await expectMirrorEqualsGoogle(stack, calendar.google);
    expect(
      (await mirroredOccurrences(stack, calendar.google)).filter((line) => line.endsWith('later')),
    ).toHaveLength(6);
  });
});
