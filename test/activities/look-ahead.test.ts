import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PullPartResult } from '../../contracts/sync-activities.ts';
import { FailureType } from '../../contracts/failure-types.ts';
import { type ConnectedCalendar, connectCalendar } from '../support/connected-calendar.ts';
import { expectMirrorEqualsGoogle } from '../support/mirror.ts';
import { newRun, pullAll, pullPage } from '../support/run-activity.ts';
import { startSyncStack, type SyncStack } from '../support/sync-stack.ts';

const PAGE_SIZE = 5;

let stack: SyncStack;
let calendar: ConnectedCalendar;

beforeAll(async () => {
  stack = await startSyncStack();
});
afterAll(() => stack.close());
beforeEach(async () => {
  calendar = await connectCalendar(stack, { events: 3 * PAGE_SIZE });
  await stack.google.setPageShape({ maxPageSize: PAGE_SIZE });
});
afterEach(async () => {
  await stack.google.clearFaults();
  await stack.google.setPageShape({ maxPageSize: 2500 });
  expect(stack.unexpected.splice(0)).toEqual([]);
});

const listings = async () =>
  (await stack.google.requests()).filter(
    ({ path, email }) => path.endsWith('/events') && email === calendar.google,
  ).length;
const mirrored = () => stack.database.calendarEvent.count({ where: { calendarId: calendar.id } });
const fenceAttempt = async () =>
  (await stack.database.calendarSyncState.findUniqueOrThrow({ where: { calendarId: calendar.id } }))
    .fenceAttempt;

function nextPart(result: PullPartResult) {
  if (result.outcome !== 'more') throw new Error(`The listing ended: ${result.outcome}.`);
  return { mode: result.mode, pageToken: result.nextPageToken };
}

describe('an activity that may go on', () => {
  it('commits page after page, each in its own transaction, and the token with the last', async () => {
    const result = await pullPage(stack, calendar.id, { pages: 20 });
    expect(result).toMatchObject({ outcome: 'done', totals: { pages: 3, upserted: 15 } });
    expect(await listings()).toBe(3);
    const [commits] = await stack.database.$queryRaw<{ count: number }[]>`
      select count(distinct xmin::text)::int as count from calendar_events where calendar_id = ${calendar.id}::uuid`;
    expect(commits).toEqual({ count: 3 });
    await expectMirrorEqualsGoogle(stack, calendar.google);
  });

  it('asks for the next page while it commits one', async () => {
    await stack.google.addFault({ match: { calendarId: calendar.google }, times: 1, delayMs: 300 });
    const pulled = pullPage(stack, calendar.id, { pages: 20 });
    await expect.poll(fenceAttempt).toBe(1);
    await stack.database.$transaction(async (held) => {
      await held.$queryRaw`
        select from calendar_sync_states where calendar_id = ${calendar.id}::uuid for update`;
      await expect.poll(listings).toBe(2);
      expect(await mirrored()).toBe(0);
    });
    expect(await pulled).toMatchObject({ outcome: 'done', totals: { pages: 3 } });
  });

  it('has no transaction open while Google is slow', async () => {
    await stack.google.addFault({ match: { calendarId: calendar.google }, times: 1, delayMs: 1 });
    await stack.google.addFault({ match: { calendarId: calendar.google }, times: 1, delayMs: 1_000 });
    const pulled = pullPage(stack, calendar.id, { pages: 20 });
    await expect.poll(mirrored).toBe(PAGE_SIZE);
    const open = await stack.database.$queryRaw`
      select state, query from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null`;
    expect(open).toEqual([]);
    expect(await listings()).toBe(2);
    expect(await pulled).toMatchObject({ outcome: 'done' });
  });

  it('leaves what it may not list any more to the next one', async () => {
    const run = newRun();
    const first = await pullPage(stack, calendar.id, { run, pages: 2 });
    expect(first).toMatchObject({ outcome: 'more', totals: { pages: 2, upserted: 10 } });
    expect(await listings()).toBe(2);
    const rest = { run, pages: 2, page: 1, ...nextPart(first) };
    expect(await pullPage(stack, calendar.id, rest)).toMatchObject({ outcome: 'done', totals: { pages: 3 } });
    await expectMirrorEqualsGoogle(stack, calendar.google);
  });

  it.each([503, 429, 410])(
    'leaves a page that Google refuses with %i to the next one, and loses none',
    async (status) => {
      await stack.google.addFault({ match: { calendarId: calendar.google }, times: 1, delayMs: 1 });
      await stack.google.addFault({ match: { calendarId: calendar.google }, times: 1, status });
      const run = newRun();
      const first = await pullPage(stack, calendar.id, { run, pages: 20 });
      expect(first).toMatchObject({ outcome: 'more', totals: { pages: 1, upserted: PAGE_SIZE } });
      if (status === 429) await stack.database.googleQuota.deleteMany();
      const rest = { run, pages: 20, page: 1, ...nextPart(first) };
      expect(await pullPage(stack, calendar.id, rest)).toMatchObject({ outcome: 'done' });
      await expectMirrorEqualsGoogle(stack, calendar.google);
    },
  );
});

describe('pages that are listed again', () => {
  it('sweep what has gone since the attempt before, of a first part', async () => {
    const run = newRun();
    await pullPage(stack, calendar.id, { run, pages: 2 });
    for (const { id } of (await stack.google.listEvents(calendar.google)).slice(1))
      await stack.google.deleteEvent(calendar.google, id);
    const again = await pullAll(stack, calendar.id, { run, pages: 20, attempt: 2 });
    expect(again).toMatchObject({ outcome: 'done', totals: { upserted: 10 } });
    await expectMirrorEqualsGoogle(stack, calendar.google);
    expect(await mirrored()).toBe(1);
  });

  it('replace themselves, of a later part, and leave the earlier parts as they are', async () => {
    await stack.google.generateEvents(calendar.google, { count: PAGE_SIZE, recurringShare: 0, seed: 400 });
    const run = newRun();
    const first = await pullPage(stack, calendar.id, { run });
    const rest = { run, page: 1, ...nextPart(first) };
    await pullPage(stack, calendar.id, { ...rest, pages: 2, attempt: 1 });
    const again = await pullPage(stack, calendar.id, { ...rest, pages: 20, attempt: 2 });
    expect(again).toMatchObject({ outcome: 'done', totals: { upserted: 20, deleted: 0 } });
    await expectMirrorEqualsGoogle(stack, calendar.google);
  });

  it('write nothing more from the moment a later attempt has taken over', async () => {
    await stack.google.addFault({ match: { calendarId: calendar.google }, times: 1, delayMs: 1 });
    await stack.google.addFault({ match: { calendarId: calendar.google }, times: 1, delayMs: 700 });
    const run = newRun();
    const zombie = pullPage(stack, calendar.id, { run, pages: 20, attempt: 1 });
    const settled = zombie.catch((error: unknown) => error);
    await expect.poll(mirrored).toBe(PAGE_SIZE);
    const later = await pullPage(stack, calendar.id, { run, pages: 20, attempt: 2 });
    expect(later).toMatchObject({ outcome: 'done', totals: { upserted: 15 } });
    expect(await settled).toMatchObject({ type: FailureType.fenced });
    expect(await stack.database.calendarChange.count({ where: { calendarId: calendar.id } })).toBe(15);
    await expectMirrorEqualsGoogle(stack, calendar.google);
  });
});

it('sweeps nothing that a worker of an earlier version has listed, one page to a part', async () => {
  await stack.google.generateEvents(calendar.google, { count: PAGE_SIZE, recurringShare: 0, seed: 400 });
  const run = newRun();
  const first = await pullPage(stack, calendar.id, { run, pages: 2 });
  const second = await pullPage(stack, calendar.id, { run, page: 1, ...nextPart(first) });
  await stack.database.$executeRaw`
    update calendar_listing_pages set page = 1
    where calendar_id = ${calendar.id}::uuid and page = (
      select max(page) from calendar_listing_pages where calendar_id = ${calendar.id}::uuid)`;
  const last = await pullPage(stack, calendar.id, { run, page: 2, ...nextPart(second) });
  expect(last).toMatchObject({ outcome: 'done', totals: { upserted: 20, deleted: 0 } });
  await expectMirrorEqualsGoogle(stack, calendar.google);
});
