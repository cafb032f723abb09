import { afterAll, beforeAll, expect, it } from 'vitest';
import { FailureType } from '../../contracts/failure-types.ts';
import { TaskQueue } from '../../contracts/task-queues.ts';
import { WorkflowType } from '../../contracts/workflow-types.ts';
import { createWorkspace } from '../../services/workspaces.ts';
import { startServedStack, type WorkflowStack } from '../support/workflow-stack.ts';

let stack: WorkflowStack;
beforeAll(async () => {
  stack = await startServedStack();
});
afterAll(() => stack.close());

async function notify() {
  const handle = await stack.temporal.client.workflow.start(WorkflowType.notifyDeadLetters, {
    taskQueue: TaskQueue.calendarSync,
    workflowId: 'notify-dead-letters',
    // As the schedule sends it.
    args: [{}],
  });
  const result: unknown = await handle.result();
  const { events } = await handle.fetchHistory();
  return { result, activities: events?.filter((event) => event.activityTaskScheduledEventAttributes).length };
}

it('tells of what is new, and costs one activity where nothing is', async () => {
  expect(await notify()).toEqual({ result: { outcome: 'nothing', letters: 0 }, activities: 1 });
  await createWorkspace(stack.database, { id: 'acme', timeZone: 'UTC' });
  const { id } = await stack.database.deadLetter.create({
    data: {
      workspaceId: 'acme',
      operation: 'sync',
      workflowId: 'calendar-sync/acme',
      runId: 'run-1',
      failureType: FailureType.googleForbidden,
    },
  });
  expect(await notify()).toEqual({ result: { outcome: 'sent', letters: 1 }, activities: 1 });
  const deadLetter = await stack.database.deadLetter.findUniqueOrThrow({ where: { id } });
  expect(deadLetter.notifiedAt).toBeInstanceOf(Date);
  expect(await notify()).toMatchObject({ result: { outcome: 'nothing' } });
});
