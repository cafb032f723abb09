import { Client } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
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

/** Counts what a history shows as billed, without timers and search attributes. */
async function billedIn(workflowId: string): Promise<number> {
  const { events } = await stack.temporal.client.workflow.getHandle(workflowId).fetchHistory();
  return (events ?? []).reduce((sum, event) => {
    const attempts = event.activityTaskStartedEventAttributes?.attempt ?? 0;
    const isOne =
      event.workflowExecutionStartedEventAttributes ?? event.workflowExecutionSignaledEventAttributes;
    const isLocal = event.markerRecordedEventAttributes?.markerName === 'core_local_activity';
    return sum + attempts + (isOne || isLocal ? 1 : 0);
  }, 0);
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
  await stack.usage.flush();
  const [row] = await stack.database.workspaceUsage.findMany();
  const billed = await billedIn(workflowId);
  expect(billed).toBeGreaterThan(3);
  expect(row).toMatchObject({ workspaceId: 'acme', temporalActions: billed });
});
