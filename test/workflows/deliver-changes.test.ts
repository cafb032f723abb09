import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { DeliveryContext } from '../../services/delivery/context.ts';
import { pauseWebhook, resumeWebhook } from '../../services/delivery/pause.ts';
import { createWebhook, findWebhook } from '../../services/delivery/webhooks.ts';
import { TaskQueue } from '../../contracts/task-queues.ts';
import { deliveryWorkflowId } from '../../contracts/workflow-ids.ts';
import { WorkflowType } from '../../contracts/workflow-types.ts';
import { startDeliveryWaker } from '../../worker/wake-deliveries.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { startServedStack, type WorkflowStack } from '../support/workflow-stack.ts';

const PATIENCE = { timeout: 20_000, interval: 50 };
const EMAIL = 'ada@example.com';

let stack: WorkflowStack;
let context: DeliveryContext;
let receiver: Receiver;
let stopWaking: (() => Promise<void>) | undefined;
let webhookId: string;

function startWaking() {
  stopWaking = startDeliveryWaker({
    databaseUrl: stack.environment['DATABASE_URL']!,
    database: stack.dependencies.database,
    temporal: stack.temporal.client,
    logger: pino({ level: 'silent' }),
  });
}

beforeAll(async () => {
  stack = await startServedStack();
  context = { database: stack.database, ...stack.dependencies.delivery };
  await stack.connect('acme', EMAIL);
  await stack.sync('acme');
});
afterAll(() => stack.close());

beforeEach(async () => {
  receiver = await startReceiver();
  const { id, secret } = await createWebhook(context, 'acme', { url: receiver.url, payload: 'full' });
  [webhookId, receiver.secret] = [id, secret];
});
afterEach(async () => {
  await stopWaking?.();
  stopWaking = undefined;
  receiver.close();
  await stack.database.webhookSubscription.deleteMany();
});

async function addEvent(summary: string): Promise<void> {
  const start = { dateTime: '2026-12-01T09:00:00Z' };
  await stack.google.insertEvent(EMAIL, { summary, start, end: { dateTime: '2026-12-01T10:00:00Z' } });
  expect(await stack.sync('acme')).toMatchObject({ success: true });
}

const summaries = () =>
  receiver.received.flatMap(({ message }) =>
    message.data.changes.map(({ event }) => (event as { summary: string }).summary),
  );
const received = (expected: string[]) => vi.waitFor(() => expect(summaries()).toEqual(expected), PATIENCE);
const handle = () => stack.temporal.client.workflow.getHandle(deliveryWorkflowId(webhookId));

it('delivers what a sync has committed, and leaves no run when nothing is left', async () => {
  startWaking();
  await addEvent('First');
  await received(['First']);
  await handle().result();
  await addEvent('Second');
  await received(['First', 'Second']);
  await handle().result();
  const { status, historyLength } = await handle().describe();
  expect(status.name).toBe('COMPLETED');
  // One activity, and the signal that has started the run.
  expect(historyLength).toBeLessThan(13);
});

it('holds neither address nor secret nor event in its history', async () => {
  startWaking();
  await addEvent('Confidential');
  await received(['Confidential']);
  await handle().result();
  const history = JSON.stringify(await handle().fetchHistory());
  const { port } = new URL(receiver.url);
  const words = ['Confidential', '/hook', `:${port}`, receiver.secret.slice(6)];
  for (const word of words) {
    expect(history).not.toContain(word);
    expect(history).not.toContain(
      Buffer.from(word)
        .toString('base64')
        .replace(/.{0,3}=*$/, ''),
    );
  }
});

it('makes good what was committed while nothing was listening', async () => {
  await addEvent('Missed');
  startWaking();
  await received(['Missed']);
});

it('waits in its run while the receiver fails, and goes on at once when it is resumed', async () => {
  receiver.answer({ status: 503, headers: { 'retry-after': '3600' } }, 204);
  startWaking();
  await addEvent('Late');
  await received(['Late']);
  await vi.waitFor(
    async () => expect(await findWebhook(stack.database, 'acme', webhookId)).toMatchObject({ failures: 1 }),
    PATIENCE,
  );
  // Commits do not wake it before its time.
  await addEvent('Later');
  expect((await handle().describe()).status.name).toBe('RUNNING');
  expect(summaries()).toEqual(['Late']);
  await resumeWebhook(stack.database, 'acme', webhookId);
  await received(['Late', 'Late', 'Later']);
  await handle().result();
});

it('ends when the subscription is paused meanwhile', async () => {
  startWaking();
  receiver.beforeAnswer = async () => {
    await pauseWebhook(stack.database, 'acme', webhookId);
  };
  await addEvent('Last');
  await received(['Last']);
  await handle().result();
});

it('refuses an input without a subscription', async () => {
  const run = stack.temporal.client.workflow.execute(WorkflowType.deliverChanges, {
    taskQueue: TaskQueue.calendarSync,
    workflowId: 'delivery/none',
    args: [{}],
  });
  await expect(run).rejects.toMatchObject({ cause: { type: 'InvalidInput', nonRetryable: true } });
});
