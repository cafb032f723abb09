import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Prisma } from '../../prisma/generated/client.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let accountId: string;
let calendarId: string;

const account = (data: Partial<Prisma.CalendarAuthTokenUncheckedCreateInput> = {}) =>
  database.prisma.calendarAuthToken.create({
    data: {
      workspaceId: 'acme',
      email: `${randomUUID()}@example.com`,
      keyId: 'key',
      refreshToken: new Uint8Array(),
      ...data,
    },
  });
const calendar = (data: Partial<Prisma.CalendarUncheckedCreateInput> = {}) =>
  database.prisma.calendar.create({
    data: {
      workspaceId: 'acme',
      accountId,
      googleCalendarId: randomUUID(),
      summary: '',
      timeZone: 'UTC',
      accessRole: 'owner',
      ...data,
    },
  });

beforeAll(async () => {
  database = await createTestDatabase();
  await database.prisma.workspace.create({ data: { id: 'acme', timeZone: 'UTC' } });
  await database.prisma.workspace.create({ data: { id: 'beta', timeZone: 'UTC' } });
  accountId = (await account()).id;
  calendarId = (await calendar()).id;
});
afterAll(() => database.drop());

const NINE = new Date('2026-01-05T09:00:00Z');
const TEN = new Date('2026-01-05T10:00:00Z');
const MONDAY = new Date('2026-01-05');
const TUESDAY = new Date('2026-01-06');

const state = async (data: object) =>
  database.prisma.calendarSyncState.create({
    data: { calendarId: (await calendar()).id, workspaceId: 'acme', ...data },
  });
const event = (data: object) =>
  database.prisma.calendarEvent.create({
    data: {
      calendarId,
      googleEventId: randomUUID(),
      kind: 'single',
      status: 'confirmed',
      resource: {},
      ...data,
    },
  });
const occurrence = (data: object) =>
  database.prisma.workspaceCalendarEvent.create({
    data: {
      id: randomUUID(),
      workspaceId: 'acme',
      calendarId,
      googleEventId: 'one',
      sourceEventId: 'one',
      status: 'confirmed',
      busy: true,
      eventType: 'default',
      allDay: false,
      startAt: NINE,
      endAt: TEN,
      ...data,
    },
  });
const run = (data: object) =>
  database.prisma.workspaceCalendarSyncLog.create({
    data: {
      workspaceId: 'acme',
      calendarId,
      workflowId: 'w',
      runId: randomUUID(),
      mode: 'full',
      source: 'manual',
      outcome: 'success',
      ...data,
    },
  });
const change = (data: object) =>
  database.prisma.calendarChange.create({
    data: { workspaceId: 'acme', calendarId, googleEventId: 'one', operation: 'insert', ...data },
  });

/** Each case writes what has to be refused, and names the constraint that refuses it. */
type Refused = [what: string, constraint: RegExp, data: object];
const refuse = (writing: Promise<unknown>, constraint: RegExp) => expect(writing).rejects.toThrow(constraint);

describe('a workspace ID', () => {
  it.each(['', 'a b', 'ada@example.com', 'a/b', 'x'.repeat(65), 'acme\n', 'ä'])(
    'cannot be %j',
    async (id) => {
      await refuse(
        database.prisma.workspace.create({ data: { id, timeZone: 'UTC' } }),
        /workspaces_id_check/,
      );
    },
  );

  it.each(['A-z_09', 'x'.repeat(64)])('can be %j', async (id) => {
    await database.prisma.workspace.create({ data: { id, timeZone: 'UTC' } });
  });

  it('is taken once', async () => {
    await refuse(database.prisma.workspace.create({ data: { id: 'acme', timeZone: 'UTC' } }), /Unique/);
  });
});

describe('an account', () => {
  it.each<Refused>([
    ['of an unknown status', /calendar_auth_tokens_status_check/, { status: 'asleep' }],
    ['of no workspace', /Foreign key/, { workspaceId: 'nobody' }],
  ])('%s is refused', async (_what, constraint, data) => {
    await refuse(account(data), constraint);
  });

  it('is once in a workspace, and may be in another', async () => {
    await account({ email: 'ada@example.com' });
    await account({ email: 'ada@example.com', workspaceId: 'beta' });
    await refuse(account({ email: 'ada@example.com' }), /Unique/);
  });
});

describe('a calendar', () => {
  it.each<Refused>([
    ['of an unknown status', /calendars_status_check/, { status: 'asleep' }],
    ['of no account', /Foreign key/, { accountId: randomUUID() }],
    ['of no workspace', /Foreign key/, { workspaceId: 'nobody' }],
  ])('%s is refused', async (_what, constraint, data) => {
    await refuse(calendar(data), constraint);
  });

  it('is once in an account, and may be in another', async () => {
    await calendar({ googleCalendarId: 'team' });
    await calendar({ googleCalendarId: 'team', accountId: (await account()).id });
    await refuse(calendar({ googleCalendarId: 'team' }), /Unique/);
  });
});

describe('a sync state', () => {
  it.each<Refused>([
    ['with half a horizon', /horizon_check/, { horizonFrom: NINE }],
    ['with the other half', /horizon_check/, { horizonTo: NINE }],
    ['with an empty horizon', /horizon_check/, { horizonFrom: NINE, horizonTo: NINE }],
    ['with less than no failures', /failures_check/, { failures: -1 }],
    ['with less than no expiries', /failures_check/, { tokenExpiries: -1 }],
    ['of no calendar', /Foreign key/, { calendarId: randomUUID() }],
  ])('%s is refused', async (_what, constraint, data) => {
    await refuse(state(data), constraint);
  });

  it('may have a horizon or none', async () => {
    await state({});
    await state({ horizonFrom: NINE, horizonTo: TEN });
  });
});

describe('an event', () => {
  const timed = { startAt: NINE, endAt: TEN };
  const allDay = { startDate: MONDAY, endDate: TUESDAY };
  const exception = { kind: 'exception', seriesId: 'series' };

  it.each<Refused>([
    ['that ends before it starts', /order_check/, { startAt: TEN, endAt: NINE }],
    ['that ends a day before it starts', /order_check/, { startDate: TUESDAY, endDate: MONDAY }],
    ['with an instant and a date', /time_check/, { ...timed, ...allDay }],
    ['from an instant to a date', /time_check/, { startAt: NINE, endDate: TUESDAY }],
    ['without an end', /time_check/, { startAt: NINE }],
    ['without an end date', /time_check/, { startDate: MONDAY }],
    ['without a time', /time_check/, {}],
    ['of an unknown status', /status_check/, { ...timed, status: 'maybe' }],
    ['that is single and cancelled', /status_check/, { ...timed, status: 'cancelled' }],
    ['of an unknown kind', /kind_check/, { ...timed, kind: 'task' }],
    ['that is an exception to nothing', /kind_check/, { ...timed, kind: 'exception' }],
    ['that is single and of a series', /kind_check/, { ...timed, seriesId: 'series' }],
    ['of no calendar', /Foreign key/, { ...timed, calendarId: randomUUID() }],
  ])('%s is refused', async (_what, constraint, data) => {
    await refuse(event(data), constraint);
  });

  it.each<[string, object]>([
    ['timed', timed],
    ['all day', allDay],
    ['a moment', { startAt: NINE, endAt: NINE }],
    ['a cancelled exception without a time', { ...exception, status: 'cancelled' }],
    ['a cancelled exception with one', { ...exception, ...timed, status: 'cancelled' }],
    ['a series', { ...timed, kind: 'series' }],
  ])('may be %s', async (_what, data) => {
    await event(data);
  });

  it('is once in a calendar, and may be in another', async () => {
    await event({ ...timed, googleEventId: 'same' });
    await event({ ...timed, googleEventId: 'same', calendarId: (await calendar()).id });
    await refuse(event({ ...timed, googleEventId: 'same' }), /Unique/);
  });
});

describe('an occurrence', () => {
  const dates = { allDay: true, startAt: null, endAt: null, startDate: MONDAY, endDate: TUESDAY };

  it.each<Refused>([
    ['that ends before it starts', /time_check/, { startAt: TEN, endAt: NINE }],
    ['all day that ends before it starts', /time_check/, { ...dates, startDate: TUESDAY, endDate: MONDAY }],
    ['all day with instants', /time_check/, { allDay: true }],
    ['all day with both', /time_check/, { ...dates, startAt: NINE, endAt: TEN }],
    ['timed with dates', /time_check/, { ...dates, allDay: false }],
    ['without an end', /time_check/, { endAt: null }],
    ['all day without an end', /time_check/, { ...dates, endDate: null }],
    ['that is cancelled', /status_check/, { status: 'cancelled' }],
    ["in another workspace than its calendar's", /Foreign key/, { workspaceId: 'beta' }],
  ])('%s is refused', async (_what, constraint, data) => {
    await refuse(occurrence(data), constraint);
  });

  it.each<[string, object]>([
    ['timed', {}],
    ['all day', dates],
    ['a moment', { endAt: NINE }],
  ])('may be %s', async (_what, data) => {
    await occurrence(data);
  });
});

describe('the logs', () => {
  it('know modes, outcomes and operations', async () => {
    await refuse(run({ mode: 'half' }), /mode_check/);
    await refuse(run({ outcome: 'maybe' }), /outcome_check/);
    await refuse(change({ operation: 'truncate' }), /operation_check/);
  });

  it('have a run of a calendar once', async () => {
    await run({ runId: 'same' });
    await refuse(run({ runId: 'same' }), /Unique/);
  });
});

it('forgets everything of a workspace with it', async () => {
  const { prisma } = database;
  await prisma.workspace.delete({ where: { id: 'acme' } });
  const workspaceId = 'acme';
  const left = await Promise.all([
    prisma.calendarAuthToken.count({ where: { workspaceId } }),
    prisma.calendar.count({ where: { workspaceId } }),
    prisma.calendarEvent.count(),
    prisma.workspaceCalendarEvent.count(),
    prisma.calendarSyncState.count(),
    prisma.workspaceCalendarSyncLog.count(),
    prisma.calendarChange.count(),
  ]);
  expect(left).toEqual([0, 0, 0, 0, 0, 0, 0]);
});
