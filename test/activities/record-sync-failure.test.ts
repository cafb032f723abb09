import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createDatabaseActivities } from '../../activities/create-activities.ts';
import type { RecordSyncFailureInput } from '../../contracts/sync-activities.ts';
import { FailureType } from '../../contracts/failure-types.ts';
import { createPrismaClient } from '../../prisma/client.ts';
import { connectCalendar } from '../support/connected-calendar.ts';
import { calendarRow } from '../support/mirror.ts';
import { newRun, pullAll, pullPage, runActivity } from '../support/run-activity.ts';
import { startSyncStack, type SyncStack } from '../support/sync-stack.ts';

const NOW = new Date('2026-03-01T10:07:00Z');

let stack: SyncStack;

beforeAll(async () => {
  stack = await startSyncStack();
});
afterAll(() => stack.close());
afterEach(async () => {
  stack.clock.now = null;
  await stack.setClock(null);
  expect(stack.unexpected.splice(0)).toEqual([]);
});

async function record(
  input: Partial<RecordSyncFailureInput>,
  run = newRun(),
  recordSyncFailure = stack.activities.recordSyncFailure,
) {
  stack.clock.now = NOW;
  await stack.setClock(NOW);
  await runActivity(
    recordSyncFailure,
    {
      workspaceId: 'acme',
      source: 'schedule',
      correlationId: 'order-1',
      runStartedAt: run.runStartedAt,
      calendarId: null,
      accountId: null,
      mode: 'incremental',
      failureType: FailureType.googleUnavailable,
      ...input,
    },
    { run },
  );
  stack.clock.now = null;
  await stack.setClock(null);
}

const state = (calendarId: string) =>
  stack.database.calendarSyncState.findUniqueOrThrow({ where: { calendarId } });
const account = (id: string) => stack.database.calendarAuthToken.findUniqueOrThrow({ where: { id } });
const calendar = (id: string) => stack.database.calendar.findUniqueOrThrow({ where: { id } });
const log = (calendarId: string, runId: string) =>
  stack.database.workspaceCalendarSyncLog.findUniqueOrThrow({
    where: { calendarId_runId: { calendarId, runId } },
  });

describe('an outage of Postgres', () => {
  const failureType = FailureType.databaseUnavailable;

  it('is no failure of the calendar or the account that met it: what was due stays due', async () => {
    const { id: calendarId, accountId } = await connectCalendar(stack);
    await stack.database.calendarAuthToken.update({
      where: { id: accountId },
      data: { calendarListDueAt: new Date(0) },
    });
    const before = [await state(calendarId), await account(accountId)];
    await record({ calendarId, failureType });
    await record({ accountId, failureType });
    expect([await state(calendarId), await account(accountId)]).toEqual(before);
    expect(await stack.database.deadLetter.count({ where: { failureType } })).toBe(0);
  });

  it('ends what the run has logged', async () => {
    const { id: calendarId, google } = await connectCalendar(stack);
    await stack.google.generateEvents(google, { count: 12, recurringShare: 0, seed: 1 });
    await stack.google.setPageShape({ maxPageSize: 5 });
    const run = newRun();
    await pullPage(stack, calendarId, { run });
    await stack.google.setPageShape({ maxPageSize: 2500 });
    await record({ calendarId, failureType }, run);
    expect(await log(calendarId, run.runId)).toMatchObject({ outcome: 'failed', failureType, pages: 1 });
  });

  it('keeps no run waiting while it lasts', async () => {
    const { id: calendarId } = await connectCalendar(stack);
    const database = createPrismaClient({ databaseUrl: 'postgresql://a:b@127.0.0.1:1/c', poolSize: 1 });
    const { recordSyncFailure } = createDatabaseActivities({ ...stack.dependencies, database });
    await record({ calendarId, failureType }, newRun(), recordSyncFailure);
    await database.$disconnect();
  });
});

describe('a calendar that failed', () => {
  it('backs off from tick to tick, and recovers with the next success', async () => {
    const { id: calendarId } = await connectCalendar(stack);
    const due: (string | undefined)[] = [];
    for (let time = 0; time < 3; time += 1) {
      await record({ calendarId });
      due.push((await state(calendarId)).nextSyncAt?.toISOString());
    }
    expect(due).toEqual(['2026-03-01T10:15:00.000Z', '2026-03-01T10:30:00.000Z', '2026-03-01T11:00:00.000Z']);
    expect(await state(calendarId)).toMatchObject({
      failures: 3,
      lastError: FailureType.googleUnavailable,
      lastErrorAt: NOW,
    });
    await pullAll(stack, calendarId);
    expect(await state(calendarId)).toMatchObject({ failures: 0, lastError: null, lastErrorAt: null });
  });

  it('is in the run log, with what it had done before', async () => {
    const { id: calendarId, google } = await connectCalendar(stack);
    await stack.google.generateEvents(google, { count: 12, recurringShare: 0, seed: 1 });
    await stack.google.setPageShape({ maxPageSize: 5 });
    const run = newRun();
    await pullPage(stack, calendarId, { run });
    await stack.google.setPageShape({ maxPageSize: 2500 });
    await record({ calendarId }, run);
    expect(await log(calendarId, run.runId)).toMatchObject({
      outcome: 'failed',
      failureType: FailureType.googleUnavailable,
      mode: 'full',
      pages: 1,
      upserted: 5,
      finishedAt: NOW,
    });
    await pullAll(stack, calendarId, { run, listing: 1 });
    expect(await log(calendarId, run.runId)).toMatchObject({ outcome: 'success', failureType: null });
  });

  it('is in the run log also where not one page was read', async () => {
    const { id: calendarId } = await connectCalendar(stack);
    const run = newRun();
    await record({ calendarId }, run);
    expect(await log(calendarId, run.runId)).toMatchObject({
      outcome: 'failed',
      workspaceId: 'acme',
      workflowId: 'calendar-sync/acme',
      correlationId: 'order-1',
      source: 'schedule',
      mode: 'incremental',
      pages: 0,
    });
  });

  it('keeps its account, its data and its sync token', async () => {
    const { id: calendarId, google, accountId } = await connectCalendar(stack);
    await stack.google.generateEvents(google, { count: 5, seed: 1 });
    await pullAll(stack, calendarId);
    const before = await state(calendarId);
    const accountBefore = await account(accountId);
    await record({ calendarId });
    expect((await state(calendarId)).syncToken).toBe(before.syncToken);
    expect(await stack.database.calendarEvent.count({ where: { calendarId } })).toBe(5);
    expect(await account(accountId)).toEqual(accountBefore);
    expect((await calendar(calendarId)).status).toBe('active');
  });

  it('that was disabled meanwhile stays disabled', async () => {
    const { id: calendarId } = await connectCalendar(stack);
    await stack.database.calendarSyncState.update({ where: { calendarId }, data: { nextSyncAt: null } });
    await record({ calendarId });
    expect(await state(calendarId)).toMatchObject({ failures: 1, nextSyncAt: null });
  });

  it.each([
    ['of its account', (accountId: string) => accountId],
    ['of the project', () => 'project'],
  ])('is due again when the block %s has ended, where that is later', async (_whose, scopeOf) => {
    const { id: calendarId, accountId } = await connectCalendar(stack);
    const block = { scope: scopeOf(accountId), blockedUntil: new Date('2026-03-01T12:01:00Z') };
    await stack.database.googleQuota.upsert({ where: { scope: block.scope }, create: block, update: block });
    await record({ calendarId, failureType: FailureType.googleRateLimited });
    expect((await state(calendarId)).nextSyncAt).toEqual(new Date('2026-03-01T12:15:00Z'));
    await stack.database.googleQuota.delete({ where: { scope: block.scope } });
  });

  it('that is gone records no failure', async () => {
    await record({ calendarId: '00000000-0000-4000-8000-000000000000' });
  });
});

describe.each([FailureType.googleNotFound, FailureType.googleForbidden])('%s', (failureType) => {
  it('makes a calendar inaccessible, and has the calendar list looked at with the next tick', async () => {
    const { id: calendarId, accountId } = await connectCalendar(stack);
    const other = await connectCalendar(stack);
    await record({ calendarId, failureType });
    expect((await calendar(calendarId)).status).toBe('inaccessible');
    const { status, calendarListDueAt } = await account(accountId);
    expect(status).toBe('connected');
    expect(Math.abs(calendarListDueAt!.getTime() - NOW.getTime())).toBeLessThan(60_000);
    expect((await state(calendarId)).nextSyncAt).toEqual(new Date('2026-03-01T10:15:00Z'));
    expect((await calendar(other.id)).status).toBe('active');
  });

  it('is over as soon as the calendar can be listed again', async () => {
    const { id: calendarId } = await connectCalendar(stack);
    await record({ calendarId, failureType });
    await pullAll(stack, calendarId);
    expect((await calendar(calendarId)).status).toBe('active');
  });
});

describe('revoked consent', () => {
  it('takes every calendar of the account out of the schedule, and no other', async () => {
    const { id: calendarId, accountId, google } = await connectCalendar(stack);
    const other = await connectCalendar(stack);
    await stack.google.createCalendar(google, { id: 'second', summary: 'Second', timeZone: 'UTC' });
    await runActivity(stack.activities.refreshCalendarList, {
      workspaceId: 'acme',
      accountId,
      correlationId: 'order-1',
    });
    const second = await calendarRow(stack, 'second');
    await pullAll(stack, calendarId);
    expect((await account(accountId)).accessToken).not.toBeNull();

    await record({ calendarId, failureType: FailureType.googleAuthRevoked });
    expect(await account(accountId)).toMatchObject({
      status: 'needs_reconnect',
      lastError: FailureType.googleAuthRevoked,
      accessToken: null,
      accessTokenExpiresAt: null,
    });
    expect((await state(calendarId)).nextSyncAt).toBeNull();
    expect((await state(calendarId)).syncToken).not.toBeNull();
    expect((await state(second.id)).nextSyncAt).toBeNull();
    expect((await state(other.id)).nextSyncAt).not.toBeNull();
    expect((await account(other.accountId)).status).toBe('connected');
  });

  it('is recorded on the account alone where no calendar was asked for', async () => {
    const { id: calendarId, accountId } = await connectCalendar(stack);
    await record({ accountId, failureType: FailureType.googleAuthRevoked });
    expect((await account(accountId)).status).toBe('needs_reconnect');
    expect(await state(calendarId)).toMatchObject({ nextSyncAt: null, failures: 0 });
  });

  it('shows in a listing as what it is, not as an expired sync token', async () => {
    const { id: calendarId, google } = await connectCalendar(stack);
    await pullAll(stack, calendarId);
    await stack.google.revokeGrant(google);
    await expect(pullPage(stack, calendarId)).rejects.toMatchObject({
      type: FailureType.googleAuthRevoked,
      nonRetryable: true,
    });
  });
});

it('tries an account whose calendar list failed again with the next tick', async () => {
  const { id: calendarId, accountId } = await connectCalendar(stack);
  const before = await state(calendarId);
  await record({ accountId });
  expect(await account(accountId)).toMatchObject({
    status: 'connected',
    lastError: FailureType.googleUnavailable,
    calendarListDueAt: new Date('2026-03-01T10:15:00Z'),
  });
  expect(await state(calendarId)).toEqual(before);
});

it.each([FailureType.googleAuthRevoked, FailureType.googleUnavailable])(
  'leaves an account as it is that was disconnected meanwhile: %s',
  async (failureType) => {
    const { id: calendarId, accountId } = await connectCalendar(stack);
    await stack.database.calendarAuthToken.update({
      where: { id: accountId },
      data: { status: 'disconnected', refreshToken: new Uint8Array() },
    });
    const before = { account: await account(accountId), state: await state(calendarId) };
    const run = newRun();
    await record({ calendarId, failureType }, run);
    await record({ accountId, failureType });
    expect({ account: await account(accountId), state: await state(calendarId) }).toEqual(before);
    expect(await stack.database.deadLetter.count({ where: { OR: [{ calendarId }, { accountId }] } })).toBe(0);
    expect(await log(calendarId, run.runId)).toMatchObject({ outcome: 'failed', failureType });
  },
);
