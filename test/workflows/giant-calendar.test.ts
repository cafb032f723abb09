import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TaskQueue } from '../../contracts/task-queues.ts';
import { postpone, seedWorkspaces, whileHeld } from '../support/scale.ts';
import { withWorkers } from '../support/temporal.ts';
import { startWorkflowStack, type WorkflowStack } from '../support/workflow-stack.ts';

const GIANTS = 4;
const OTHERS = 4;
const EVENTS = 60;
const EVENTS_PER_PAGE = 5;
/** `temporal.api.enums.v1.TaskQueueType`. */
const ACTIVITY_TASK_QUEUE = 2;
const POLL = { interval: 50, timeout: 30_000 };

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

/** The calendars whose events were asked for, in order. */
async function askedFor(since: Date): Promise<string[]> {
  const requests = await stack.google.requests({ since: since.toISOString() });
  return requests.flatMap(({ path }) => /^\/calendar\/v3\/calendars\/(.+)\/events$/.exec(path)?.[1] ?? []);
}

/** How many activities wait for a slot. */
async function backlog(): Promise<number> {
  const { client, namespace } = stack.temporal;
  const { stats } = await client.workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name: TaskQueue.googleCalendar },
    taskQueueType: ACTIVITY_TASK_QUEUE,
    reportStats: true,
  });
  return Number(stats?.approximateBacklogCount ?? 0);
}

describe('full syncs of giant calendars', () => {
  it('delay the tick of other workspaces by no more than one page', { tags: ['slow'] }, async () => {
    const giants = await seedWorkspaces(stack, 'giant', GIANTS);
    const others = await seedWorkspaces(stack, 'other', OTHERS);
    await postpone(stack, giants);
    await stack.google.setPageShape({ maxPageSize: EVENTS_PER_PAGE });
    for (const { googleCalendarId } of giants)
      await stack.google.generateEvents(googleCalendarId, { count: EVENTS, recurringShare: 0 });
    const startedAt = new Date();

    await withOneSlot(async () => {
      const sweep = await stack.startFanOut({ mode: 'full', workspaceIds: giants.map(({ id }) => id) });
      await expect.poll(async () => (await askedFor(startedAt)).length, POLL).toBeGreaterThan(GIANTS);
      const { before, tick } = await whileHeld(stack, giants, async () => {
        // One giant has the slot; its page cannot go on, and those of the other giants wait in the queue.
        await expect.poll(backlog, POLL).toBe(GIANTS - 1);
        const started = await stack.startFanOut({ source: 'schedule' });
        await expect.poll(backlog, POLL).toBe(GIANTS - 1 + OTHERS);
        return { before: (await askedFor(startedAt)).length, tick: started };
      });
      expect(await tick.result()).toMatchObject({ succeeded: OTHERS, failed: 0, skipped: 0 });
      const next = (await askedFor(startedAt)).slice(before, before + 1 + OTHERS);
      for (const { googleCalendarId } of others) expect(next).toContain(googleCalendarId);
      expect(await sweep.result()).toMatchObject({ succeeded: GIANTS, failed: 0 });
    });
  });
});
