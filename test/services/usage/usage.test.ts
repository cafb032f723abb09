import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listUsage } from '../../../services/usage/list-usage.ts';
import { storeUsage } from '../../../services/usage/store-usage.ts';
import { createUsageMeter } from '../../../services/usage/usage-meter.ts';
import { usageCsv } from '../../../services/usage/usage-csv.ts';
import { InvalidInputError, WorkspaceNotFoundError } from '../../../services/errors.ts';
import { connectCalendar, type ConnectedCalendar } from '../../support/connected-calendar.ts';
import { pullAll, runActivity } from '../../support/run-activity.ts';
import { startSyncStack, type SyncStack } from '../../support/sync-stack.ts';

/** Nine in the evening of 1 December in California. */
const EVENING = new Date('2026-12-02T05:00:00Z');
const LATER = new Date('2026-12-02T09:00:00Z');
const { signal } = new AbortController();

let stack: SyncStack;
let calendar: ConnectedCalendar;
beforeAll(async () => {
  stack = await startSyncStack();
  calendar = await connectCalendar(stack, { events: 4 });
  await connectCalendar(stack, { workspaceId: 'globex' });
  await stack.database.workspace.updateMany({ data: { createdAt: new Date('2026-11-30T20:00:00Z') } });
});
afterAll(() => stack.close());
beforeEach(async () => {
  await stack.setClock(EVENING);
  await stack.meter.flush();
  await stack.database.workspaceCalendarSyncLog.deleteMany();
  await stack.database.googleRequest.deleteMany();
  await stack.database.workspaceUsage.deleteMany();
});

const usageOf = async (workspaceId: string, from = '2026-11-28', to = '2026-12-02') =>
  (await listUsage(stack.database, { workspaceId, from, to, limit: 100 })).rows;

it('counts what syncs of a day of Pacific time asked and changed', async () => {
  await pullAll(stack, calendar.id, { mode: 'full' });
  await pullAll(stack, calendar.id);
  await stack.meter.flush();
  await storeUsage(stack.database, signal);
  const [before, ...days] = await usageOf('acme');
  expect(before).toMatchObject({
    day: '2026-11-30',
    calendars: null,
    events: null,
    syncs: 0,
    googleRequests: 0,
  });
  expect(days).toEqual([
    {
      day: '2026-12-01',
      workspaceId: 'acme',
      calendars: 1,
      events: 4,
      syncs: 2,
      changes: 4,
      eventWrites: 0,
      apiCalls: 0,
      deliveryAttempts: 0,
      deliveries: 0,
      temporalActions: 0,
      googleRequests: 2,
      googleMethods: { 'events.list': 2 },
    },
  ]);
  expect(await usageOf('globex')).toMatchObject([
    {},
    { day: '2026-12-01', syncs: 0, calendars: 1, events: 0 },
  ]);
});

it('counts again without counting twice, and keeps what retention has deleted', async () => {
  await pullAll(stack, calendar.id);
  await storeUsage(stack.database, signal);
  const before = await usageOf('acme');
  await storeUsage(stack.database, signal);
  expect(await usageOf('acme')).toEqual(before);
  await stack.setClock(LATER);
  await stack.database.workspaceCalendarSyncLog.deleteMany();
  await storeUsage(stack.database, signal);
  expect((await usageOf('acme')).slice(0, before.length)).toEqual(before);
});

it('is stored by the daily retention, before it deletes runs', async () => {
  await pullAll(stack, calendar.id);
  await runActivity(stack.activities.deleteExpired, { subject: 'run-log' as const });
  expect((await usageOf('acme')).at(-1)).toMatchObject({ day: '2026-12-01', syncs: 1 });
});

it('shows requests to Google of a day that is not stored yet', async () => {
  stack.meter.count(calendar.accountId, 'events.list');
  stack.meter.count(calendar.accountId, 'events.get');
  await stack.meter.flush();
  expect(await usageOf('acme')).toMatchObject([
    { day: '2026-12-01', syncs: 0, calendars: null, googleRequests: 2 },
  ]);
});

it('lists all workspaces page by page, in the order of days', async () => {
  for (const at of [EVENING, LATER]) {
    await stack.setClock(at);
    await storeUsage(stack.database, signal);
  }
  const seen: string[] = [];
  const range = { from: '2026-12-01', to: '2026-12-02' };
  let after: Awaited<ReturnType<typeof listUsage>>['cursor'];
  do {
    const page = await listUsage(stack.database, { ...range, after, limit: 1 });
    seen.push(...page.rows.map(({ day, workspaceId }) => `${day} ${workspaceId}`));
    after = page.cursor;
  } while (after !== undefined);
  expect(seen).toEqual(['2026-12-01 acme', '2026-12-01 globex', '2026-12-02 acme', '2026-12-02 globex']);
});

describe('what is counted while it happens', () => {
  it('is added to its day, beside what retention counts', async () => {
    stack.usage.count('acme', 'apiCalls');
    stack.usage.count('acme', 'temporalActions', 5);
    await stack.usage.flush();
    await pullAll(stack, calendar.id);
    await storeUsage(stack.database, signal);
    stack.usage.count('acme', 'apiCalls');
    await stack.usage.flush();
    await stack.usage.flush();
    expect((await usageOf('acme')).at(-1)).toMatchObject({
      day: '2026-12-01',
      syncs: 1,
      apiCalls: 2,
      temporalActions: 5,
    });
  });

  it('is stored by the next flush when Postgres refuses one', async () => {
    stack.usage.count('acme', 'deliveries');
    await stack.database.$executeRaw`alter table workspace_usage rename to elsewhere`;
    await expect(stack.usage.flush()).rejects.toThrow();
    await stack.database.$executeRaw`alter table elsewhere rename to workspace_usage`;
    stack.usage.count('acme', 'deliveries');
    await stack.usage.flush();
    expect(await usageOf('acme')).toMatchObject([{ day: '2026-12-01', deliveries: 2 }]);
  });

  it('is bounded, and leaves out workspaces that do not exist', async () => {
    const meter = createUsageMeter(stack.database, 2);
    for (const id of ['nowhere', 'acme', 'globex', 'acme']) meter.count(id, 'apiCalls');
    await meter.flush();
    expect(await usageOf('acme')).toMatchObject([{ apiCalls: 2 }]);
    expect(await usageOf('globex')).toEqual([]);
  });
});

it('is written as CSV, with an empty field for what was not counted', async () => {
  stack.meter.count(calendar.accountId, 'events.list');
  await stack.meter.flush();
  expect(usageCsv(await usageOf('acme'))).toBe(
    'day,workspaceId,calendars,events,syncs,changes,eventWrites,googleRequests,apiCalls,deliveryAttempts,deliveries,temporalActions\r\n2026-12-01,acme,,,0,0,0,1,0,0,0,0\r\n',
  );
});

it.each([
  ['a range that ends before it begins', { from: '2026-12-02', to: '2026-12-01' }],
  ['a range of all workspaces that is longer than 31 days', { from: '2026-11-01', to: '2026-12-02' }],
  ['a day that is none', { from: '2026-02-30', to: '2026-03-01' }],
])('refuses %s', async (_what, range) => {
  await expect(listUsage(stack.database, { ...range, limit: 1 })).rejects.toThrow(InvalidInputError);
});

it('refuses an unknown workspace', async () => {
  await expect(usageOf('nowhere')).rejects.toThrow(WorkspaceNotFoundError);
});
