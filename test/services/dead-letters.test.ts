import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAlmanacClient } from '../../client/almanac-client.ts';
import { discardDeadLetter, listDeadLetters } from '../../services/dead-letters.ts';
import { InvalidInputError, NotFoundError } from '../../services/errors.ts';
import { retryAllDeadLetters, retryDeadLetter } from '../../client/retry-dead-letters.ts';
import { FailureType } from '../../contracts/failure-types.ts';
import { RETRY_TABLE } from '../../contracts/retry-table.ts';
import { connectCalendar, type ConnectedCalendar } from '../support/connected-calendar.ts';
import { calendarRow } from '../support/mirror.ts';
import { pullAll, runActivity } from '../support/run-activity.ts';
import { runCli } from '../support/run-cli.ts';
import { startServedStack, type WorkflowStack } from '../support/workflow-stack.ts';

let stack: WorkflowStack;
let clients: Parameters<typeof retryAllDeadLetters>[0];
let env: Record<string, string>;
let workspaces = 0;

beforeAll(async () => {
  stack = await startServedStack();
  const { database, temporal, environment } = stack;
  clients = { database, almanac: createAlmanacClient({ temporal: temporal.client, database }) };
  env = { ...environment, TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: temporal.namespace };
});
afterAll(() => stack.close());

/** A calendar of a workspace of its own, synced once. */
async function syncedCalendar(): Promise<ConnectedCalendar & { workspaceId: string }> {
  workspaces += 1;
  const workspaceId = `workspace-${workspaces}`;
  const calendar = await connectCalendar(stack, { workspaceId, events: 3 });
  expect(await stack.sync(workspaceId)).toMatchObject({ success: true });
  return { ...calendar, workspaceId };
}

/** The next listing of a calendar fails for good. */
async function forbidOnce({ google, workspaceId }: { google: string; workspaceId: string }): Promise<void> {
  const fault = { times: 1, status: 403, reason: 'forbidden' };
  await stack.google.addFault({ match: { calendarId: google }, ...fault });
  await stack.sync(workspaceId);
}

async function onlyDeadLetter(workspaceId: string) {
  const deadLetters = await listDeadLetters(stack.database, { workspaceId, all: true });
  expect(deadLetters).toHaveLength(1);
  return deadLetters[0]!;
}

async function waitFor({ workflowId = '', runId = '' }): Promise<void> {
  await clients.almanac.waitForSync({ workflowId, runId });
}

describe('a dead letter', () => {
  it('says what failed, since when, and what to do', async () => {
    const calendar = await syncedCalendar();
    await forbidOnce(calendar);
    const deadLetter = await onlyDeadLetter(calendar.workspaceId);
    expect(deadLetter).toEqual({
      id: expect.any(String),
      workspaceId: calendar.workspaceId,
      calendarId: calendar.id,
      operation: 'sync',
      failureType: FailureType.googleForbidden,
      advice: RETRY_TABLE.GoogleForbidden.advice,
      status: 'open',
      attempts: 1,
      firstFailedAt: expect.any(String),
      lastFailedAt: expect.any(String),
      ageSeconds: expect.any(Number),
      workflowId: `calendar-sync/${calendar.workspaceId}`,
      runId: expect.any(String),
      correlationId: expect.any(String),
    });
    const now = new Date(Date.parse(deadLetter.firstFailedAt) + 90_000);
    const { workspaceId } = calendar;
    expect(await listDeadLetters(stack.database, { workspaceId, now })).toMatchObject([{ ageSeconds: 90 }]);
  });

  it('is listed while it is open, and with all the others afterwards', async () => {
    const calendar = await syncedCalendar();
    await forbidOnce(calendar);
    await stack.sync(calendar.workspaceId);
    const { workspaceId } = calendar;
    expect(await listDeadLetters(stack.database, { workspaceId })).toEqual([]);
    expect(await onlyDeadLetter(workspaceId)).toMatchObject({
      status: 'resolved',
      closedAt: expect.any(String),
    });
    await expect(listDeadLetters(stack.database, { workspaceId: 'nobody' })).rejects.toThrow(NotFoundError);
  });
});

describe('a retry', () => {
  it('syncs exactly the calendar that failed, and a success resolves the dead letter', async () => {
    const calendar = await syncedCalendar();
    await stack.google.createCalendar(calendar.google, { summary: 'Other', timeZone: 'UTC' });
    await forbidOnce(calendar);
    const deadLetter = await onlyDeadLetter(calendar.workspaceId);
    const retried = await retryDeadLetter(clients, deadLetter.id);
    expect(retried).toMatchObject({ id: deadLetter.id, calendarId: calendar.id, outcome: 'requested' });
    await waitFor(retried);
    expect(await onlyDeadLetter(calendar.workspaceId)).toMatchObject({ status: 'resolved' });
    const runs = await stack.database.workspaceCalendarSyncLog.findMany({ where: { runId: retried.runId } });
    expect(runs.map(({ calendarId, outcome }) => [calendarId, outcome])).toEqual([[calendar.id, 'success']]);
  });

  it('that fails again counts the dead letter up', async () => {
    const calendar = await syncedCalendar();
    await forbidOnce(calendar);
    const { id } = await onlyDeadLetter(calendar.workspaceId);
    const match = { calendarId: calendar.google };
    await stack.google.addFault({ match, times: 1, status: 403, reason: 'forbidden' });
    await waitFor(await retryDeadLetter(clients, id));
    expect(await onlyDeadLetter(calendar.workspaceId)).toMatchObject({ status: 'open', attempts: 2 });
  });

  it('of a calendar list reads the list of that account again', async () => {
    const { accountId, workspaceId } = await syncedCalendar();
    const data = { calendarListDueAt: new Date() };
    await stack.database.calendarAuthToken.update({ where: { id: accountId }, data });
    const match = { pathContains: '/users/me/calendarList' };
    await stack.google.addFault({ match, times: 1, status: 403, reason: 'insufficientPermissions' });
    await stack.sync(workspaceId);
    const deadLetter = await onlyDeadLetter(workspaceId);
    expect(deadLetter).toMatchObject({ operation: 'calendar-list', accountId, status: 'open' });
    await waitFor(await retryDeadLetter(clients, deadLetter.id));
    expect(await onlyDeadLetter(workspaceId)).toMatchObject({ status: 'resolved' });
  });

  it('of everything makes one request per workspace', async () => {
    const [one, two] = [await syncedCalendar(), await syncedCalendar()];
    const { id: second } = await stack.google.createCalendar(one.google, { summary: 'B', timeZone: 'UTC' });
    const { accountId, workspaceId } = one;
    const input = { workspaceId, accountId, correlationId: 'test' };
    await runActivity(stack.activities.refreshCalendarList, input);
    await pullAll(stack, (await calendarRow(stack, second)).id);
    for (const google of [one.google, second, two.google]) {
      const match = { calendarId: google };
      await stack.google.addFault({ match, times: 1, status: 403, reason: 'forbidden' });
    }
    await Promise.all([stack.sync(one.workspaceId), stack.sync(two.workspaceId)]);
    const mine = (deadLetter: { workspaceId?: string }) =>
      [one.workspaceId, two.workspaceId].includes(deadLetter.workspaceId ?? '');
    const retried = (await retryAllDeadLetters(clients)).filter(mine);
    expect(retried).toHaveLength(3);
    const runs = new Map(retried.map((deadLetter) => [deadLetter.runId ?? '', deadLetter]));
    expect(runs.size).toBe(2);
    for (const run of runs.values()) await waitFor(run);
    expect((await listDeadLetters(stack.database)).filter(mine)).toEqual([]);
  });
});

describe('revoked consent', () => {
  it('leaves one dead letter and the due list; reconnecting goes on from where the sync had stopped', async () => {
    const { google, workspaceId, accountId, id } = await syncedCalendar();
    const state = () => stack.database.calendarSyncState.findUniqueOrThrow({ where: { calendarId: id } });
    const { syncToken } = await state();
    await stack.google.revokeGrant(google);
    await stack.database.calendarAuthToken.update({
      where: { id: accountId },
      data: { accessToken: null, accessTokenExpiresAt: null, calendarListDueAt: new Date() },
    });
    await stack.sync(workspaceId);
    await stack.sync(workspaceId);
    const deadLetter = await onlyDeadLetter(workspaceId);
    expect(deadLetter).toMatchObject({
      operation: 'consent',
      accountId,
      failureType: FailureType.googleAuthRevoked,
      attempts: 1,
      status: 'open',
    });
    const due = await runActivity(stack.activities.listWorkspaces, {
      range: { after: null, upTo: null },
      dueAt: new Date(Date.now() + 86_400_000).toISOString(),
      limit: 1_000,
    });
    expect(due.map((workspace) => workspace.workspaceId)).not.toContain(workspaceId);
    expect(await retryDeadLetter(clients, deadLetter.id)).toEqual({
      id: deadLetter.id,
      workspaceId,
      operation: 'consent',
      outcome: 'needs-reconnect',
    });

    const { events } = await stack.google.generateEvents(google, { count: 2, recurringShare: 0, seed: 9 });
    await stack.connect(workspaceId, google);
    expect(await onlyDeadLetter(workspaceId)).toMatchObject({ status: 'resolved' });
    expect((await state()).syncToken).toBe(syncToken);
    expect(await stack.sync(workspaceId)).toMatchObject({
      success: true,
      calendars: [{ calendarId: id, mode: 'incremental', upserted: events }],
    });
  });
});

describe('a dead letter that is discarded', () => {
  it('is closed as such, and cannot be discarded or retried again', async () => {
    const calendar = await syncedCalendar();
    await forbidOnce(calendar);
    const { id } = await onlyDeadLetter(calendar.workspaceId);
    expect(await discardDeadLetter(stack.database, id)).toMatchObject({ id, status: 'discarded' });
    await expect(discardDeadLetter(stack.database, id)).rejects.toThrow('is already discarded');
    await expect(retryDeadLetter(clients, id)).rejects.toThrow('is already discarded');
    await stack.sync(calendar.workspaceId);
    expect(await onlyDeadLetter(calendar.workspaceId)).toMatchObject({ status: 'discarded' });
  });
});

describe('an ID that names no dead letter', () => {
  it.each(['', 'acme', '42'])('is refused as invalid where it cannot be one: %j', async (id) => {
    await expect(retryDeadLetter(clients, id)).rejects.toThrow(InvalidInputError);
    await expect(discardDeadLetter(stack.database, id)).rejects.toThrow(InvalidInputError);
  });

  it('is said to be unknown', async () => {
    const id = randomUUID();
    await expect(retryDeadLetter(clients, id)).rejects.toThrow(`No dead letter has the ID ${id}`);
  });
});

describe('almanac dead-letter', () => {
  it('lists, retries and discards', { tags: ['slow'] }, async () => {
    const calendar = await syncedCalendar();
    const { workspaceId } = calendar;
    const list = ['dead-letter', 'list', '--workspace', workspaceId];
    expect(await runCli(list, { env })).toMatchObject({ code: 0, stdout: 'There is no open dead letter.\n' });
    await forbidOnce(calendar);
    const { id } = await onlyDeadLetter(workspaceId);

    const { stdout: table } = await runCli(list, { env });
    for (const cell of [id, workspaceId, calendar.id, 'GoogleForbidden', '0 s', 'Share the calendar']) {
      expect(table.replaceAll(/\d+ s/g, '0 s')).toContain(cell);
    }
    const listed = await runCli([...list, '--json'], { env });
    expect(JSON.parse(listed.stdout)).toMatchObject([{ id, advice: RETRY_TABLE.GoogleForbidden.advice }]);

    const retried = await runCli(['dead-letter', 'retry', id], { env });
    expect(retried).toMatchObject({
      code: 0,
      stdout: `${id}: requested a sync of calendar ${calendar.id}, calendar-sync/${workspaceId}\n`,
    });
    await waitFor({ workflowId: `calendar-sync/${workspaceId}` });
    expect((await onlyDeadLetter(workspaceId)).status).toBe('resolved');

    await forbidOnce(calendar);
    const [open] = await listDeadLetters(stack.database, { workspaceId });
    const discarded = await runCli(['dead-letter', 'discard', open?.id ?? ''], { env });
    expect(discarded).toMatchObject({ code: 0, stdout: `Dead letter ${open?.id} is discarded.\n` });
    expect(await runCli(['dead-letter', 'discard', id], { env })).toMatchObject({
      code: 1,
      stderr: `Dead letter ${id} is already resolved.\n`,
    });
  });

  it.each([
    [['retry'], 2, 'id must be the UUID of a dead letter, or --all without any.'],
    [['retry', randomUUID(), '--all'], 2, 'id must be the UUID of a dead letter, or --all without any.'],
    [['retry', 'soon'], 2, 'id must be the UUID of a dead letter'],
    [['discard', 'soon'], 2, 'id must be the UUID of a dead letter'],
    [['discard', '11111111-1111-4111-8111-111111111111'], 1, 'No dead letter has the ID 11111111'],
    [['list', '--workspace', 'nobody'], 1, 'nobody'],
  ])('%j exits with %i, in one sentence', async (args, code, message) => {
    const result = await runCli(['dead-letter', ...args], { env });
    expect(result).toMatchObject({ code, stdout: '' });
    expect(result.stderr).toContain(message);
  });
});
