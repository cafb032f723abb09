import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AlmanacClient, createAlmanacClient } from '../../client/almanac-client.ts';
import { connectTemporal } from '../../client/temporal-client.ts';
import { calendarSyncWorkflowId } from '../../contracts/workflow-ids.ts';
import { bundleChangedWorkflows } from '../support/changed-workflows.ts';
import { startOwnTemporal, withWorkers } from '../support/temporal.ts';
import { messagesOfRuns } from '../support/update-events.ts';
import { startWorkflowStack, type WorkflowStack } from '../support/workflow-stack.ts';

/** The server's limit of updates in flight per run. */
const MOST_IN_FLIGHT = 10;
const CALLERS = 20;

let stack: WorkflowStack;
let almanac: AlmanacClient;
let disconnect: () => Promise<void>;

/** A client that is connected as the command line is. */
async function clientOf({ temporal: { address, namespace }, database }: WorkflowStack) {
  const temporal = await connectTemporal({ connectionOptions: { address }, namespace });
  disconnect = () => temporal.connection.close();
  return createAlmanacClient({ temporal, database });
}

beforeAll(async () => {
  stack = await startWorkflowStack();
  almanac = await clientOf(stack);
});
afterAll(async () => {
  await disconnect();
  await stack.close();
});

const messagesOf = (workspaceId: string, from = stack) =>
  messagesOfRuns(from.temporal.client, calendarSyncWorkflowId(workspaceId));
const held = (workspaceId: string, delayMs: number) =>
  stack.google.addFault({ match: { calendarId: `${workspaceId}@example.com` }, times: 1, delayMs });
const succeeded = { success: true, calendars: [{}] };

describe('a sync that a caller waits for', () => {
  it('is kept as a signal while no worker is running', async () => {
    await stack.connect('unserved', 'unserved@example.com');
    const askedAt = performance.now();
    const sync = await almanac.syncNow({ workspaceId: 'unserved' });
    expect(performance.now() - askedAt).toBeLessThan(6_000);
    expect(await stack.withWorkers(() => sync.result())).toMatchObject(succeeded);
    expect(await messagesOf('unserved')).toMatchObject([{ signals: 1 }]);
  });

  it(
    'is kept as a signal where the run has as many updates as the server allows',
    { tags: ['slow'] },
    async () => {
      await stack.connect('crowded', 'crowded@example.com');
      await stack.withWorkers(async () => {
        await held('crowded', 8_000);
        const first = await almanac.syncNow({ workspaceId: 'crowded' });
        const syncs = await Promise.all(
          Array.from({ length: CALLERS }, () => almanac.syncNow({ workspaceId: 'crowded' })),
        );
        expect(new Set(syncs.map(({ runId }) => runId))).toEqual(new Set([first.runId]));
        for (const sync of [first, ...syncs]) expect(await sync.result()).toMatchObject(succeeded);
        const { accepted = 0, answered, signals } = (await messagesOf('crowded')).at(-1) ?? {};
        // The server is not exact: it lets some more in, and may accept one that it has refused.
        expect(accepted).toBeGreaterThanOrEqual(MOST_IN_FLIGHT);
        expect(answered).toBe(accepted);
        expect(signals).toBeGreaterThan(0);
      });
    },
  );

  it('is done once however often it is requested under one ID, also when its run has ended', async () => {
    await stack.connect('repeated', 'repeated@example.com');
    await stack.withWorkers(async () => {
      const request = { workspaceId: 'repeated', updateId: randomUUID() };
      const [first, second] = await Promise.all([almanac.syncNow(request), almanac.syncNow(request)]);
      const result = await first.result();
      expect(await second.result()).toEqual(result);
      await stack.temporal.client.workflow.getHandle(first.workflowId).result();

      const late = await almanac.syncNow(request);

      expect(late.runId).toBe(first.runId);
      expect(await late.result()).toEqual(result);
      expect(await messagesOf('repeated')).toEqual([{ accepted: 1, answered: 1, signals: 0 }]);
    });
  });

  it('is done by a worker of a version that does not know the update', async () => {
    await stack.connect('older', 'older@example.com');
    const workflowBundle = await bundleChangedWorkflows({
      file: 'messages.ts',
      edit: (source) => source.replace('(SYNC_NOW_UPDATE)', "('unknown')"),
    });
    await withWorkers(stack.temporal, { activities: stack.activities, workflowBundle }, async () => {
      const sync = await almanac.syncNow({ workspaceId: 'older' });
      expect(await sync.result()).toMatchObject(succeeded);
    });
  });
});

it.each([
  ['has had as many updates as the server allows', { 'history.maxTotalUpdates': '3' }, 3],
  ['is on a server without Update-with-Start', { 'frontend.enableExecuteMultiOperation': 'false' }, 0],
])('is kept as a signal where a run %s', async (_, dynamicConfig, accepted) => {
  const own = await startWorkflowStack(() => startOwnTemporal(dynamicConfig));
  const client = createAlmanacClient({ temporal: own.temporal.client, database: own.database });
  try {
    await own.connect('many', 'many@example.com');
    await own.withWorkers(async () => {
      await own.google.addFault({ match: { calendarId: 'many@example.com' }, times: 1, delayMs: 3_000 });
      const syncs = [];
      for (let count = 0; count < 5; count += 1) syncs.push(await client.syncNow({ workspaceId: 'many' }));
      for (const sync of syncs) expect(await sync.result()).toMatchObject(succeeded);
    });
    const signals = 5 - accepted;
    expect(await messagesOf('many', own)).toContainEqual({ accepted, answered: accepted, signals });
  } finally {
    await own.close();
  }
});
