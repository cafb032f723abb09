import { sleep } from '@temporalio/activity';
import { afterAll, beforeAll, it } from 'vitest';
import { createEventWriteClient } from '../../client/event-writes.ts';
import { FailureType } from '../../contracts/failure-types.ts';
import { eventWriteWorkflowId } from '../../contracts/workflow-ids.ts';
import { WorkflowType } from '../../contracts/workflow-types.ts';
import type { ApplyEventWritesResult } from '../../contracts/writing.ts';
import { failure, startScriptedStack, type ScriptedStack } from './scripted-stack.ts';

let stack: ScriptedStack;

beforeAll(async () => {
  stack = await startScriptedStack();
});
afterAll(() => stack.close());

const batch = (index: number) => ({
  workspaceId: 'acme',
  batchId: `00000000-0000-4000-8000-0000000000e${index}`,
});
const counts = { total: 2, done: 1, refused: 0, failed: 0 };

it('records writes that are waited for', async () => {
  const answers: ApplyEventWritesResult[] = [
    { outcome: 'more', ...counts },
    { outcome: 'done', ...counts, done: 2 },
  ];
  stack.follow({ applyEventWrites: async () => answers.shift()! });
  await createEventWriteClient(stack.temporal.client).makeWrites(batch(1));
  await stack.record('write-event', stack.handleOf(eventWriteWorkflowId('acme', batch(1).batchId)));
});

it('records writes that fail, and input that is refused', async () => {
  stack.follow({
    applyEventWrites: () => Promise.reject(failure(FailureType.googleUnavailable)),
    failEventWrites: async () => ({ ...counts, failed: 1 }),
  });
  const start = (input: object) => stack.start(WorkflowType.writeEvent, 'event-write/acme/x', input);
  await stack.record('write-event.failed', await start(batch(2)));
  await stack.record('write-event.invalid-input', await start({ workspaceId: 'acme', batchId: 'none' }));
});

it('records writes that are cancelled', async () => {
  stack.follow({ applyEventWrites: () => sleep('1 minute').then(() => ({ outcome: 'done', ...counts })) });
  const handle = await stack.start(WorkflowType.writeEvent, 'event-write/acme/y', batch(3));
  await handle.cancel();
  await stack.record('write-event.cancelled', handle);
});
