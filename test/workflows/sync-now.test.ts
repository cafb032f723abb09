import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAlmanacClient, failureOf } from '../../client/almanac-client.ts';
import { FailureType } from '../../contracts/failure-types.ts';
import { SYNC_NOW_UPDATE, SYNC_REQUESTED_SIGNAL, type SyncRequest } from '../../contracts/sync.ts';
import { calendarSyncWorkflowId } from '../../contracts/workflow-ids.ts';
import { syncedWorkspaces } from '../support/synced-workspaces.ts';
import { messagesOfRuns } from '../support/update-events.ts';
import { startServedStack, type WorkflowStack } from '../support/workflow-stack.ts';

let stack: WorkflowStack;

beforeAll(async () => {
  stack = await startServedStack();
});
afterAll(() => stack.close());

const lunch = {
  summary: 'Lunch',
  start: { dateTime: '2026-12-01T12:00:00Z' },
  end: { dateTime: '2026-12-01T13:00:00Z' },
};

const client = () => createAlmanacClient({ temporal: stack.temporal.client, database: stack.database });

const { synced, listings, idOf } = syncedWorkspaces(() => stack, 'now');
const handleOf = (workspaceId: string) =>
  stack.temporal.client.workflow.getHandle(calendarSyncWorkflowId(workspaceId));

describe('a caller that waits', () => {
  it('gets the result of its own pass, not of the run that it joins', { tags: ['slow'] }, async () => {
    const { id, google } = await synced(1);
    const [slow, fine] = [google[0]!, google[1]!];
    await stack.google.insertEvent(slow, lunch);
    await stack.google.insertEvent(fine, lunch);
    await stack.google.addFault({ match: { calendarId: slow }, times: 1, delayMs: 4_000 });
    const run = await client().requestSync({ workspaceId: id, mode: 'full' });
    const calendarId = await idOf(fine);
    await expect
      .poll(() => stack.database.calendarEvent.count({ where: { calendarId } }), { timeout: 10_000 })
      .toBe(1);

    const sync = await client().syncNow({ workspaceId: id, calendarIds: [calendarId] });

    expect(sync).toMatchObject({ workflowId: run.workflowId, runId: run.runId });
    expect(await sync.result()).toEqual({
      workspaceId: id,
      success: true,
      calendars: [{ calendarId, mode: 'incremental', upserted: 0, deleted: 0, pages: 1 }],
    });
    expect((await handleOf(id).describe()).status.name).toBe('RUNNING');
    const { calendars } = await client().waitForSync(run);
    expect(calendars.map(({ mode, upserted }) => ({ mode, upserted }))).toEqual([
      { mode: 'full', upserted: 1 },
      { mode: 'full', upserted: 1 },
    ]);
  });

  it('shares its pass with everyone who asks in the meantime', async () => {
    const { id, google } = await synced(0);
    const [owner] = google;
    const since = new Date().toISOString();
    await stack.google.insertEvent(owner!, lunch);
    const syncs = await Promise.all(Array.from({ length: 8 }, () => client().syncNow({ workspaceId: id })));
    const results = await Promise.all(syncs.map((sync) => sync.result()));
    for (const result of results) expect(result).toMatchObject({ success: true, calendars: [{}] });
    expect(await listings(owner!, since)).toBeLessThanOrEqual(2);
    await expect.poll(async () => (await handleOf(id).describe()).status.name).toBe('COMPLETED');
    const [run] = await messagesOfRuns(stack.temporal.client, calendarSyncWorkflowId(id));
    expect(run).toEqual({ accepted: 8, answered: 8, signals: 0 });
  });

  it('that starts the run costs one pass', async () => {
    const { id, google } = await synced(0);
    const since = new Date().toISOString();
    expect(await (await client().syncNow({ workspaceId: id })).result()).toMatchObject({ success: true });
    await handleOf(id).result();
    expect(await listings(google[0]!, since)).toBe(1);
  });

  it('is told what has failed in its pass', async () => {
    const { id, google } = await synced(1);
    const [broken, fine] = await Promise.all(google.map(idOf));
    const match = { calendarId: google[0]! };
    await stack.google.addFault({ match, times: 1, status: 403, reason: 'forbidden' });
    const all = await (await client().syncNow({ workspaceId: id })).result();
    expect(all.success).toBe(false);
    expect(all.calendars).toContainEqual(
      expect.objectContaining({ calendarId: broken, error: FailureType.googleForbidden }),
    );
    const unchanged = { mode: 'incremental', upserted: 0, deleted: 0, pages: 1 };
    expect(all.calendars).toContainEqual({ calendarId: fine, ...unchanged });
  });

  it('hears of an account that cannot be reached, if a calendar that it names may be one of it', async () => {
    const { id, google } = await synced(0);
    const other = `other-of-${id}@example.com`;
    const accountId = await stack.connect(id, other);
    await stack.sync(id);
    const [fine, lost] = await Promise.all([idOf(google[0]!), idOf(other)]);
    await stack.google.revokeGrant(other);
    await stack.sync(id);
    const accounts = [{ accountId, error: FailureType.googleAuthRevoked }];
    const resultOf = async (calendarIds?: string[]) =>
      (await client().syncNow({ workspaceId: id, calendarIds })).result();

    expect(await resultOf()).toMatchObject({ success: false, calendars: [{ calendarId: fine }], accounts });
    expect(await resultOf([lost])).toEqual({ workspaceId: id, success: false, calendars: [], accounts });
    const healthy = await resultOf([fine.toUpperCase()]);
    expect(healthy).toMatchObject({ success: true, calendars: [{ calendarId: fine }] });
    expect(healthy).not.toHaveProperty('accounts');
  });

  it('gets the failure of a run that is cancelled, and leaves no unanswered update behind', async () => {
    const { id, google } = await synced(0);
    await stack.google.addFault({ match: { calendarId: google[0]! }, times: 1, delayMs: 3_000 });
    const sync = await client().syncNow({ workspaceId: id });
    await handleOf(id).cancel();
    expect(await sync.result().catch(failureOf)).toBe('Cancelled');
    const [run] = await messagesOfRuns(stack.temporal.client, calendarSyncWorkflowId(id));
    expect(run).toMatchObject({ accepted: 1, answered: 1 });
  });

  it('gets the failure of a run that is terminated', async () => {
    const { id, google } = await synced(0);
    await stack.google.addFault({ match: { calendarId: google[0]! }, times: 1, delayMs: 3_000 });
    const sync = await client().syncNow({ workspaceId: id });
    await handleOf(id).terminate();
    expect(await sync.result().catch(failureOf)).toBe('Terminated');
  });
});

describe('a run that is prolonged until it continues as new', () => {
  it('answers every caller, or leaves it to its successor', { tags: ['slow'] }, async () => {
    const { id, google } = await synced(0);
    await stack.google.addFault({ match: { calendarId: google[0]! }, times: 1_000, delayMs: 1_500 });
    const results: Promise<unknown>[] = [];
    const until = Date.now() + 14_000;
    while (Date.now() < until) {
      const sync = await client().syncNow({ workspaceId: id });
      results.push(sync.result());
      // More often, and more updates would be in flight than a run takes.
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
    for (const result of await Promise.all(results))
      expect(result).toMatchObject({ workspaceId: id, success: true, calendars: [{ mode: 'incremental' }] });
    await handleOf(id).result();
    await stack.google.clearFaults();
    const runs = await messagesOfRuns(stack.temporal.client, calendarSyncWorkflowId(id));
    expect(runs.length).toBeGreaterThan(2);
    for (const { accepted, answered } of runs) expect(answered).toBe(accepted);
  });
});

describe('a malformed update', () => {
  it.each<[string, unknown]>([
    ['mode must be one of incremental, full.', { mode: 'sideways' }],
    [
      'calendarIds must be a list of 1 to 1000 calendar UUIDs.',
      { mode: 'full', calendarIds: ['ada@example.com'] },
    ],
    ['requestId must be a UUID.', { mode: 'full', requestId: '7' }],
  ])('is refused before it is history: %s', async (message, request) => {
    const { id, google } = await synced(0);
    await stack.google.addFault({ match: { calendarId: google[0]! }, times: 1, delayMs: 2_000 });
    const handle = await stack.startSync({ workspaceId: id });
    const refused = handle.executeUpdate(SYNC_NOW_UPDATE, { args: [request as SyncRequest] });
    await expect(refused).rejects.toMatchObject({ cause: { type: FailureType.invalidInput, message } });
    // Its field null is as good as absent, for clients in other languages.
    await handle.signal(SYNC_REQUESTED_SIGNAL, { mode: 'incremental', calendarIds: null });
    expect(await handle.result()).toMatchObject({ success: true });
    const [run] = await messagesOfRuns(stack.temporal.client, calendarSyncWorkflowId(id));
    expect(run).toMatchObject({ accepted: 0, answered: 0 });
  });
});
