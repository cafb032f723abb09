import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calendarSyncWorkflowId } from '../../contracts/workflow-ids.ts';
import { TaskQueue } from '../../contracts/task-queues.ts';
import { postpone, seedWorkspaces } from '../scale/support.ts';
import { withWorkers } from '../support/temporal.ts';
import { startWorkflowStack, type WorkflowStack } from '../support/workflow-stack.ts';

const GIANTS = 3;
const EVENTS = 120;
const EVENTS_PER_PAGE = 5;
/** Long enough to tell one page from the next. */
const PAGE_MS = 100;

let stack: WorkflowStack;

beforeAll(async () => {
  stack = await startWorkflowStack();
});
afterAll(() => stack.close());

/** One request to Google at a time: the scarcest that capacity can be. */
async function withOneSlot<T>(work: () => Promise<T>): Promise<T> {
  const { temporal, activities } = stack;
  return withWorkers(temporal, { activities, taskQueues: [TaskQueue.calendarSync] }, () =>
    withWorkers(
      temporal,
      {
        activities,
        taskQueues: [TaskQueue.googleCalendar],
        worker: { maxConcurrentActivityTaskExecutions: 1 },
      },
      work,
    ),
  );
}

async function pagesOf(googleCalendarIds: readonly string[], since: Date): Promise<number[]> {
  const requests = await stack.google.requests({ since: since.toISOString() });
  return requests
    .filter(({ path }) => googleCalendarIds.some((id) => path.includes(`/calendars/${id}/events`)))
    .map(({ at }) => Date.parse(at));
}

/** When the server was asked to run the first activity of the workspace's sync. */
async function scheduledAt(workspaceId: string): Promise<number> {
  const handle = stack.temporal.client.workflow.getHandle(calendarSyncWorkflowId(workspaceId));
  const { events } = await handle.fetchHistory();
  const event = events?.find(
    ({ activityTaskScheduledEventAttributes }) => activityTaskScheduledEventAttributes,
  );
  return Number(event?.eventTime?.seconds ?? 0) * 1_000 + (event?.eventTime?.nanos ?? 0) / 1_000_000;
}

describe('full syncs of giant calendars', () => {
  it("delay another workspace's tick by no more than one page", async () => {
    const giants = await seedWorkspaces(stack, 'giant', GIANTS);
    const [small] = await seedWorkspaces(stack, 'small', 1);
    await postpone(stack, giants);
    await stack.google.setPageShape({ maxPageSize: EVENTS_PER_PAGE });
    for (const { googleCalendarId } of giants) {
      await stack.google.generateEvents(googleCalendarId, { count: EVENTS, recurringShare: 0 });
      const match = { calendarId: googleCalendarId };
      await stack.google.addFault({ match, times: EVENTS, delayMs: PAGE_MS });
    }
    const giantIds = giants.map(({ googleCalendarId }) => googleCalendarId);
    const startedAt = new Date();

    await withOneSlot(async () => {
      const sweep = await stack.startFanOut({ mode: 'full', workspaceIds: giants.map(({ id }) => id) });
      await expect
        .poll(async () => (await pagesOf(giantIds, startedAt)).length, { timeout: 20_000 })
        .toBeGreaterThan(2 * GIANTS);
      const tick = await stack.startFanOut({ source: 'schedule' });
      expect(await tick.result()).toMatchObject({ succeeded: 1, failed: 0, skipped: 0 });
      const [askedAt = Number.NaN] = await pagesOf([small!.googleCalendarId], startedAt);
      const waitedSince = await scheduledAt(small!.id);
      const pages = await pagesOf(giantIds, startedAt);
      expect(pages.filter((at) => at > waitedSince && at < askedAt).length).toBeLessThanOrEqual(1);
      // They were still at it: there was something to wait for.
      const { status } = await stack.temporal.client.workflow.getHandle(sweep.workflowId).describe();
      expect(status.name).toBe('RUNNING');
      await stack.google.clearFaults();
      expect(await sweep.result()).toMatchObject({ succeeded: GIANTS, failed: 0 });
    });
  });
});
