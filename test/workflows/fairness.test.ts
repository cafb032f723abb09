import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { seedDueWorkspaces } from '../../bench/support/due-workspaces.ts';
import { createAlmanacClient } from '../../client/almanac-client.ts';
import { createTokenCipher } from '../../services/google/token-cipher.ts';
import { withWorkers } from '../support/temporal.ts';
import { startWorkflowStack, type WorkflowStack } from '../support/workflow-stack.ts';

const GIANT = 500;
/** Listings of others that may come first: those that run or wait when a workspace begins, and its turns. */
const A_FEW = 25;

let stack: WorkflowStack;

beforeAll(async () => {
  stack = await startWorkflowStack();
});
afterAll(() => stack.close());
beforeEach(async () => {
  await stack.database.workspace.deleteMany();
});

/** Workspaces that are all due. */
async function seed(prefix: string, count: number): Promise<void> {
  const { database, google, environment } = stack;
  const { GOOGLE_API_ROOT_URL: emulatorUrl = '', TOKEN_ENCRYPTION_KEY: key = '' } = environment;
  await seedDueWorkspaces(
    { database, admin: google, emulatorUrl, tokenCipher: createTokenCipher([key]) },
    { count, calendarsPerWorkspace: 1, prefix },
  );
}

const syncedOf = async (prefix: string) =>
  stack.database.workspaceCalendarSyncLog.count({ where: { workspaceId: { startsWith: prefix } } });

/** Serves with one slot for each queue: whatever is asked for waits for everything before it. */
async function overloaded<T>(work: () => Promise<T>): Promise<T> {
  const worker = { maxConcurrentActivityTaskExecutions: 1 };
  return withWorkers(stack.temporal, { activities: stack.activities, worker }, work);
}

/** Listings of `others` that were finished when `done` ended. */
async function overtakenBy(others: string, done: () => Promise<unknown>): Promise<number> {
  const before = await syncedOf(others);
  await done();
  return (await syncedOf(others)) - before;
}

describe('an overloaded queue', () => {
  it('serves a small workspace beside one with 500 calendars', async () => {
    await stack.connect('a-giant', 'giant@example.com');
    for (let more = 1; more < GIANT; more += 1)
      await stack.google.createCalendar('giant@example.com', { summary: `${more}`, timeZone: 'UTC' });
    await overloaded(async () => {
      const giant = await stack.startSync({ workspaceId: 'a-giant' });
      await expect.poll(() => syncedOf('a-giant'), { timeout: 30_000 }).toBeGreaterThan(10);
      await seed('small', 1);
      const first = await overtakenBy('a-giant', () => stack.sync('small-00001'));
      expect(first).toBeLessThan(A_FEW);
      expect((await giant.describe()).status.name).toBe('RUNNING');
      await giant.terminate();
    });
  });

  it('serves a request by a person before the tick', async () => {
    await seed('tick', 80);
    await seed('person', 1);
    await stack.database.calendarSyncState.updateMany({
      where: { workspaceId: { startsWith: 'person' } },
      data: { nextSyncAt: new Date(Date.now() + 3_600_000) },
    });
    await overloaded(async () => {
      const tick = await stack.startFanOut();
      await expect.poll(() => syncedOf('tick'), { timeout: 30_000 }).toBeGreaterThan(5);
      const almanac = createAlmanacClient({ temporal: stack.temporal.client, database: stack.database });
      const first = await overtakenBy('tick', async () => {
        const calendar = await stack.database.calendar.findFirstOrThrow({
          where: { workspaceId: 'person-00001' },
        });
        const run = await almanac.requestSync({ workspaceId: 'person-00001', calendarIds: [calendar.id] });
        expect(await almanac.waitForSync(run)).toMatchObject({ success: true });
      });
      expect(first).toBeLessThan(A_FEW);
      expect((await tick.describe()).status.name).toBe('RUNNING');
      await tick.terminate();
    });
  });
});
