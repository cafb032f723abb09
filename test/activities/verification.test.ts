import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CompareEventsPageInput } from '../../contracts/verification-activities.ts';
import { changeWorkspace } from '../../services/workspaces.ts';
import { type ConnectedCalendar, connectCalendar } from '../support/connected-calendar.ts';
import { expectMirrorEqualsGoogle, mirroredEvents } from '../support/mirror.ts';
import { type FakeRun, newRun, pullAll, pullPage, runActivity } from '../support/run-activity.ts';
import { startSyncStack, type SyncStack } from '../support/sync-stack.ts';

let stack: SyncStack;

beforeAll(async () => {
  stack = await startSyncStack();
});
afterAll(() => stack.close());
afterEach(() => expect(stack.unexpected.splice(0)).toEqual([]));

/** A calendar with drift, and a verification of it whose steps are taken one by one. */
async function verification(
  events = 5,
  drift: (calendar: ConnectedCalendar, ids: string[]) => Promise<unknown> = loseFirst,
) {
  const calendar = await connectCalendar(stack, { events });
  await pullAll(stack, calendar.id);
  const ids = (await stack.google.listEvents(calendar.google)).map(({ id }) => id);
  await drift(calendar, ids);
  const run: FakeRun = newRun();
  let steps = 0;
  const next = () => {
    steps += 1;
    return { workspaceId: 'acme', calendarId: calendar.id, step: steps };
  };
  const { activities } = stack;
  const take = { run };
  return {
    calendar,
    ids,
    run,
    next,
    compare: (page: Partial<CompareEventsPageInput> = {}) =>
      runActivity(
        activities.compareEventsPage,
        { page: 0, pageToken: null, confirmEmpty: false, ...next(), ...page },
        take,
      ),
    setPendingAside: () => runActivity(activities.setPendingAside, { ...next(), pageToken: null }, take),
    compareOccurrences: () =>
      runActivity(activities.compareOccurrences, { ...next(), afterSourceId: null }, take),
    settle: (repair = true) =>
      runActivity(activities.settleDifferences, { ...next(), repair, correlationId: 'repair' }, take),
    finish: () => runActivity(activities.finishVerification, { ...next(), conclusive: true }, take),
  };
}

async function loseFirst({ id }: ConnectedCalendar, [first]: string[]) {
  await stack.database.calendarEvent.deleteMany({ where: { calendarId: id, googleEventId: first } });
}

const stored = (calendarId: string) =>
  stack.database.calendarEvent.findMany({ where: { calendarId }, select: { googleEventId: true } });

describe('a repair', () => {
  it('does not resurrect an event that a sync has seen deleted since', async () => {
    const { calendar, ids, ...steps } = await verification();
    await steps.compare();
    await steps.compareOccurrences();
    await steps.setPendingAside();
    await stack.google.deleteEvent(calendar.google, ids[0]!);
    await pullAll(stack, calendar.id);
    expect(await steps.settle()).toBe('moved');
    expect(await stored(calendar.id)).toHaveLength(4);

    await steps.setPendingAside();
    expect(await steps.settle()).toBe('done');
    await expectMirrorEqualsGoogle(stack, calendar.google);
    expect(await steps.finish()).toMatchObject({ pending: 1, differences: { missing: { found: 0 } } });
  });

  it('does not take an event back to what it was before a sync', async () => {
    const { calendar, ids, ...steps } = await verification(5, ({ id }, [first]) =>
      stack.database.calendarEvent.updateMany({
        where: { calendarId: id, googleEventId: first },
        data: { etag: '"old"' },
      }),
    );
    await steps.compare();
    await steps.setPendingAside();
    await stack.google.patchEvent(calendar.google, ids[0]!, { summary: 'newer' });
    await pullAll(stack, calendar.id);
    expect(await steps.settle()).toBe('moved');
    await steps.setPendingAside();
    expect(await steps.settle()).toBe('done');
    await expectMirrorEqualsGoogle(stack, calendar.google);
  });

  it('waits for another request of the increment while a sync is running', async () => {
    const { calendar, ...steps } = await verification();
    await stack.google.insertEvent(calendar.google, {
      summary: 'new',
      start: { date: '2026-12-01' },
      end: { date: '2026-12-02' },
    });
    await steps.compare();
    await steps.setPendingAside();
    await stack.google.setPageShape({ maxPageSize: 2 });
    const { outcome } = await pullPage(stack, calendar.id, { mode: 'full' });
    await stack.google.setPageShape({ maxPageSize: 2500 });
    expect(outcome).toBe('more');
    expect(await steps.settle()).toBe('moved');
    await steps.setPendingAside();
    expect(await steps.settle()).toBe('done');
    await pullAll(stack, calendar.id);
    await expectMirrorEqualsGoogle(stack, calendar.google);
  });

  it('of an event that a full sync has restored meanwhile has nothing to do', async () => {
    const { calendar, ...steps } = await verification();
    await steps.compare();
    await pullAll(stack, calendar.id, { mode: 'full' });
    await steps.setPendingAside();
    expect(await steps.settle()).toBe('done');
    expect((await steps.finish()).differences.missing).toMatchObject({ found: 0, repaired: 0 });
  });

  it('is kept when the answer is lost, and counted once', async () => {
    const { calendar, ...steps } = await verification();
    await steps.compare();
    await steps.setPendingAside();
    const input = { ...steps.next(), repair: true, correlationId: 'repair' };
    for (const attempt of [1, 2]) {
      await runActivity(stack.activities.settleDifferences, input, { run: steps.run, attempt });
    }
    expect((await steps.finish()).differences.missing).toMatchObject({ found: 1, repaired: 1 });
    const repaired = { calendarId: calendar.id, correlationId: 'repair' };
    expect(await stack.database.calendarChange.count({ where: repaired })).toBe(1);
    await expectMirrorEqualsGoogle(stack, calendar.google);
  });

  it('of a series deletes no exception that Google still lists', async () => {
    const calendar = await connectCalendar(stack);
    await pullAll(stack, calendar.id);
    const series = await stack.google.insertEvent(calendar.google, {
      summary: 'series',
      start: { dateTime: '2026-12-01T09:00:00Z', timeZone: 'UTC' },
      end: { dateTime: '2026-12-01T10:00:00Z', timeZone: 'UTC' },
      recurrence: ['RRULE:FREQ=DAILY;COUNT=3'],
    });
    await stack.google.patchEvent(calendar.google, `${series.id}_20261202T090000Z`, { summary: 'moved' });
    await pullAll(stack, calendar.id);
    // A second copy of the series, whose ID the exception's row names as its own.
    await stack.database.$executeRaw`
      insert into calendar_events (calendar_id, google_event_id, kind, status, etag, start_at, end_at, resource)
      select calendar_id, 'copy', kind, status, etag, start_at, end_at, resource || '{"id":"copy"}'
      from calendar_events where calendar_id = ${calendar.id}::uuid and google_event_id = ${series.id}`;
    await stack.database.$executeRaw`
      update calendar_events set series_id = 'copy'
      where calendar_id = ${calendar.id}::uuid and kind = 'exception'`;
    const run = newRun();
    const step = (number: number) => ({ workspaceId: 'acme', calendarId: calendar.id, step: number });
    const listing = { page: 0, pageToken: null, confirmEmpty: false };
    await runActivity(stack.activities.compareEventsPage, { ...step(0), ...listing }, { run });
    await runActivity(stack.activities.setPendingAside, { ...step(1), pageToken: null }, { run });
    const settling = { repair: true, correlationId: 'repair' };
    await runActivity(stack.activities.settleDifferences, { ...step(2), ...settling }, { run });
    await expectMirrorEqualsGoogle(stack, calendar.google);
    const deleted = await stack.database.calendarChange.findMany({
      where: { calendarId: calendar.id, operation: 'delete' },
    });
    expect(deleted.map(({ googleEventId }) => googleEventId)).toEqual(['copy']);
  });
});

describe('an attempt that was overtaken', () => {
  it('writes nothing: neither after its successor, nor after a later step, nor after another run', async () => {
    const { calendar, ...steps } = await verification();
    const first: CompareEventsPageInput = {
      ...steps.next(),
      page: 0,
      pageToken: null,
      confirmEmpty: false,
    };
    const compare = (run: FakeRun, attempt: number, input = first) =>
      runActivity(stack.activities.compareEventsPage, input, { run, attempt });
    await compare(steps.run, 2);
    await expect(compare(steps.run, 1)).rejects.toMatchObject({ type: 'Fenced' });
    await steps.setPendingAside();
    await expect(compare(steps.run, 3)).rejects.toMatchObject({ type: 'Fenced' });
    const secondPage = { ...first, page: 1, pageToken: 'p' };
    await expect(compare(steps.run, 3, secondPage)).rejects.toMatchObject({ type: 'Fenced' });

    const another = newRun();
    await compare(another, 1);
    await expect(steps.settle()).rejects.toMatchObject({ type: 'Fenced' });
    expect(await stored(calendar.id)).toHaveLength(4);
  });

  it('of a page that was committed is repeated without a trace', async () => {
    const { ids, ...steps } = await verification(9, async () => {});
    await stack.google.setPageShape({ maxPageSize: 4 });
    const input = { ...steps.next(), page: 0, pageToken: null, confirmEmpty: false };
    const pages = [];
    for (const attempt of [1, 2]) {
      pages.push(await runActivity(stack.activities.compareEventsPage, input, { run: steps.run, attempt }));
    }
    expect(pages.map(({ outcome }) => outcome)).toEqual(['more', 'more']);
    let page = pages[1]!;
    for (let number = 1; page.outcome === 'more'; number += 1) {
      page = await steps.compare({ page: number, pageToken: page.nextPageToken });
    }
    await stack.google.setPageShape({ maxPageSize: 2500 });
    expect(page).toMatchObject({ outcome: 'done', differs: false });
    expect(ids).toHaveLength(9);
  });
});

describe('the increment', () => {
  it('asks with the token that the mirror had at the start, whatever a sync has stored since', async () => {
    const { calendar, ids, ...steps } = await verification(5, async () => {});
    await stack.google.patchEvent(calendar.google, ids[2]!, { summary: 'edited before' });
    await steps.compare();
    await pullAll(stack, calendar.id);
    await steps.setPendingAside();
    expect(await steps.settle()).toBe('done');
    expect(await steps.finish()).toMatchObject({ pending: 1, differences: { etag: { found: 0 } } });
  });

  it('whose token has expired says whether a sync has got another one', async () => {
    const { calendar, ...steps } = await verification();
    await steps.compare();
    await stack.google.expireSyncTokens(calendar.google);
    expect(await steps.setPendingAside()).toEqual({ outcome: 'sync-token-expired', replaced: false });
    await pullAll(stack, calendar.id, { mode: 'full' });
    expect(await steps.setPendingAside()).toEqual({ outcome: 'sync-token-expired', replaced: true });
  });
});

describe('a difference that is no drift', () => {
  it('is an event that Google writes in another zone, with nulls and in another order', async () => {
    const { calendar, ids, ...steps } = await verification(3, async ({ id }) => {
      await stack.database.$executeRaw`
        update calendar_events set resource = resource || '{"location":null}'
          || jsonb_build_object('start', resource->'start' || jsonb_build_object('dateTime',
            to_char((resource->'start'->>'dateTime')::timestamptz at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"')))
        where calendar_id = ${id}::uuid and start_at is not null and not resource ? 'location'`;
    });
    expect(await steps.compare()).toMatchObject({ outcome: 'done', events: ids.length, differs: false });
    expect(calendar.id).toBeTruthy();
  });

  it('is a cancelled exception that hides nothing and that the mirror has let go of', async () => {
    const calendar = await connectCalendar(stack);
    const series = await stack.google.insertEvent(calendar.google, {
      summary: 'series',
      start: { dateTime: '2026-12-01T09:00:00Z', timeZone: 'UTC' },
      end: { dateTime: '2026-12-01T10:00:00Z', timeZone: 'UTC' },
      recurrence: ['RRULE:FREQ=DAILY;COUNT=3'],
    });
    await stack.google.deleteEvent(calendar.google, `${series.id}_20261202T090000Z`);
    await pullAll(stack, calendar.id);
    // As if the rule no longer gave that day, on both sides.
    await stack.database.$executeRaw`
      delete from calendar_events where calendar_id = ${calendar.id}::uuid and kind = 'exception'`;
    await stack.database.$executeRaw`
      update calendar_events set resource = resource || '{"recurrence":["RRULE:FREQ=WEEKLY;COUNT=3"]}'
      where calendar_id = ${calendar.id}::uuid`;
    const run = newRun();
    const step = (number: number) => ({ workspaceId: 'acme', calendarId: calendar.id, step: number });
    const listing = { page: 0, pageToken: null, confirmEmpty: false };
    await runActivity(stack.activities.compareEventsPage, { ...step(0), ...listing }, { run });
    await stack.database.calendarDifference.deleteMany({ where: { googleEventId: series.id } });
    await runActivity(stack.activities.setPendingAside, { ...step(1), pageToken: null }, { run });
    const settling = { repair: true, correlationId: 'repair' };
    await runActivity(stack.activities.settleDifferences, { ...step(2), ...settling }, { run });
    expect(await mirroredEvents(stack, calendar.google)).toHaveLength(1);
  });
});

describe('another detail', () => {
  it('is no drift: the comparison starts again where a listing with it has begun meanwhile', async () => {
    const { calendar, ...steps } = await verification(5, async () => undefined);
    await changeWorkspace(stack.database, 'acme', { eventDetail: 'full' });
    expect(await pullAll(stack, calendar.id)).toMatchObject({ mode: 'full', totals: { upserted: 5 } });
    expect(await steps.compare()).toMatchObject({ outcome: 'done', events: 5, differs: false });
    await changeWorkspace(stack.database, 'acme', { eventDetail: 'minimal' });
    await pullAll(stack, calendar.id);
    expect(await steps.setPendingAside()).toEqual({ outcome: 'sync-token-expired', replaced: true });
    expect(await steps.compare()).toMatchObject({ outcome: 'done', differs: false });
  });
});
