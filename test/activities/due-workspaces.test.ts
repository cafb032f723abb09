import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { runActivity } from '../support/run-activity.ts';
import { startSyncStack, type SyncStack } from '../support/sync-stack.ts';

const DUE_AT = '2026-03-01T10:00:00.000Z';
const BEFORE = '2026-03-01T09:45:00.000Z';
const AFTER = '2026-03-01T10:15:00.000Z';

let stack: SyncStack;

beforeAll(async () => {
  stack = await startSyncStack();
  await stack.setClock(new Date(DUE_AT));
});
afterAll(() => stack.close());
afterEach(async () => {
  await stack.database.workspace.deleteMany();
  expect(stack.unexpected.splice(0)).toEqual([]);
});

interface AccountPlan {
  status?: string;
  listDueAt?: string | null;
  /** Due times of its calendars; null is not polled. */
  calendars?: (string | null)[];
}

/** Rows of a workspace as syncs leave them; an account is connected, with a calendar list that is fresh. */
async function workspace(id: string, ...accounts: AccountPlan[]) {
  const { database } = stack;
  await database.workspace.create({ data: { id, timeZone: 'UTC' } });
  const made: { accountId: string; calendarIds: string[] }[] = [];
  for (const { status = 'connected', listDueAt = AFTER, calendars = [] } of accounts) {
    const accountId = randomUUID();
    await database.calendarAuthToken.create({
      data: {
        id: accountId,
        workspaceId: id,
        email: accountId,
        status,
        keyId: 'key',
        refreshToken: new Uint8Array(),
        calendarListDueAt: listDueAt,
      },
    });
    const rows = calendars.map((nextSyncAt) => ({ calendarId: randomUUID(), nextSyncAt }));
    await database.calendar.createMany({
      data: rows.map(({ calendarId }) => ({
        id: calendarId,
        workspaceId: id,
        accountId,
        googleCalendarId: calendarId,
        summary: '',
        timeZone: 'UTC',
        accessRole: 'owner',
      })),
    });
    await database.calendarSyncState.createMany({ data: rows.map((row) => ({ ...row, workspaceId: id })) });
    made.push({ accountId, calendarIds: rows.map(({ calendarId }) => calendarId).toSorted() });
  }
  return made;
}

const partition = (dueAt: string | null) => runActivity(stack.activities.partitionWorkspaces, { dueAt });
const list = (dueAt: string | null, range = { after: null, upTo: null } as Range, limit = 100) =>
  runActivity(stack.activities.listWorkspaces, { range, dueAt, limit });

interface Range {
  after: string | null;
  upTo: string | null;
}

/** Every page of a range, as a partition reads them. */
async function listAll(dueAt: string | null, range: Range, limit: number): Promise<string[]> {
  const ids: string[] = [];
  for (let { after } = range; ;) {
    const page = await list(dueAt, { ...range, after }, limit);
    ids.push(...page.map(({ workspaceId }) => workspaceId));
    after = ids.at(-1) ?? null;
    if (page.length < limit) return ids;
  }
}

async function idsWithin(after: string | null, upTo: string | null): Promise<string[]> {
  return (await list(DUE_AT, { after, upTo })).map(({ workspaceId }) => workspaceId);
}

describe('the workspaces of a fan-out', () => {
  it('are those with something due, each with just that', async () => {
    const [due] = await workspace('due', { calendars: [BEFORE, AFTER, DUE_AT, null] });
    const [listDue] = await workspace('list-due', { listDueAt: BEFORE, calendars: [AFTER] });
    await workspace('not-due', { calendars: [AFTER] });
    await workspace('disabled', { calendars: [null] });
    await workspace('needs-reconnect', { status: 'needs_reconnect', listDueAt: BEFORE, calendars: [null] });
    await workspace('disconnected', { status: 'disconnected', listDueAt: BEFORE });
    await workspace('never-listed', { listDueAt: null });
    await workspace('without-accounts');
    const dueIds = await stack.database.calendarSyncState.findMany({
      where: { workspaceId: 'due', nextSyncAt: { lte: DUE_AT } },
    });
    expect(await list(DUE_AT)).toEqual([
      {
        workspaceId: 'due',
        targets: { calendarIds: dueIds.map(({ calendarId }) => calendarId).toSorted(), accountIds: [] },
      },
      { workspaceId: 'list-due', targets: { calendarIds: [], accountIds: [listDue?.accountId] } },
    ]);
    expect(dueIds).toHaveLength(2);
    expect(due?.calendarIds).toHaveLength(4);
    expect(await partition(DUE_AT)).toEqual([
      { after: null, upTo: 'list-due', workspaces: expect.any(Number) },
    ]);
  });

  it('are all with a usable account where due does not count, and look for themselves', async () => {
    await workspace('not-due', { calendars: [AFTER] });
    await workspace('without-calendars', {});
    await workspace('needs-reconnect', { status: 'needs_reconnect', calendars: [null] });
    expect(await list(null)).toEqual([
      { workspaceId: 'not-due', targets: null },
      { workspaceId: 'without-calendars', targets: null },
    ]);
    expect(await partition(null)).toEqual([
      { after: null, upTo: 'without-calendars', workspaces: expect.any(Number) },
    ]);
  });

  it('look for themselves where they are many calendars, so that a page stays small', async () => {
    const [few, many] = [50, 51].map((count) => Array<string>(count).fill(BEFORE));
    await workspace('few', { calendars: few! });
    await workspace('many', { calendars: many! });
    for (let index = 0; index < 20; index += 1) await workspace(`more-${index}`, { calendars: few! });
    const page = await list(DUE_AT);
    expect(page.find(({ workspaceId }) => workspaceId === 'few')?.targets?.calendarIds).toHaveLength(50);
    expect(page.find(({ workspaceId }) => workspaceId === 'many')?.targets).toBeNull();
    // Temporal allows 2 MB for a result; a page has 200 workspaces.
    expect((Buffer.byteLength(JSON.stringify(page)) / page.length) * 200).toBeLessThan(500_000);
  });

  it('begin with the one that has been due for longest, and end with those before it', async () => {
    const LONG_BEFORE = '2026-03-01T09:00:00.000Z';
    for (const id of ['a', 'b', 'c', 'd'])
      await workspace(id, { calendars: [id === 'c' ? LONG_BEFORE : BEFORE] });
    expect(await partition(DUE_AT)).toEqual([{ after: null, upTo: 'd', startAfter: 'b', workspaces: 4 }]);
  });

  it('are none where nothing is due', async () => {
    await workspace('not-due', { calendars: [AFTER] });
    expect(await partition(DUE_AT)).toEqual([]);
    expect(await list(DUE_AT)).toEqual([]);
  });

  it('lie after the start of a range, up to and with its end', async () => {
    for (const id of ['a', 'b', 'c', 'd']) await workspace(id, { calendars: [BEFORE] });
    expect(await idsWithin(null, 'b')).toEqual(['a', 'b']);
    expect(await idsWithin('b', 'd')).toEqual(['c', 'd']);
    expect(await idsWithin('b', null)).toEqual(['c', 'd']);
    expect(await idsWithin('d', null)).toEqual([]);
  });

  it('are cut into at most sixteen ranges of fifty or more', { tags: ['slow'] }, async () => {
    await stack.database.$executeRaw`
      insert into workspaces (id, time_zone) select 'w-' || n, 'UTC' from generate_series(1, 9500) n`;
    await stack.database.$executeRaw`
      insert into calendar_auth_tokens (workspace_id, email, key_id, refresh_token, calendar_list_due_at)
      select id, id, 'key', '', ${DUE_AT}::timestamptz from workspaces`;
    const ranges = await partition(DUE_AT);
    expect(ranges).toHaveLength(16);
    expect(ranges[0]?.after).toBeNull();
    const counts = await Promise.all(ranges.map((range) => listAll(DUE_AT, range, 2_000)));
    expect(new Set(counts.flat()).size).toBe(9_500);
    for (const ids of counts) expect(Math.abs(ids.length - 9_500 / 16)).toBeLessThan(2);
    expect(ranges.map(({ workspaces }) => workspaces)).toEqual(counts.map((ids) => ids.length));
    await stack.database.$executeRaw`delete from workspaces where substr(id, 3)::int > 82`;
    expect((await partition(DUE_AT)).map(({ workspaces }) => workspaces)).toEqual([41, 41]);
  });

  it('are each listed exactly once, whatever the data and the page size', async () => {
    const times = fc.constantFrom(BEFORE, DUE_AT, AFTER, null);
    const account = fc.record({
      status: fc.constantFrom('connected', 'needs_reconnect'),
      listDueAt: times,
      calendars: fc.array(times, { maxLength: 3 }),
    });
    const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,6}$/);
    const plans = fc.dictionary(id, fc.array(account, { maxLength: 2 }), {
      maxKeys: 12,
      noNullPrototype: true,
    });
    const isDue = (time: string | null | undefined) => typeof time === 'string' && time <= DUE_AT;
    await fc.assert(
      fc.asyncProperty(plans, fc.integer({ min: 1, max: 5 }), async (planned, limit) => {
        for (const [name, accounts] of Object.entries(planned)) await workspace(name, ...accounts);
        const due = Object.entries(planned).filter(([, accounts]) =>
          accounts.some(
            ({ status, listDueAt, calendars }) =>
              (status === 'connected' && isDue(listDueAt)) || calendars.some(isDue),
          ),
        );
        const ranges = await partition(DUE_AT);
        const pages = await Promise.all(ranges.map((range) => listAll(DUE_AT, range, limit)));
        expect(pages.flat().toSorted()).toEqual(due.map(([name]) => name).toSorted());
        await stack.database.workspace.deleteMany();
      }),
      { numRuns: 25 },
    );
  });
});

describe('the targets of a sync that was asked for', () => {
  it('are all usable calendars, due or not, and the accounts whose list is due', async () => {
    const [one, two, gone] = await workspace(
      'acme',
      { calendars: [AFTER, null] },
      { listDueAt: BEFORE, calendars: [BEFORE] },
      { status: 'needs_reconnect', calendars: [null] },
    );
    const [disabled, removed] = one!.calendarIds;
    await stack.database.calendar.update({ where: { id: disabled! }, data: { enabled: false } });
    const load = () => runActivity(stack.activities.loadSyncTargets, { workspaceId: 'acme' });
    expect(await load()).toEqual({
      calendarIds: [removed!, ...two!.calendarIds].toSorted(),
      accountIds: [two!.accountId],
      disconnectedAccountIds: [gone!.accountId],
    });
    await stack.database.calendar.update({ where: { id: removed! }, data: { status: 'removed' } });
    expect((await load()).calendarIds).toEqual(two!.calendarIds);
    await stack.database.calendar.update({
      where: { id: two!.calendarIds[0]! },
      data: { status: 'inaccessible' },
    });
    // It is tried: access may be back.
    expect((await load()).calendarIds).toEqual(two!.calendarIds);
  });

  it('are none of a workspace that does not exist', async () => {
    await expect(
      runActivity(stack.activities.loadSyncTargets, { workspaceId: 'nobody' }),
    ).rejects.toMatchObject({ type: 'WorkspaceNotFound', nonRetryable: true });
  });
});
