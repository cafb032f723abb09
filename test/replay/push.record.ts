import { afterAll, beforeAll, expect, it } from 'vitest';
import { TaskQueue } from '../../contracts/task-queues.ts';
import { WorkflowType } from '../../contracts/workflow-types.ts';
import { startOwnTemporal } from '../support/temporal.ts';
import { startServedStack, startWorkflowStack, type WorkflowStack } from '../support/workflow-stack.ts';
import { recordHistory } from './recorder.ts';

let stack: WorkflowStack;
beforeAll(async () => {
  stack = await startServedStack();
});
afterAll(() => stack.close());

const WATCH = { method: 'POST', pathContains: '/events/watch' };
let runs = 0;
const maintain = ({ temporal } = stack, input: unknown = {}) =>
  temporal.client.workflow.start(WorkflowType.maintainWatchChannels, {
    taskQueue: TaskQueue.calendarSync,
    workflowId: `maintain-${(runs += 1)}`,
    args: [input],
  });

it('records the upkeep of push channels', async () => {
  // Only the calendars of this one are active.
  await stack.database.calendar.updateMany({ data: { enabled: false } });
  const google = 'pushed@example.com';
  await stack.connect('pushed', google);
  await stack.google.createCalendar(google, { summary: 'Holidays', timeZone: 'UTC', pushSupported: false });
  await stack.google.createCalendar(google, { summary: 'Forbidden', timeZone: 'UTC', id: 'forbidden' });
  await stack.sync('pushed');
  stack.dependencies.push.address = 'http://127.0.0.1:9/webhooks/google-calendar';
  await stack.google.addFault({
    match: { ...WATCH, calendarId: 'forbidden' },
    times: 1,
    status: 403,
    reason: 'forbidden',
  });
  await recordHistory('maintain-watch-channels', await maintain(), stack);
  stack.clock.now = new Date(Date.now() + 6.1 * 86_400_000);
  await recordHistory('maintain-watch-channels.renewed', await maintain(), stack);
  stack.clock.now = null;
  await stack.google.addFault({ match: { ...WATCH, calendarId: 'forbidden' }, times: 1, delayMs: 1_000 });
  await stack.database.watchChannel.deleteMany();
  const cancelled = await maintain();
  await expect.poll(async () => (await cancelled.describe()).historyLength).toBeGreaterThan(15);
  await cancelled.cancel();
  await recordHistory('maintain-watch-channels.cancelled', cancelled, stack);
  await recordHistory('maintain-watch-channels.invalid-input', await maintain(stack, { resume: {} }), stack);
});

it('records syncs that have channels opened', async () => {
  await stack.connect('joined', 'joined@example.com');
  await stack.google.addFault({ match: WATCH, times: 1, delayMs: 3_000 });
  const first = await stack.startSync({ workspaceId: 'joined' });
  await recordHistory('incremental-sync.channels-wanted', first, stack);
  await stack.database.calendarAuthToken.updateMany({ data: { calendarListDueAt: new Date() } });
  const second = await stack.startSync({ workspaceId: 'joined' });
  await recordHistory('incremental-sync.channels-wanted-again', second, stack);
  const upkeep = stack.temporal.client.workflow.getHandle('calendar-watch-renewal/joined');
  await recordHistory('maintain-watch-channels.workspace', upkeep, stack);
});

it('records an upkeep that was continued', async () => {
  const long = await startWorkflowStack(() =>
    startOwnTemporal({ 'limit.historyCount.suggestContinueAsNew': '10' }),
  );
  const accountId = await long.connect('long', 'long@example.com');
  await long.database.calendar.createMany({
    data: Array.from({ length: 201 }, (_, index) => ({
      workspaceId: 'long',
      accountId,
      googleCalendarId: `calendar-${index}`,
      summary: 'One of many',
      timeZone: 'UTC',
      accessRole: 'owner',
    })),
  });
  long.dependencies.push.address = 'http://127.0.0.1:9/webhooks/google-calendar';
  // A refused address ends all opening: the history stays short.
  await long.google.addFault({
    match: WATCH,
    times: 50,
    status: 400,
    reason: 'push.webhookUrlUnauthorized',
  });
  await long.withWorkers(async () => {
    const handle = await maintain(long);
    expect(await handle.result()).toMatchObject({ addressRefused: true });
    await recordHistory('maintain-watch-channels.continued', handle, long);
    const next = long.temporal.client.workflow.getHandle(handle.workflowId);
    await recordHistory('maintain-watch-channels.continuation', next, long);
  });
  await long.close();
});
