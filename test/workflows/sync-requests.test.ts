import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAlmanacClient } from '../../client/almanac-client.ts';
import { SYNC_REQUESTED_SIGNAL } from '../../contracts/sync.ts';
import { calendarSyncWorkflowId } from '../../contracts/workflow-ids.ts';
import { expectMirrorEqualsGoogle } from '../support/mirror.ts';
import { syncedWorkspaces } from '../support/synced-workspaces.ts';
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

const { synced, listings, idOf } = syncedWorkspaces(() => stack, 'asked');

/** The calendar answers so until faults are cleared. */
const failing = (google: string) =>
  stack.google.addFault({ match: { calendarId: google }, times: 1_000, status: 503 });

describe('a calendar that fails', () => {
  it('holds up no other calendar that is asked for meanwhile', async () => {
    const { id, google } = await synced(1);
    const [fine, broken] = [google[0]!, google[1]!];
    await failing(broken);
    const since = new Date().toISOString();
    const run = await client().requestSync({ workspaceId: id });
    await expect.poll(() => listings(broken, since), { timeout: 10_000 }).toBeGreaterThan(0);
    await stack.google.insertEvent(fine, lunch);
    const joined = await client().requestSync({ workspaceId: id });
    expect(joined.runId).toBe(run.runId);
    const calendarId = await idOf(fine);
    await expect
      .poll(() => stack.database.calendarEvent.count({ where: { calendarId } }), { timeout: 5_000 })
      .toBe(1);
    await stack.google.clearFaults();
    expect(await client().waitForSync(joined)).toMatchObject({ success: true });
    await expectMirrorEqualsGoogle(stack, fine);
  });

  it('gives up its place, also where many fail at once', { tags: ['slow'] }, async () => {
    const { id, google } = await synced(8);
    const fine = google.at(-1)!;
    for (const one of google.slice(0, -1)) await failing(one);
    await stack.google.insertEvent(fine, lunch);
    const run = await client().requestSync({ workspaceId: id });
    const calendarId = await idOf(fine);
    await expect
      .poll(() => stack.database.calendarEvent.count({ where: { calendarId } }), { timeout: 20_000 })
      .toBe(1);
    await stack.google.clearFaults();
    expect((await client().waitForSync(run)).calendars).toHaveLength(9);
  });

  it('is not listed twice at the same time, however often it is asked for', async () => {
    const { id, google } = await synced(0);
    const [owner] = google;
    await stack.google.addFault({ match: { calendarId: owner! }, times: 1, delayMs: 2_000 });
    const since = new Date().toISOString();
    const handle = await stack.startSync({ workspaceId: id });
    await expect.poll(() => listings(owner!, since), { timeout: 5_000 }).toBe(1);
    for (let count = 0; count < 20; count += 1)
      await handle.signal(SYNC_REQUESTED_SIGNAL, { mode: 'incremental' });
    expect(await listings(owner!, since)).toBe(1);
    expect(await handle.result()).toMatchObject({ success: true, calendars: [{ pages: 2 }] });
    expect(await listings(owner!, since)).toBe(2);
  });
});

describe('an account whose calendar list fails', () => {
  it('holds up no calendar of another account for longer than seconds', { tags: ['slow'] }, async () => {
    const { id, google } = await synced(0);
    const other = `other-of-${id}@example.com`;
    const accountId = await stack.connect(id, other);
    await stack.sync(id);
    await stack.database.calendarAuthToken.update({
      where: { id: accountId },
      data: { calendarListDueAt: new Date(0) },
    });
    await stack.google.addFault({
      match: { pathContains: '/calendarList', email: other },
      times: 1_000,
      status: 503,
    });
    await stack.google.insertEvent(google[0]!, lunch);
    const run = await client().requestSync({ workspaceId: id });
    const calendarId = await idOf(google[0]!);
    await expect
      .poll(() => stack.database.calendarEvent.count({ where: { calendarId } }), { timeout: 12_000 })
      .toBe(1);
    await stack.google.clearFaults();
    expect(await client().waitForSync(run)).toMatchObject({ success: true });
  });
});

describe('a thousand requests in one pass', () => {
  it(
    'are served by one more pass, in a history that stays short',
    { tags: ['slow'], timeout: 120_000 },
    async () => {
      const { id, google } = await synced(1);
      const [owner, other] = [google[0]!, google[1]!];
      const calendarId = await idOf(owner);
      await stack.google.addFault({ match: { calendarId: owner }, times: 1, delayMs: 8_000 });
      const since = new Date().toISOString();
      const run = await client().requestSync({ workspaceId: id });
      await expect.poll(() => listings(owner, since), { timeout: 5_000 }).toBe(1);
      await stack.google.insertEvent(owner, lunch);
      const many = Array<string>(1_000).fill(calendarId);
      for (let batch = 0; batch < 40; batch += 1) {
        await Promise.all(
          Array.from({ length: 25 }, () => client().requestSync({ workspaceId: id, calendarIds: many })),
        );
      }
      const result = await client().waitForSync(run);
      expect(result).toMatchObject({ success: true });
      expect(result.calendars).toContainEqual(
        expect.objectContaining({ calendarId, mode: 'incremental', upserted: 1 }),
      );
      await expectMirrorEqualsGoogle(stack, owner);
      const workflowId = calendarSyncWorkflowId(id);
      await expect
        .poll(
          async () => (await stack.temporal.client.workflow.getHandle(workflowId).describe()).status.name,
          {
            timeout: 30_000,
          },
        )
        .toBe('COMPLETED');
      // 8 seconds may be over before all have been sent: a request that comes later makes one more pass.
      expect(await listings(owner, since)).toBeLessThanOrEqual(6);
      expect(await listings(other, since)).toBe(1);
      const first = await stack.temporal.client.workflow.getHandle(workflowId, run.runId).describe();
      expect(first.historyLength).toBeLessThan(1_000 + 4_000);
      expect(first.historySize).toBeLessThan(2_000_000);
    },
  );
});

describe('a client that keeps asking', () => {
  it(
    'starves no other client that waits for its own request',
    { tags: ['slow'], timeout: 60_000 },
    async () => {
      const { id, google } = await synced(0);
      // A listing takes longer than the time until the next request, so no run would ever end.
      await stack.google.addFault({ match: { calendarId: google[0]! }, times: 1_000, delayMs: 500 });
      const asker = { isAsking: true };
      let asked = 0;
      const asking = (async () => {
        while (asker.isAsking) {
          await client().requestSync({ workspaceId: id });
          asked += 1;
          await new Promise((resolve) => setTimeout(resolve, 300));
        }
      })();
      try {
        await expect.poll(() => asked, { timeout: 30_000 }).toBeGreaterThan(3);
        await stack.google.insertEvent(google[0]!, lunch);
        const startedAt = Date.now();
        const result = await client().waitForSync(await client().requestSync({ workspaceId: id }));
        expect(Date.now() - startedAt).toBeLessThan(25_000);
        expect(result.calendars).toEqual([
          expect.objectContaining({ mode: 'incremental', upserted: 1, deleted: 0 }),
        ]);
        await expectMirrorEqualsGoogle(stack, google[0]!);
      } finally {
        asker.isAsking = false;
        await asking;
        await stack.google.clearFaults();
      }
    },
  );

  it('does not get ahead of all other workspaces', async () => {
    const { id } = await synced(0);
    await stack.database.calendarSyncState.updateMany({
      where: { workspaceId: id },
      data: { lastFullSyncAt: new Date(Date.now() - 3_600_000) },
    });
    const first = await client().requestSync({ workspaceId: id, mode: 'full', source: 'api' });
    await client().waitForSync(first);
    const second = await client().requestSync({ workspaceId: id, mode: 'full', source: 'api' });
    await client().waitForSync(second);
    const priorities = await Promise.all(
      [first, second].map(async ({ workflowId, runId }) => {
        const { raw } = await stack.temporal.client.workflow.getHandle(workflowId, runId).describe();
        return raw.workflowExecutionInfo?.priority?.priorityKey;
      }),
    );
    expect(priorities).toEqual([1, 5]);
  });
});

it('has runs that clients start end by themselves', async () => {
  const { id } = await synced(0);
  const { workflowId, runId } = await client().requestSync({ workspaceId: id });
  const { raw } = await stack.temporal.client.workflow.getHandle(workflowId, runId).describe();
  expect(Number(raw.executionConfig?.workflowExecutionTimeout?.seconds)).toBe(6 * 3_600);
});
