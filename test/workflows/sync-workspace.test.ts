import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FailureType } from '../../contracts/failure-types.ts';
import { PriorityKey } from '../../contracts/priorities.ts';
import { SYNC_OUTCOME_ATTRIBUTE, WORKSPACE_ID_ATTRIBUTE } from '../../contracts/search-attributes.ts';
import { PROGRESS_QUERY, SYNC_REQUESTED_SIGNAL, type SyncProgress } from '../../contracts/sync.ts';
import { ageMissingCalendars } from '../support/missing-calendars.ts';
import { calendarRow, expectMirrorEqualsGoogle } from '../support/mirror.ts';
import { startServedStack, type WorkflowStack } from '../support/workflow-stack.ts';

let stack: WorkflowStack;
let workspaces = 0;

beforeAll(async () => {
  stack = await startServedStack();
});
afterAll(() => stack.close());

/** A workspace with one account; its primary calendar's Google ID is the address. */
async function connected(): Promise<{ id: string; google: string; accountId: string }> {
  workspaces += 1;
  const [id, google] = [`ws-${workspaces}`, `owner-${workspaces}@example.com`];
  return { id, google, accountId: await stack.connect(id, google) };
}

const lunch = {
  summary: 'Lunch',
  start: { dateTime: '2026-12-01T12:00:00Z' },
  end: { dateTime: '2026-12-01T13:00:00Z' },
};

/** Listings of a calendar that Google was asked for since. */
async function listings(google: string, since: string): Promise<number> {
  const requests = await stack.google.requests({ since });
  return requests.filter(({ path }) => decodeURIComponent(path).endsWith(`/${google}/events`)).length;
}

async function failureOf(result: Promise<unknown>): Promise<ApplicationFailure> {
  const error = await result.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(WorkflowFailedError);
  const { cause } = error as WorkflowFailedError;
  expect(cause).toBeInstanceOf(ApplicationFailure);
  return cause as ApplicationFailure;
}

describe('a sync', () => {
  it('lists a calendar in full the first time, then only its changes', async () => {
    const { id, google } = await connected();
    await stack.google.generateEvents(google, { count: 40, seed: 1 });
    const first = await stack.sync(id);
    const { id: calendarId } = await calendarRow(stack, google);
    expect(first).toMatchObject({
      workspaceId: id,
      success: true,
      calendars: [{ calendarId, mode: 'full' }],
    });
    await stack.google.insertEvent(google, lunch);
    expect((await stack.sync(id)).calendars).toEqual([
      { calendarId, mode: 'incremental', upserted: 1, deleted: 0, pages: 1 },
    ]);
    await expectMirrorEqualsGoogle(stack, google);
  });

  it('costs one activity per calendar when nothing has changed', async () => {
    const { id, google } = await connected();
    await stack.google.createCalendar(google, { summary: 'Second', timeZone: 'UTC' });
    await stack.sync(id);
    const handle = await stack.startSync({ workspaceId: id });
    await handle.result();
    const { events } = await handle.fetchHistory();
    const activities = events?.filter((event) => event.activityTaskScheduledEventAttributes);
    expect(
      activities?.map((event) => event.activityTaskScheduledEventAttributes?.activityType?.name),
    ).toEqual(['pullEventsPage', 'pullEventsPage']);
  });

  it('lists a calendar anew, in the same run, when its sync token has expired (pitfall 3)', async () => {
    const { id, google } = await connected();
    await stack.google.insertEvent(google, lunch);
    await stack.sync(id);
    const [event] = await stack.google.listEvents(google);
    await stack.google.deleteEvent(google, event!.id);
    await stack.google.expireSyncTokens(google);
    expect(await stack.sync(id)).toMatchObject({ success: true, calendars: [{ mode: 'full', deleted: 1 }] });
    await expectMirrorEqualsGoogle(stack, google);
    const state = await stack.database.calendarSyncState.findFirstOrThrow({ where: { workspaceId: id } });
    expect(state.tokenExpiries).toBe(1);
  });

  it('restarts the listing, and only that, when a page token dies', async () => {
    const { id, google } = await connected();
    await stack.google.generateEvents(google, { count: 30, seed: 2 });
    await stack.google.setPageShape({ maxPageSize: 10 });
    await stack.google.addFault({
      match: { calendarId: google, query: { pageToken: '*' } },
      times: 1,
      status: 400,
      reason: 'invalid',
    });
    expect(await stack.sync(id)).toMatchObject({ success: true, calendars: [{ mode: 'full' }] });
    await stack.google.setPageShape({ maxPageSize: 2500 });
    await expectMirrorEqualsGoogle(stack, google);
  });

  it('waits as long as Google asks when a rate limit is hit (pitfall 16)', async () => {
    const { id, google } = await connected();
    await stack.sync(id);
    await stack.google.addFault({
      match: { calendarId: google },
      times: 1,
      status: 403,
      reason: 'rateLimitExceeded',
      domain: 'usageLimits',
      retryAfterSeconds: 2,
    });
    const startedAt = Date.now();
    expect(await stack.sync(id)).toMatchObject({ success: true });
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(2_000);
  });

  it('syncs the other calendars when one fails, and says which and why', async () => {
    const { id, google } = await connected();
    const broken = await stack.google.createCalendar(google, { summary: 'Broken', timeZone: 'UTC' });
    await stack.sync(id);
    await stack.google.insertEvent(google, lunch);
    await stack.google.addFault({
      match: { calendarId: broken.id },
      times: 9,
      status: 403,
      reason: 'forbidden',
    });
    const handle = await stack.startSync({ workspaceId: id });
    const result = await handle.result();
    await stack.google.clearFaults();
    const brokenRow = await calendarRow(stack, broken.id);
    expect(result.success).toBe(false);
    expect(result.calendars).toContainEqual(
      expect.objectContaining({ calendarId: brokenRow.id, error: FailureType.googleForbidden }),
    );
    await expectMirrorEqualsGoogle(stack, google);
    const { typedSearchAttributes } = await handle.describe();
    expect(typedSearchAttributes.get(SYNC_OUTCOME_ATTRIBUTE)).toBe('partial');
    const state = await stack.database.calendarSyncState.findUniqueOrThrow({
      where: { calendarId: brokenRow.id },
    });
    expect(state).toMatchObject({ failures: 1, lastError: FailureType.googleForbidden });
    expect(await stack.sync(id)).toMatchObject({ success: true });
  });

  it('stops polling an account whose consent is revoked, and keeps its data (pitfall 19)', async () => {
    const { id, google, accountId } = await connected();
    await stack.google.insertEvent(google, lunch);
    await stack.sync(id);
    await stack.google.revokeGrant(google);
    expect(await stack.sync(id)).toMatchObject({ success: false });
    const account = await stack.database.calendarAuthToken.findUniqueOrThrow({ where: { id: accountId } });
    expect(account.status).toBe('needs_reconnect');
    const { id: calendarId } = await calendarRow(stack, google);
    const state = await stack.database.calendarSyncState.findUniqueOrThrow({ where: { calendarId } });
    expect(state.nextSyncAt).toBeNull();
    expect(state.syncToken).not.toBeNull();
    expect(await stack.database.calendarEvent.count({ where: { calendarId } })).toBe(1);
    expect(await stack.sync(id)).toMatchObject({
      success: false,
      accounts: [{ accountId, error: FailureType.googleAuthRevoked }],
    });
    await stack.connect(id, google);
    expect(await stack.sync(id)).toMatchObject({ success: true, calendars: [{ mode: 'incremental' }] });
  });

  it('drops a calendar that has left the account, and takes it up again when it returns', async () => {
    const { id, google, accountId } = await connected();
    const shared = `team-of-${id}@group.calendar.google.com`;
    await stack.google.createCalendar(google, {
      id: shared,
      summary: 'Team',
      timeZone: 'UTC',
      accessRole: 'reader',
    });
    await stack.google.insertEvent(shared, lunch);
    await stack.sync(id);
    await expectMirrorEqualsGoogle(stack, shared);
    const before = await calendarRow(stack, shared);

    const refresh = () =>
      stack.database.calendarAuthToken.update({
        where: { id: accountId },
        data: { calendarListDueAt: new Date(0) },
      });
    await stack.google.setAccessRole(google, shared, 'none');
    await refresh();
    await stack.sync(id);
    const kept = { where: { calendarId: before.id } };
    expect(await stack.database.workspaceCalendarEvent.count(kept)).toBeGreaterThan(0);
    await ageMissingCalendars(stack.database, accountId);
    await refresh();
    await stack.sync(id);
    const gone = await stack.database.calendar.findUniqueOrThrow({ where: { id: before.id } });
    expect(gone.status).toBe('removed');
    expect(await stack.database.workspaceCalendarEvent.count({ where: { calendarId: before.id } })).toBe(0);

    await stack.google.setAccessRole(google, shared, 'reader');
    await refresh();
    await stack.sync(id);
    expect((await calendarRow(stack, shared)).id).toBe(before.id);
    await expectMirrorEqualsGoogle(stack, shared);
  });
});

describe('a full listing that lacks much', () => {
  it('deletes nothing when the next one has it, and what both lack when it has gone', async () => {
    const { id, google } = await connected();
    await stack.google.generateEvents(google, { count: 12, recurringShare: 0, seed: 8 });
    await stack.sync(id);
    const ids = (await stack.google.listEvents(google)).map((event) => event.id);
    await stack.google.deleteEvent(google, ids[0]!);
    await stack.google.expireSyncTokens(google);
    await stack.google.addFault({
      match: { calendarId: google, withoutQuery: ['syncToken'] },
      times: 1,
      withoutItems: ids.slice(1, 6),
    });
    const since = new Date().toISOString();
    expect(await stack.sync(id)).toMatchObject({
      success: true,
      calendars: [{ mode: 'full', upserted: 0, deleted: 1 }],
    });
    expect(await listings(google, since)).toBe(3);
    await expectMirrorEqualsGoogle(stack, google);
  });
});

describe('messages', () => {
  it('pulls once more before it ends when it is signalled during a run', async () => {
    const { id, google } = await connected();
    await stack.sync(id);
    await stack.google.addFault({ match: { calendarId: google }, times: 1, delayMs: 1_000 });
    const since = new Date().toISOString();
    const handle = await stack.startSync({ workspaceId: id });
    await expect.poll(() => listings(google, since), { timeout: 5_000 }).toBe(1);
    await stack.google.insertEvent(google, lunch);
    await handle.signal(SYNC_REQUESTED_SIGNAL, { mode: 'incremental' });
    expect(await handle.result()).toMatchObject({ calendars: [{ upserted: 1, pages: 2 }] });
    await expectMirrorEqualsGoogle(stack, google);
  });

  it('has interactive priority from the moment of a request', async () => {
    const { id, google } = await connected();
    await stack.google.generateEvents(google, { count: 10, recurringShare: 0, seed: 3 });
    await stack.google.setPageShape({ maxPageSize: 5 });
    await stack.google.addFault({ match: { calendarId: google }, times: 1, delayMs: 1_500 });
    // A refusal ends what an activity lists at a stretch.
    await stack.google.addFault({ match: { calendarId: google }, times: 1, status: 503 });
    const handle = await stack.startSync({ workspaceId: id });
    await expect.poll(() => handle.query<SyncProgress>(PROGRESS_QUERY)).toMatchObject({ calendarsTotal: 1 });
    await handle.signal(SYNC_REQUESTED_SIGNAL, { mode: 'incremental' });
    await handle.result();
    await stack.google.setPageShape({ maxPageSize: 2_500 });
    const { events } = await handle.fetchHistory();
    const parts = (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: scheduled }) =>
      scheduled?.activityType?.name === 'pullEventsPage' ? [scheduled.priority?.priorityKey ?? 0] : [],
    );
    expect(parts).toEqual([0, PriorityKey.interactive, PriorityKey.interactive]);
  });

  it('makes one pass of a start and the signal that came with it', async () => {
    const { id, google } = await connected();
    await stack.sync(id);
    const since = new Date().toISOString();
    await (await stack.signalWithStart(id, { mode: 'incremental' })).result();
    expect(await listings(google, since)).toBe(1);
  });

  it('does a full sync that is asked for during an incremental one, before it ends', async () => {
    const { id, google } = await connected();
    await stack.sync(id);
    await stack.google.addFault({ match: { calendarId: google }, times: 1, delayMs: 1_000 });
    const since = new Date().toISOString();
    const running = await stack.startSync({ workspaceId: id });
    await expect.poll(() => listings(google, since), { timeout: 5_000 }).toBe(1);
    const joined = await stack.signalWithStart(id, { mode: 'full' });
    expect(joined.signaledRunId).toBe(running.firstExecutionRunId);
    expect(await joined.result()).toMatchObject({ success: true, calendars: [{ mode: 'full' }] });
  });

  it('syncs only the calendars that a signal names', async () => {
    const { id, google } = await connected();
    const other = await stack.google.createCalendar(google, { summary: 'Other', timeZone: 'UTC' });
    await stack.sync(id);
    await stack.google.addFault({ match: { calendarId: google }, times: 1, delayMs: 1_000 });
    const since = new Date().toISOString();
    const handle = await stack.startSync({ workspaceId: id });
    await expect.poll(() => listings(google, since), { timeout: 5_000 }).toBe(1);
    const { id: calendarId } = await calendarRow(stack, google);
    await handle.signal(SYNC_REQUESTED_SIGNAL, { mode: 'incremental', calendarIds: [calendarId] });
    await handle.result();
    expect(await listings(google, since)).toBe(2);
    expect(await listings(other.id, since)).toBe(1);
  });

  it('syncs only the calendars that its input names', async () => {
    const { id, google } = await connected();
    const other = await stack.google.createCalendar(google, { summary: 'Other', timeZone: 'UTC' });
    await stack.sync(id);
    const since = new Date().toISOString();
    const { id: calendarId } = await calendarRow(stack, google);
    await (await stack.startSync({ workspaceId: id, calendarIds: [calendarId] })).result();
    expect(await listings(google, since)).toBe(1);
    expect(await listings(other.id, since)).toBe(0);
  });

  it('syncs every calendar when a signal asks for it, though less was due', async () => {
    const { id, google } = await connected();
    const other = await stack.google.createCalendar(google, { summary: 'Other', timeZone: 'UTC' });
    await stack.sync(id);
    const { id: calendarId } = await calendarRow(stack, google);
    const since = new Date().toISOString();
    const targets = { calendarIds: [calendarId], accountIds: [] };
    await (await stack.startSync({ workspaceId: id, targets })).result();
    expect([await listings(google, since), await listings(other.id, since)]).toEqual([1, 0]);
    await (await stack.signalWithStart(id, { mode: 'incremental' }, { targets })).result();
    expect([await listings(google, since), await listings(other.id, since)]).toEqual([2, 1]);
  });

  it('ignores a signal that makes no sense', async () => {
    const { id } = await connected();
    const handle = await stack.startSync({ workspaceId: id });
    await handle.signal(SYNC_REQUESTED_SIGNAL, { mode: 'everything' });
    await handle.signal(SYNC_REQUESTED_SIGNAL, null);
    expect(await handle.result()).toMatchObject({ success: true });
  });

  it('tells its progress', async () => {
    const { id, google } = await connected();
    await stack.google.insertEvent(google, lunch);
    const handle = await stack.startSync({ workspaceId: id });
    await handle.result();
    expect(await handle.query<SyncProgress>(PROGRESS_QUERY)).toEqual({
      workspaceId: id,
      passes: 1,
      calendarsDone: 1,
      calendarsTotal: 1,
      pages: 1,
      upserted: 1,
      deleted: 0,
    });
  });
});

describe('untrusted input', () => {
  it.each([
    [undefined, 'workflow input'],
    [{}, 'workspaceId'],
    [{ workspaceId: 'no spaces allowed' }, 'workspaceId'],
    [{ workspaceId: 'x'.repeat(65) }, 'workspaceId'],
    [{ workspaceId: 'fine', source: 'nobody' }, 'source'],
    [{ workspaceId: 'fine', correlationId: 'a b' }, 'correlationId'],
    [{ workspaceId: 'fine', calendarIds: ['work'] }, 'calendarIds'],
  ])('fails at once on %j, naming the field', async (input, field) => {
    const failure = await failureOf((await stack.startSync(input)).result());
    expect(failure).toMatchObject({ type: FailureType.invalidInput, nonRetryable: true });
    expect(failure.message).toContain(field);
  });

  it('fails at once on a workspace that does not exist', async () => {
    const failure = await failureOf(stack.sync('nobody-here'));
    expect(failure).toMatchObject({ type: FailureType.workspaceNotFound, nonRetryable: true });
  });
});

describe('visibility', () => {
  it('is found by its workspace when it was started without search attributes', async () => {
    const { id } = await connected();
    const handle = await stack.startSync({ workspaceId: id });
    await handle.result();
    expect((await handle.describe()).typedSearchAttributes.get(WORKSPACE_ID_ATTRIBUTE)).toBe(id);
  });

  it('leaves no address, title or token in the history', async () => {
    const { id, google } = await connected();
    await stack.google.insertEvent(google, { ...lunch, summary: 'CANARY-TITLE', description: 'CANARY-TEXT' });
    const handle = await stack.startSync({ workspaceId: id });
    await handle.result();
    await stack.google.revokeGrant(google);
    const failed = await stack.startSync({ workspaceId: id });
    await failed.result();
    const grant = await stack.database.calendarAuthToken.findFirstOrThrow({ where: { email: google } });
    const state = await stack.database.calendarSyncState.findFirstOrThrow({ where: { workspaceId: id } });
    for (const one of [handle, failed]) {
      const history = Buffer.from(JSON.stringify(await one.fetchHistory(), decodeBytes)).toString();
      expect(history).toContain(id);
      expect(history).not.toMatch(/CANARY|@example\.com|ya29|Bearer/);
      expect(history).not.toContain(state.syncToken);
      expect(history).not.toContain(Buffer.from(grant.refreshToken).toString('base64'));
    }
  });
});

/** Payloads are bytes: without decoding them a scan would find nothing. */
function decodeBytes(_key: string, value: unknown): unknown {
  const bytes = value as { type?: string; data?: number[] } | Uint8Array | null;
  if (bytes instanceof Uint8Array) return Buffer.from(bytes).toString();
  if (typeof bytes === 'object' && bytes && 'type' in bytes && bytes.type === 'Buffer')
    return Buffer.from(bytes.data ?? []).toString();
  return value;
}
