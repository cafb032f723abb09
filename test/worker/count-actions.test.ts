import { Client } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { countActions as billedOf } from '../../bench/support/billed-actions.ts';
import { countActions as countCalls } from '../../client/count-actions.ts';
import { SYNC_REQUESTED_SIGNAL } from '../../contracts/sync.ts';
import { calendarSyncWorkflowId } from '../../contracts/workflow-ids.ts';
import { countActions } from '../../worker/count-actions.ts';
import { connectCalendar } from '../support/connected-calendar.ts';
import { withWorkers } from '../support/temporal.ts';
import { startWorkflowStack, type WorkflowStack } from '../support/workflow-stack.ts';

let stack: WorkflowStack;
beforeAll(async () => {
  stack = await startWorkflowStack();
  await connectCalendar(stack, { events: 3 });
});
afterAll(() => stack.close());

async function billedIn(workflowId: string): Promise<number> {
  const { events } = await stack.temporal.client.workflow.getHandle(workflowId).fetchHistory();
  return billedOf(events ?? []);
}

async function counted(): Promise<number> {
  await stack.usage.flush();
  const rows = await stack.database.workspaceUsage.findMany({ where: { workspaceId: 'acme' } });
  return rows.reduce((sum, { temporalActions }) => sum + temporalActions, 0);
}

it('counts the actions of a sync as its history shows them', async () => {
  const { connection } = stack.temporal.client;
  const { namespace } = stack.temporal;
  const caller = new Client({ connection, namespace, interceptors: { workflow: [countCalls(stack.usage)] } });
  const workflowId = calendarSyncWorkflowId('acme');
  const worker = { interceptors: { activity: [countActions(stack.usage)] } };
  await withWorkers(stack.temporal, { activities: stack.activities, worker }, async () => {
    const run = await stack.startSync({ workspaceId: 'acme' });
    await caller.workflow.getHandle(workflowId).signal(SYNC_REQUESTED_SIGNAL, { mode: 'incremental' });
    expect(await run.result()).toMatchObject({ success: true });
  });
  const billed = await billedIn(workflowId);
  expect(billed).toBeGreaterThan(3);
  // No activity shows the timer beside the calendar list, nor the search attributes of a plain start.
  expect(await counted()).toBe(billed - 2);
});

it('counts the intent to start a sync of the fan-out as well', async () => {
  const before = await counted();
  await stack.database.calendarSyncState.updateMany({ data: { nextSyncAt: new Date(0) } });
  const worker = { interceptors: { activity: [countActions(stack.usage)] } };
  await withWorkers(stack.temporal, { activities: stack.activities, worker }, async () => {
    expect(await (await stack.startFanOut()).result()).toMatchObject({ succeeded: 1 });
  });
  expect(await billedIn(calendarSyncWorkflowId('acme'))).toBe(2);
  expect((await counted()) - before).toBe(3);
});
