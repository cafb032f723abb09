import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AlmanacClient, createAlmanacClient, failureOf } from '../../client/almanac-client.ts';
import { InvalidInputError, NotFoundError } from '../../services/errors.ts';
import { WorkflowNotFoundError } from '@temporalio/client';
import { startSyncStack, type SyncStack } from '../support/sync-stack.ts';
import { connectTestTemporal, type TestTemporal, withWorkers } from '../support/temporal.ts';

let temporal: TestTemporal;
let stack: SyncStack;
let almanac: AlmanacClient;
beforeAll(async () => {
  [temporal, stack] = await Promise.all([connectTestTemporal(), startSyncStack()]);
  almanac = createAlmanacClient({ temporal: temporal.client, database: stack.database });
});
afterAll(() => Promise.all([temporal.close(), stack.close()]));

const withSync = <T>(work: () => Promise<T>) => withWorkers(temporal, { activities: stack.activities }, work);

/** Makes the calendar list one that was read so long ago, and is due tomorrow. */
const listReadAgo = (accountId: string, seconds: number) => stack.database.$executeRaw`
  update calendar_auth_tokens set calendar_list_synced_at = now() - make_interval(secs => ${seconds}::int),
    calendar_list_due_at = now() + interval '1 day' where id = ${accountId}::uuid`;

async function isListDue(id: string): Promise<boolean> {
  const { calendarListDueAt } = await stack.database.calendarAuthToken.findUniqueOrThrow({ where: { id } });
  return calendarListDueAt!.getTime() < Date.now() + 60_000;
}

describe('a requested sync', () => {
  it('is found by workspace and mode, and has the priority of a person who waits', async () => {
    await stack.connect('found', 'found@example.com');
    const { workflowId, runId } = await almanac.requestSync({ workspaceId: 'found', mode: 'full' });
    expect(workflowId).toBe('calendar-sync/found');
    const { type, typedSearchAttributes, priority, raw } = await temporal.client.workflow
      .getHandle(workflowId, runId)
      .describe();
    expect(type).toBe('fullSync');
    expect(typedSearchAttributes.getAll()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ value: 'found', key: expect.objectContaining({ name: 'WorkspaceId' }) }),
        expect.objectContaining({ value: 'full', key: expect.objectContaining({ name: 'SyncMode' }) }),
      ]),
    );
    expect(priority).toMatchObject({ priorityKey: 1, fairnessKey: 'found' });
    expect(raw.executionConfig?.taskQueue?.name).toBe('calendar-sync');
  });

  it('joins a run that is open: its result covers both requests', async () => {
    await stack.connect('joined', 'joined@example.com');
    const { events } = await stack.google.generateEvents('joined@example.com', { count: 5, seed: 1 });
    const first = await almanac.requestSync({ workspaceId: 'joined' });
    const second = await almanac.requestSync({ workspaceId: 'joined', mode: 'full' });
    expect(second.runId).toBe(first.runId);
    const result = await withSync(() => almanac.waitForSync(second));
    expect(result).toMatchObject({
      workspaceId: 'joined',
      success: true,
      calendars: [{ mode: 'full', upserted: events, deleted: 0 }],
    });
  });

  it('tells how far it is while it runs, and after', async () => {
    await stack.connect('progress', 'progress@example.com');
    await withSync(async () => {
      const run = await almanac.requestSync({ workspaceId: 'progress' });
      await almanac.waitForSync(run);
      expect(await almanac.syncProgress('progress')).toMatchObject({
        workspaceId: 'progress',
        calendarsDone: 1,
        calendarsTotal: 1,
      });
    });
    await expect(almanac.syncProgress('nobody')).rejects.toThrow(WorkflowNotFoundError);
  });

  it('has the calendar list read anew: all is back after a list that lacked everything', async () => {
    const accountId = await stack.connect('emptied', 'emptied@example.com');
    await withSync(async () => {
      const sync = async () => almanac.waitForSync(await almanac.requestSync({ workspaceId: 'emptied' }));
      await sync();
      await stack.google.addFault({ match: { pathContains: 'calendarList' }, times: 1, emptyItems: true });
      await listReadAgo(accountId, 61);
      expect(await sync()).toMatchObject({ success: true });
      const missing = { where: { accountId, missingSince: { not: null } } };
      expect(await stack.database.calendar.count(missing)).toBe(1);
      await stack.google.createCalendar('emptied@example.com', { summary: 'New', timeZone: 'UTC' });
      await listReadAgo(accountId, 11);
      expect((await sync()).calendars).toHaveLength(2);
      expect(await stack.database.calendar.count(missing)).toBe(0);
    });
  });

  it.each<[string, number, object, boolean]>([
    ['by hand, a minute after the last list', 61, {}, true],
    ['by hand, again and again', 59, {}, false],
    ['by the API', 61, { source: 'api' }, true],
    ['by a push', 61, { source: 'push' }, false],
    ['by a schedule', 61, { source: 'schedule' }, false],
  ])('%s: the calendar list of %i s ago', async (name, seconds, request, isRead) => {
    const workspaceId = `list-${name.replaceAll(/\W+/g, '-')}`;
    const accountId = await stack.connect(workspaceId, `${workspaceId}@example.com`);
    await listReadAgo(accountId, seconds);
    await almanac.requestSync({ workspaceId, ...request });
    expect(await isListDue(accountId)).toBe(isRead);
  });

  it('of some calendars leaves the calendar list alone', async () => {
    const accountId = await stack.connect('named', 'named@example.com');
    await withSync(async () => almanac.waitForSync(await almanac.requestSync({ workspaceId: 'named' })));
    const { id } = await stack.database.calendar.findFirstOrThrow({ where: { accountId } });
    await listReadAgo(accountId, 3_600);
    await almanac.requestSync({ workspaceId: 'named', calendarIds: [id] });
    expect(await isListDue(accountId)).toBe(false);
  });

  it('reads a list that could not be read a moment ago no sooner', async () => {
    const accountId = await stack.connect('list-failed', 'list-failed@example.com');
    await listReadAgo(accountId, 3_600);
    const fails = (seconds: number) => stack.database.$executeRaw`
      update calendar_auth_tokens set last_error = 'GoogleUnavailable', updated_at = now() - make_interval(secs => ${seconds}::int)
      where id = ${accountId}::uuid`;
    await fails(50);
    await almanac.requestSync({ workspaceId: 'list-failed' });
    expect(await isListDue(accountId)).toBe(false);
    await fails(61);
    await almanac.requestSync({ workspaceId: 'list-failed' });
    expect(await isListDue(accountId)).toBe(true);
  });

  it('starts nothing for a workspace that is not there', async () => {
    await expect(almanac.requestSync({ workspaceId: 'nobody' })).rejects.toThrow(NotFoundError);
    const started = temporal.client.workflow.getHandle('calendar-sync/nobody').describe();
    await expect(started).rejects.toThrow(WorkflowNotFoundError);
  });

  it.each([
    [{ workspaceId: 'no/workspace' }, 'workspaceId must be'],
    [{ workspaceId: 'found', calendarIds: ['primary'] }, 'calendarIds.0 must be'],
    [{ workspaceId: 'found', correlationId: 'two words' }, 'correlationId must be'],
  ])('refuses %j', async (request, message) => {
    const requested = almanac.requestSync(request);
    await expect(requested).rejects.toThrow(InvalidInputError);
    await expect(requested).rejects.toThrow(message);
  });

  it('that fails says why in one word', async () => {
    await stack.connect('stopped', 'stopped@example.com');
    const run = await almanac.requestSync({ workspaceId: 'stopped' });
    await temporal.client.workflow.getHandle(run.workflowId).terminate();
    const failure = await almanac.waitForSync(run).catch(failureOf);
    expect(failure).toBe('Terminated');
  });
});

describe('a fan-out', () => {
  it('syncs the workspaces that it is given', async () => {
    const ids = ['fan-1', 'fan-2'];
    for (const id of ids) await stack.connect(id, `${id}@example.com`);
    await stack.connect('fan-3', 'fan-3@example.com');
    const result = await withSync(async () =>
      almanac.waitForSyncAll(await almanac.syncAll({ workspaceIds: ids, correlationId: randomUUID() })),
    );
    expect(result).toMatchObject({ succeeded: 2, failed: 0, skipped: 0, calendars: 2 });
    const synced = await stack.database.calendarSyncState.findMany({
      where: { workspaceId: { startsWith: 'fan-' } },
    });
    expect(synced.map(({ workspaceId }) => workspaceId).toSorted()).toEqual(ids);
  });
});
