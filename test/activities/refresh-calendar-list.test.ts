import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FailureType } from '../../contracts/failure-types.ts';
import { expectMirrorEqualsGoogle } from '../support/mirror.ts';
import { pullAll, runActivity } from '../support/run-activity.ts';
import { startSyncStack, type SyncStack } from '../support/sync-stack.ts';

let stack: SyncStack;
let users = 0;

beforeAll(async () => {
  stack = await startSyncStack();
});
afterAll(() => stack.close());
afterEach(async () => {
  await stack.google.clearFaults();
  expect(stack.unexpected.splice(0)).toEqual([]);
});

interface Account {
  id: string;
  email: string;
  workspaceId: string;
}

async function connect(workspaceId = 'acme'): Promise<Account> {
  users += 1;
  const email = `user-${users}@example.com`;
  return { id: await stack.connect(workspaceId, email), email, workspaceId };
}

const refresh = ({ id: accountId, workspaceId }: Account, attempt = 1) =>
  runActivity(
    stack.activities.refreshCalendarList,
    { workspaceId, accountId, correlationId: 'order-1' },
    { attempt },
  );

/** Has the lists that lacked a calendar so far lie long enough back, and often enough, for the next one to remove it. */
async function refreshUntilRemoved(account: Account) {
  for (let look = 1; look < 3; look += 1) expect((await refresh(account)).removedCalendarIds).toEqual([]);
  await stack.database.$executeRaw`
    update calendars set missing_since = missing_since - interval '1 hour' where account_id = ${account.id}::uuid`;
  return refresh(account);
}

const calendars = ({ id: accountId }: Account) =>
  stack.database.calendar.findMany({
    where: { accountId },
    include: { syncState: true },
    orderBy: { googleCalendarId: 'asc' },
  });

const team = (account: Account, id: string, more = {}) =>
  stack.google.createCalendar(account.email, { id, summary: 'Team', timeZone: 'Asia/Tokyo', ...more });

const accountRow = ({ id }: Account) => stack.database.calendarAuthToken.findUniqueOrThrow({ where: { id } });

/** As a person does in Google's own sidebar. */
async function setHidden(
  account: Account,
  rows: readonly { googleCalendarId: string }[],
  hidden: boolean,
): Promise<void> {
  const grant = { ...(await accountRow(account)), accountId: account.id };
  const { signal } = new AbortController();
  const setOne = async (calendarId: string) =>
    stack.dependencies.google.call(grant, signal, 'calendarList.patch', (api, options) =>
      api.calendarList.patch({ calendarId, requestBody: { hidden } }, options),
    );
  for (const { googleCalendarId } of rows) await runActivity(setOne, googleCalendarId);
}

const calendar = async (googleCalendarId: string) =>
  stack.database.calendar.findFirstOrThrow({ where: { googleCalendarId }, include: { syncState: true } });

describe('calendars of an account', () => {
  it('are stored with their real ID, due at once', async () => {
    const account = await connect();
    await team(account, 'de#holiday@group.v.calendar.google.com', { accessRole: 'reader' });
    const { newCalendarIds, removedCalendarIds } = await refresh(account);
    const rows = await calendars(account);
    expect(newCalendarIds).toEqual(rows.map(({ id }) => id).toSorted());
    expect(removedCalendarIds).toEqual([]);
    expect(rows).toMatchObject([
      {
        googleCalendarId: 'de#holiday@group.v.calendar.google.com',
        timeZone: 'Asia/Tokyo',
        accessRole: 'reader',
        isPrimary: false,
        workspaceId: 'acme',
      },
      { googleCalendarId: account.email, timeZone: 'Europe/Berlin', accessRole: 'owner', isPrimary: true },
    ]);
    for (const { syncState } of rows) {
      expect(syncState?.workspaceId).toBe('acme');
      expect(syncState?.nextSyncAt?.getTime()).toBeLessThanOrEqual(Date.now());
    }
  });

  it('are listed again a day later, and not before', async () => {
    const account = await connect();
    await stack.setClock(new Date('2026-03-01T10:00:00Z'));
    await refresh(account);
    await stack.setClock(null);
    const { calendarListSyncedAt, calendarListDueAt, lastError } =
      await stack.database.calendarAuthToken.findUniqueOrThrow({ where: { id: account.id } });
    expect(calendarListSyncedAt!.toISOString()).toMatch(/^2026-03-01T10:0/);
    expect(calendarListDueAt!.getTime() - calendarListSyncedAt!.getTime()).toBe(24 * 3_600_000);
    expect(lastError).toBeNull();
    await stack.database.googleQuota.deleteMany();
  });

  it('are not new a second time, and keep their state', async () => {
    const account = await connect();
    await refresh(account);
    const { id } = await calendar(account.email);
    await pullAll(stack, id);
    const before = await calendar(account.email);
    expect(await refresh(account)).toEqual({ newCalendarIds: [], removedCalendarIds: [] });
    expect((await calendar(account.email)).syncState).toEqual(before.syncState);
  });

  it('take over what has changed in Google', async () => {
    const account = await connect();
    await team(account, 'team-changed');
    await refresh(account);
    await stack.google.setAccessRole(account.email, 'team-changed', 'freeBusyReader');
    await refresh(account);
    expect(await calendar('team-changed')).toMatchObject({ accessRole: 'freeBusyReader', status: 'active' });
    expect(await refresh(account)).toEqual({ newCalendarIds: [], removedCalendarIds: [] });
  });

  it('are listed anew in full when their role changes, for it decides what is seen', async () => {
    const account = await connect();
    await team(account, 'team-role');
    await team(account, 'team-role-same');
    await refresh(account);
    const [changed, same] = [await calendar('team-role'), await calendar('team-role-same')];
    for (const { id } of [changed, same]) await pullAll(stack, id);
    await stack.google.setAccessRole(account.email, 'team-role', 'reader');
    expect(await refresh(account)).toEqual({ newCalendarIds: [changed.id], removedCalendarIds: [] });
    expect((await calendar('team-role')).syncState?.syncToken).toBeNull();
    expect((await calendar('team-role-same')).syncState?.syncToken).not.toBeNull();
  });

  it('are left out while they are hidden', async () => {
    const account = await connect();
    await team(account, 'team-hidden', { hidden: true });
    await refresh(account);
    expect((await calendars(account)).map(({ googleCalendarId }) => googleCalendarId)).toEqual([
      account.email,
    ]);
  });

  it('leave at once that a person hides, the primary too, and the list stays whole', async () => {
    const account = await connect();
    await team(account, 'team-hides');
    await refresh(account);
    const rows = await calendars(account);
    await setHidden(account, rows, true);
    expect((await refresh(account)).removedCalendarIds).toEqual(rows.map(({ id }) => id).toSorted());
    expect(await accountRow(account)).toMatchObject({ calendarListIncompleteSince: null, lastError: null });
    await setHidden(account, rows, false);
    expect((await refresh(account)).newCalendarIds).toEqual(rows.map(({ id }) => id).toSorted());
  });

  it('are read page by page', async () => {
    const account = await connect();
    for (let index = 0; index < 255; index += 1) await team(account, `team-paged-${index}`);
    expect((await refresh(account)).newCalendarIds).toHaveLength(256);
    expect((await refresh(account)).removedCalendarIds).toEqual([]);
  });

  it('may be shared by accounts, each with a row of its own', async () => {
    const [one, two, elsewhere] = [await connect(), await connect(), await connect('beta')];
    for (const account of [one, two, elsewhere]) await team(account, 'team-shared');
    const listed = await Promise.all([one, two, elsewhere].map((account) => refresh(account)));
    expect(listed.map(({ newCalendarIds }) => newCalendarIds.length)).toEqual([2, 2, 2]);
    await stack.google.setAccessRole(two.email, 'team-shared', 'none');
    expect((await refreshUntilRemoved(two)).removedCalendarIds).toHaveLength(1);
    const rows = await stack.database.calendar.findMany({ where: { googleCalendarId: 'team-shared' } });
    expect(new Map(rows.map(({ accountId, status }) => [accountId, status]))).toEqual(
      new Map([
        [one.id, 'active'],
        [two.id, 'removed'],
        [elsewhere.id, 'active'],
      ]),
    );
  });
});

describe('a calendar that is gone', () => {
  it('loses its rows, is not due any more, and keeps its ID', async () => {
    const account = await connect();
    await team(account, 'gone@group.calendar.google.com');
    await refresh(account);
    await stack.google.generateEvents('gone@group.calendar.google.com', {
      count: 5,
      recurringShare: 0.5,
      seed: 1,
    });
    const { id } = await calendar('gone@group.calendar.google.com');
    await pullAll(stack, id);
    const events = await stack.database.calendarEvent.count({ where: { calendarId: id } });
    expect(events).toBeGreaterThan(0);

    await stack.google.removeCalendar('gone@group.calendar.google.com');
    expect(await refreshUntilRemoved(account)).toEqual({ newCalendarIds: [], removedCalendarIds: [id] });
    expect(await calendar('gone@group.calendar.google.com')).toMatchObject({
      id,
      status: 'removed',
      syncState: { syncToken: null, nextSyncAt: null, failures: 0, lastError: null },
    });
    expect(await stack.database.calendarEvent.count({ where: { calendarId: id } })).toBe(0);
    expect(await stack.database.workspaceCalendarEvent.count({ where: { calendarId: id } })).toBe(0);
    const logged = { calendarId: id, operation: 'delete', correlationId: 'order-1' };
    expect(await stack.database.calendarChange.count({ where: logged })).toBe(events);
    expect(await refresh(account)).toEqual({ newCalendarIds: [], removedCalendarIds: [] });
  });

  it('is synced anew when it returns, unless it is disabled', async () => {
    const account = await connect();
    await team(account, 'back@group.calendar.google.com');
    await team(account, 'team-back-disabled');
    await refresh(account);
    await stack.google.generateEvents('back@group.calendar.google.com', { count: 5, seed: 2 });
    const { id } = await calendar('back@group.calendar.google.com');
    const disabled = await calendar('team-back-disabled');
    await pullAll(stack, id);
    await stack.database.calendar.update({ where: { id: disabled.id }, data: { enabled: false } });
    for (const name of ['back@group.calendar.google.com', 'team-back-disabled'])
      await stack.google.setAccessRole(account.email, name, 'none');
    expect((await refreshUntilRemoved(account)).removedCalendarIds).toEqual([id, disabled.id].toSorted());

    for (const name of ['back@group.calendar.google.com', 'team-back-disabled'])
      await stack.google.setAccessRole(account.email, name, 'reader');
    expect(await refresh(account)).toEqual({ newCalendarIds: [id], removedCalendarIds: [] });
    expect((await calendar('back@group.calendar.google.com')).syncState?.nextSyncAt).not.toBeNull();
    expect((await calendar('team-back-disabled')).syncState?.nextSyncAt).toBeNull();
    expect(await pullAll(stack, id)).toMatchObject({ outcome: 'done', mode: 'full' });
    await expectMirrorEqualsGoogle(stack, 'back@group.calendar.google.com');
  });

  it('loses also the rows of a page that is being committed', async () => {
    const account = await connect();
    await team(account, 'team-racing');
    await refresh(account);
    const { id } = await calendar('team-racing');
    await stack.google.removeCalendar('team-racing');
    for (let look = 1; look < 3; look += 1) await refresh(account);
    await stack.database.calendar.update({
      where: { id },
      data: { missingSince: new Date(Date.now() - 3_600_000) },
    });
    const refreshed = await stack.database.$transaction(async (commit) => {
      await commit.$queryRaw`select from calendar_sync_states where calendar_id = ${id}::uuid for update`;
      const running = refresh(account);
      await expect.poll(waitingForLocks).toBeGreaterThan(0);
      await commit.$executeRaw`
        insert into calendar_events (calendar_id, google_event_id, kind, status, start_at, end_at, resource)
        values (${id}::uuid, 'late', 'single', 'confirmed', now(), now(), '{}')`;
      return { running };
    });
    expect(await refreshed.running).toMatchObject({ removedCalendarIds: [id] });
    expect(await stack.database.calendarEvent.count({ where: { calendarId: id } })).toBe(0);
  });

  it('takes the claim of a page that is being listed with it', async () => {
    const account = await connect();
    await team(account, 'late@group.calendar.google.com');
    await refresh(account);
    const { id } = await calendar('late@group.calendar.google.com');
    await stack.google.generateEvents('late@group.calendar.google.com', { count: 3, seed: 3 });
    const match = { calendarId: 'late@group.calendar.google.com' };
    await stack.google.addFault({ match, times: 1, afterCommit: true, delayMs: 400 });
    const since = new Date().toISOString();
    const listing = pullAll(stack, id);
    await expect.poll(async () => (await calendar(match.calendarId)).syncState?.fenceAttempt).toBe(1);
    await expect.poll(async () => (await stack.google.requests({ since })).length).toBeGreaterThan(0);
    await stack.google.setAccessRole(account.email, match.calendarId, 'none');
    await stack.database.calendar.update({
      where: { id },
      data: { missingLooks: 2, missingSince: new Date(Date.now() - 3_600_000) },
    });
    expect((await refresh(account)).removedCalendarIds).toContain(id);
    await expect(listing).rejects.toMatchObject({ type: FailureType.fenced });
    expect(await stack.database.calendarEvent.count({ where: { calendarId: id } })).toBe(0);
    expect((await calendar(match.calendarId)).syncState).toMatchObject({ syncToken: null, nextSyncAt: null });
  });

  it('comes due again after it was inaccessible while consent was revoked', async () => {
    const account = await connect();
    await refresh(account);
    const { id } = await calendar(account.email);
    await pullAll(stack, id);
    await stack.database.calendar.update({ where: { id }, data: { status: 'inaccessible' } });
    await stack.database.calendarSyncState.update({ where: { calendarId: id }, data: { nextSyncAt: null } });
    expect(await refresh(account)).toEqual({ newCalendarIds: [id], removedCalendarIds: [] });
    expect(await calendar(account.email)).toMatchObject({ status: 'active' });
    expect((await calendar(account.email)).syncState?.nextSyncAt).not.toBeNull();
  });
});

describe('an answer that lacks calendars', () => {
  it('removes one at once whose events Google has refused to list as well, but never with the primary missing', async () => {
    const account = await connect();
    await team(account, 'team-refused');
    await refresh(account);
    const { id } = await calendar('team-refused');
    await stack.database.calendar.update({ where: { id }, data: { status: 'inaccessible' } });
    await stack.google.removeCalendar('team-refused');
    await stack.google.addFault({ match: { pathContains: 'calendarList' }, times: 1, emptyItems: true });
    expect(await refresh(account)).toEqual({ newCalendarIds: [], removedCalendarIds: [] });
    expect(await refresh(account)).toEqual({ newCalendarIds: [], removedCalendarIds: [id] });
  });

  it('without the primary calendar removes nothing, however often it comes, and is asked for again in minutes', async () => {
    const account = await connect();
    await team(account, 'team-absent');
    await refresh(account);
    const { id } = await calendar(account.email);
    await stack.google.generateEvents(account.email, { count: 5, seed: 9 });
    await pullAll(stack, id);
    const events = await stack.database.calendarEvent.count({ where: { calendarId: id } });
    await stack.google.addFault({ match: { pathContains: 'calendarList' }, times: 5, emptyItems: true });
    for (let look = 0; look < 5; look += 1) {
      expect(await refresh(account)).toEqual({ newCalendarIds: [], removedCalendarIds: [] });
      await stack.database.calendar.updateMany({
        where: { accountId: account.id },
        data: { missingSince: new Date(Date.now() - 7_200_000) },
      });
    }
    expect(await stack.database.calendarEvent.count({ where: { calendarId: id } })).toBe(events);
    const { calendarListDueAt } = await stack.database.calendarAuthToken.findUniqueOrThrow({
      where: { id: account.id },
    });
    expect(calendarListDueAt!.getTime() - Date.now()).toBeLessThanOrEqual(5 * 60_000);
    await refresh(account);
    expect(await calendar(account.email)).toMatchObject({
      status: 'active',
      missingSince: null,
      missingLooks: 0,
    });
  });
});

describe('a list without the primary calendar', () => {
  const empty = { match: { pathContains: 'calendarList' }, emptyItems: true };
  const deadLetters = ({ id: accountId }: Account) =>
    stack.database.deadLetter.findMany({
      where: { accountId },
      select: { operation: true, failureType: true, status: true, attempts: true },
      orderBy: { firstFailedAt: 'asc' },
    });
  const anHourPasses = ({ id }: Account) => stack.database.$executeRaw`
    update calendar_auth_tokens
    set calendar_list_incomplete_since = calendar_list_incomplete_since - interval '1 hour' where id = ${id}::uuid`;

  it('is read again in minutes when it is the first one, too', async () => {
    const account = await connect();
    await stack.google.addFault({ ...empty, times: 1 });
    expect(await refresh(account)).toEqual({ newCalendarIds: [], removedCalendarIds: [] });
    const { calendarListDueAt, lastError } = await accountRow(account);
    expect(calendarListDueAt!.getTime() - Date.now()).toBeLessThanOrEqual(5 * 60_000);
    expect(lastError).toBeNull();
    expect((await refresh(account)).newCalendarIds).toHaveLength(1);
  });

  it('is a dead letter of the account when that lasts for an hour, until it is whole again', async () => {
    const account = await connect();
    await refresh(account);
    await stack.google.addFault({ ...empty, times: 4 });
    await refresh(account);
    await refresh(account);
    expect(await deadLetters(account)).toEqual([]);
    await anHourPasses(account);
    for (let look = 0; look < 2; look += 1) await refresh(account);
    const deadLetter = { operation: 'calendar-list', failureType: FailureType.googleListIncomplete };
    expect(await deadLetters(account)).toEqual([{ ...deadLetter, status: 'open', attempts: 2 }]);
    expect(await accountRow(account)).toMatchObject({ lastError: FailureType.googleListIncomplete });
    await refresh(account);
    expect(await deadLetters(account)).toEqual([{ ...deadLetter, status: 'resolved', attempts: 2 }]);
    expect(await accountRow(account)).toMatchObject({ calendarListIncompleteSince: null, lastError: null });
  });

  it('closes the dead letters about lists that could not be read at all', async () => {
    const account = await connect();
    await refresh(account);
    await stack.database.deadLetter.create({
      data: {
        workspaceId: account.workspaceId,
        accountId: account.id,
        operation: 'calendar-list',
        failureType: FailureType.googleUnavailable,
        workflowId: 'w',
        runId: 'r',
      },
    });
    await stack.google.addFault({ ...empty, times: 2 });
    await refresh(account);
    await anHourPasses(account);
    await refresh(account);
    expect(await deadLetters(account)).toMatchObject([
      { failureType: FailureType.googleUnavailable, status: 'resolved' },
      { failureType: FailureType.googleListIncomplete, status: 'open' },
    ]);
    await refresh(account);
  });
});

async function waitingForLocks(): Promise<number> {
  const [row] = await stack.database.$queryRaw<{ waiting: number }[]>`
    select count(*)::int as waiting from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`;
  return row?.waiting ?? 0;
}

describe('two refreshes at once', () => {
  it('end as one would', async () => {
    const account = await connect();
    await team(account, 'team-twice');
    const both = await Promise.all([refresh(account), refresh(account)]);
    expect(both.flatMap(({ newCalendarIds }) => newCalendarIds)).toHaveLength(2);
    expect(both.flatMap(({ removedCalendarIds }) => removedCalendarIds)).toEqual([]);
    expect((await calendars(account)).map(({ status }) => status)).toEqual(['active', 'active']);
  });
});

describe('a list that cannot be read', () => {
  it('changes nothing: neither a page that fails nor one that is cut short removes a calendar', async () => {
    const account = await connect();
    for (let index = 0; index < 255; index += 1) await team(account, `team-half-${index}`);
    await refresh(account);
    const before = await calendars(account);
    const second = { email: account.email, pathContains: 'calendarList' };
    await stack.google.addFault({ match: second, times: 1, delayMs: 0 });
    await stack.google.addFault({ match: second, times: 1, status: 503 });
    await expect(refresh(account)).rejects.toMatchObject({ type: FailureType.googleUnavailable });
    await stack.google.clearFaults();
    await stack.google.addFault({ match: second, times: 1, truncateBody: true });
    await expect(refresh(account)).rejects.toMatchObject({ nonRetryable: false });
    expect(await calendars(account)).toEqual(before);
  });

  it('is not asked for where consent is gone, or the account is another workspace’s', async () => {
    const account = await connect();
    await refresh(account);
    const since = new Date().toISOString();
    const nothing = { newCalendarIds: [], removedCalendarIds: [] };
    expect(await refresh({ ...account, workspaceId: 'beta' })).toEqual(nothing);
    await stack.database.calendarAuthToken.update({
      where: { id: account.id },
      data: { status: 'needs_reconnect' },
    });
    expect(await refresh(account)).toEqual(nothing);
    expect(await stack.google.requests({ since })).toEqual([]);
  });

  it('settles nothing when consent is being revoked at that moment', async () => {
    const account = await connect();
    await refresh(account);
    await team(account, 'team-too-late');
    let running: Promise<unknown> | undefined;
    await stack.database.$transaction(async (revocation) => {
      await revocation.calendarAuthToken.update({
        where: { id: account.id },
        data: { status: 'needs_reconnect' },
      });
      running = refresh(account);
      await expect.poll(waitingForLocks).toBeGreaterThan(0);
    });
    expect(await running).toEqual({ newCalendarIds: [], removedCalendarIds: [] });
    expect(await calendars(account)).toHaveLength(1);
  });

  it('settles nothing when consent is revoked while Google answers', async () => {
    const account = await connect();
    await stack.google.addFault({ match: { email: account.email }, times: 1, delayMs: 300 });
    const since = new Date().toISOString();
    const running = refresh(account);
    await expect.poll(async () => (await stack.google.requests({ since })).length).toBeGreaterThan(0);
    await stack.database.calendarAuthToken.update({
      where: { id: account.id },
      data: { status: 'needs_reconnect' },
    });
    expect(await running).toEqual({ newCalendarIds: [], removedCalendarIds: [] });
    expect(await calendars(account)).toEqual([]);
  });
});
