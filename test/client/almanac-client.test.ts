import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AlmanacClient, createAlmanacClient, failureOf } from '../../client/almanac-client.ts';
import { InvalidInputError, NotFoundError } from '../../client/errors.ts';
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
