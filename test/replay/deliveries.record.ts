import { afterAll, beforeAll, it } from 'vitest';
import { DELIVERY_WOKEN_SIGNAL, type DeliverBatchResult } from '../../contracts/delivery.ts';
import { TaskQueue } from '../../contracts/task-queues.ts';
import { deliveryWorkflowId } from '../../contracts/workflow-ids.ts';
import { WorkflowType } from '../../contracts/workflow-types.ts';
import { createGate, startScriptedStack, type ScriptedStack } from './scripted-stack.ts';

let stack: ScriptedStack;

beforeAll(async () => {
  stack = await startScriptedStack({ 'limit.historyCount.suggestContinueAsNew': '40' });
});
afterAll(() => stack.close());

const ID = '00000000-0000-4000-8000-0000000000d1';

const wake = () =>
  stack.temporal.client.workflow.signalWithStart(WorkflowType.deliverChanges, {
    workflowId: deliveryWorkflowId(ID),
    taskQueue: TaskQueue.calendarSync,
    args: [{ subscriptionId: ID }],
    signal: DELIVERY_WOKEN_SIGNAL,
    signalArgs: [],
  });

/** Answers of the activity, in turn. */
function follow(...answers: DeliverBatchResult[]): void {
  stack.follow({ deliverChangeBatch: async () => answers.shift() ?? { outcome: 'idle' } });
}

it('records deliveries that a commit wakes while the last one is being made', async () => {
  const gate = createGate();
  let looks = 0;
  stack.follow({
    deliverChangeBatch: async () => {
      looks += 1;
      if (looks === 1) return { outcome: 'more' };
      if (looks === 2) await gate.pass();
      return { outcome: 'idle' };
    },
  });
  await wake();
  await gate.arrived;
  await wake();
  gate.open();
  await stack.record('deliver-changes', stack.handleOf(deliveryWorkflowId(ID)));
});

it('records deliveries that wait for their receiver, and that are woken before', async () => {
  follow({ outcome: 'wait', waitMs: 1_500 }, { outcome: 'more' }, { outcome: 'wait', waitMs: 3_600_000 });
  const handle = await stack.start(WorkflowType.deliverChanges, deliveryWorkflowId(ID), {
    subscriptionId: ID,
  });
  await new Promise((resolve) => setTimeout(resolve, 4_000));
  await wake();
  await stack.record('deliver-changes.failing', handle);
});

it('records deliveries that continue as new, and input that is refused', async () => {
  follow(...Array.from({ length: 12 }, () => ({ outcome: 'more' as const })));
  const start = (input: object) => stack.start(WorkflowType.deliverChanges, deliveryWorkflowId(ID), input);
  await stack.record('deliver-changes.continued', await start({ subscriptionId: ID }));
  await stack.record('deliver-changes.invalid-input', await start({ subscriptionId: 'none' }));
});
