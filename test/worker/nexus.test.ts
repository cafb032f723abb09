import { fileURLToPath } from 'node:url';
import { ApplicationFailure } from '@temporalio/common';
import { WorkflowFailedError } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { bookFirstSlot } from '../../examples/call-by-nexus/workflows.ts';
import { MOST_NEXUS_INPUT_BYTES } from '../../contracts/limits.ts';
import { calendarSyncWorkflowId, smartScheduleWorkflowId } from '../../contracts/workflow-ids.ts';
import { TaskQueue } from '../../contracts/task-queues.ts';
import { createWorkspace } from '../../services/workspaces.ts';
import { createNexusService } from '../../worker/nexus/create-nexus-service.ts';
import { eventWriting, type WritableWorkspace } from '../support/event-writing.ts';
import { connectTestTemporal, type TestTemporal, withWorkers } from '../support/temporal.ts';
import { startWorkflowStack, type WorkflowStack } from '../support/workflow-stack.ts';
import type { call, callAll } from './nexus-callers.ts';

const ENDPOINT = 'almanac-test';
const CALLERS = 'nexus-callers';
/** Within the horizon of occurrences. */
const DAY = new Date(Date.now() + 14 * 86_400_000).toISOString().slice(0, 10);
const at = (hour: string) => `${DAY}T${hour}:00Z`;
const WINDOW = { from: at('00:00'), to: at('23:00') };
const workflowsPath = fileURLToPath(new URL('./nexus-callers.ts', import.meta.url));

let stack: WorkflowStack;
/** Another namespace of the same server, whose workflows call. */
let other: TestTemporal;
let acme: WritableWorkspace;
let stop = (): void => undefined;
let serving: Promise<unknown>;
let calls = 0;
const writing = eventWriting(() => stack);

beforeAll(async () => {
  [stack, other] = await Promise.all([startWorkflowStack(), connectTestTemporal()]);
  await stack.temporal.client.connection.operatorService.createNexusEndpoint({
    spec: {
      name: ENDPOINT,
      target: { worker: { namespace: stack.temporal.namespace, taskQueue: TaskQueue.calendarSync } },
    },
  });
  const caller = await Worker.create({
    connection: other.nativeConnection,
    namespace: other.namespace,
    taskQueue: CALLERS,
    workflowsPath,
  });
  const stopped = new Promise<void>((resolve) => (stop = resolve));
  const worker = { nexusServices: [createNexusService(stack.database)] };
  serving = withWorkers(stack.temporal, { activities: stack.activities, worker }, () =>
    caller.runUntil(stopped),
  );
  acme = await writing.connect('acme');
});
afterAll(async () => {
  stop();
  await serving;
  await other.close();
  await stack.close();
});

async function started(operation: string, input: unknown, workflowId?: string) {
  calls += 1;
  return other.client.workflow.start<typeof call>('call', {
    taskQueue: CALLERS,
    workflowId: workflowId ?? `call-${calls}`,
    args: [{ endpoint: ENDPOINT, operation, input }],
  });
}

async function ask(operation: string, input: unknown): Promise<unknown> {
  return (await started(operation, input)).result();
}

/** Type and message of the error with which an operation fails. */
async function refusal(operation: string, input: unknown): Promise<string> {
  const error = await ask(operation, input).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof WorkflowFailedError)) throw new Error(`It did not fail: ${String(error)}`);
  const { cause } = error;
  return cause instanceof ApplicationFailure ? `${cause.type}: ${cause.message}` : String(cause);
}

describe('the Nexus service, called from another namespace', () => {
  it('syncs a workspace, and answers with the result', async () => {
    await stack.google.insertEvent(acme.google, {
      summary: 'Review',
      start: { dateTime: at('09:00') },
      end: { dateTime: at('10:00') },
    });
    expect(await ask('syncWorkspace', { workspaceId: 'acme' })).toMatchObject({
      workspaceId: 'acme',
      success: true,
      calendars: [{ upserted: 1 }],
    });
  });

  it('joins a sync that is running, which pulls once more', async () => {
    await stack.google.addFault({ match: { calendarId: acme.google }, times: 1, delayMs: 1_500 });
    const running = await stack.startSync({ workspaceId: 'acme' });
    const results = await other.client.workflow.execute<typeof callAll>('callAll', {
      taskQueue: CALLERS,
      workflowId: 'call-all',
      args: [{ endpoint: ENDPOINT, operation: 'syncWorkspace', input: { workspaceId: 'acme' }, times: 3 }],
    });
    expect(results).toEqual(Array.from({ length: 3 }, () => expect.objectContaining({ success: true })));
    await running.result();
  });

  it('plans a workspace', async () => {
    expect(await ask('planWorkspace', { workspaceId: 'acme' })).toMatchObject({
      workspaceId: 'acme',
      mode: 'preview',
      success: true,
    });
  });

  it('plans nothing for a workspace without an account, and leaves no dead letter', async () => {
    await createWorkspace(stack.database, { id: 'empty', timeZone: 'UTC' });
    const input = { workspaceId: 'empty', mode: 'apply' };
    expect(await refusal('planWorkspace', input)).toMatch(/^NOT_FOUND: .*account/);
    expect(await stack.database.deadLetter.count({ where: { workspaceId: 'empty' } })).toBe(0);
  });

  it('applies a plan, in a run that shows its correlation ID', async () => {
    const input = { workspaceId: 'acme', mode: 'apply', correlationId: 'order-3' };
    expect(await ask('planWorkspace', input)).toMatchObject({ mode: 'apply', applied: true });
    const run = stack.temporal.client.workflow.getHandle(smartScheduleWorkflowId('acme'));
    expect((await run.describe()).memo).toEqual({ correlationId: 'order-3' });
  });

  it('refuses a plan while another one runs, and cancels its own with the operation', async () => {
    await stack.google.addFault({ match: { calendarId: acme.google }, times: 1, delayMs: 8_000 });
    const first = await started('planWorkspace', { workspaceId: 'acme' });
    const plan = stack.temporal.client.workflow.getHandle(smartScheduleWorkflowId('acme'));
    await expect.poll(async () => (await plan.describe()).status.name).toBe('RUNNING');
    expect(await refusal('planWorkspace', { workspaceId: 'acme' })).toBe(
      'busy: Another run of the workspace is in progress: try again later.',
    );
    await first.cancel();
    await expect(first.result()).rejects.toThrow();
    await expect.poll(async () => (await plan.describe()).status.name).toBe('CANCELLED');
    await stack.google.clearFaults();
    await stack.temporal.client.workflow.getHandle(calendarSyncWorkflowId('acme')).result();
  });

  it('says when people are busy, without titles', async () => {
    const answer = await ask('availability', { workspaceIds: ['acme'], windows: [WINDOW] });
    expect(answer).toMatchObject({
      people: [{ workspaceId: 'acme', busy: [{ start: at('09:00'), end: at('10:00') }] }],
    });
    expect(JSON.stringify(answer)).not.toContain('Review');
  });

  it('writes an event once for a request, and keeps its content out of its own histories', async () => {
    const input = {
      workspaceId: 'acme',
      requestId: 'order-7',
      write: {
        operation: 'create',
        calendarId: acme.calendarId,
        title: 'Secret dinner',
        start: at('19:00'),
        end: at('20:00'),
      },
    };
    expect(await ask('writeEvent', input)).toEqual({ total: 1, done: 1, refused: 0, failed: 0 });
    expect(await ask('writeEvent', input)).toEqual({ total: 1, done: 1, refused: 0, failed: 0 });
    const titles = (await writing.eventsAt(acme.google)).map(({ summary }) => summary);
    expect(titles.filter((title) => title === 'Secret dinner')).toHaveLength(1);
    expect(await ask('writeOutcome', { workspaceId: 'acme', requestId: 'order-7' })).toMatchObject({
      status: 'done',
      eventId: expect.any(String),
    });
    for await (const { workflowId, runId } of stack.temporal.client.workflow.list()) {
      const { events } = await stack.temporal.client.workflow.getHandle(workflowId, runId).fetchHistory();
      const texts = JSON.stringify(events, (_, value: unknown) =>
        value instanceof Uint8Array ? Buffer.from(value).toString() : value,
      );
      expect(texts).not.toContain('Secret');
    }
  });

  it('runs the example: sync, find the first slot, write it', async () => {
    const meeting = await other.client.workflow.execute<typeof bookFirstSlot>('bookFirstSlot', {
      taskQueue: CALLERS,
      workflowId: 'meeting',
      args: [
        {
          endpoint: ENDPOINT,
          workspaceIds: ['acme'],
          calendarId: acme.calendarId,
          from: at('09:00'),
          to: at('12:00'),
          durationMinutes: 30,
        },
      ],
    });
    expect(meeting).toEqual({
      start: at('10:00'),
      end: at('10:30'),
      eventId: expect.any(String),
    });
  });

  it.each([
    ['syncWorkspace', { workspaceId: 'a b' }, /^BAD_REQUEST: .*workspaceId must be/],
    ['syncWorkspace', { workspaceId: 'nobody' }, /^NOT_FOUND: .*/],
    ['syncWorkspace', { workspaceId: 'acme', mode: 'sideways' }, /^BAD_REQUEST: .*mode must be/],
    ['syncWorkspace', { workspaceId: 'acme', hurry: true }, /^BAD_REQUEST: .*hurry is unknown/],
    ['planWorkspace', { workspaceId: 'acme', mode: 'purge' }, /^BAD_REQUEST: .*mode must be/],
    ['planWorkspace', { workspaceId: 'acme', days: 1_000 }, /^BAD_REQUEST: .*days must be/],
    ['availability', { workspaceIds: ['nobody'], windows: [WINDOW] }, /^NOT_FOUND: .*/],
    ['availability', { workspaceIds: [], windows: [WINDOW] }, /^BAD_REQUEST: .*workspaceIds must/],
    ['writeEvent', { workspaceId: 'acme', write: {} }, /^BAD_REQUEST: .*requestId must be given/],
    ['writeOutcome', { workspaceId: 'acme', requestId: 'never' }, /^NOT_FOUND: .*/],
    ['syncWorkspace', 'acme', /^BAD_REQUEST: .*/],
  ])('refuses %s of %j at once, naming the field', async (operation, input, expected) => {
    expect(await refusal(operation, input)).toMatch(expected);
  });

  it('refuses an input that is too large', async () => {
    const input = { workspaceId: 'acme', correlationId: 'x'.repeat(MOST_NEXUS_INPUT_BYTES) };
    expect(await refusal('syncWorkspace', input)).toMatch(/^BAD_REQUEST: .*input must have/);
  });
});
