import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setCalendarEnabled } from '../../services/calendars.ts';
import type { ChannelTotals, MaintainChannelsInput } from '../../contracts/push.ts';
import { TaskQueue } from '../../contracts/task-queues.ts';
import { watchRenewalWorkflowId } from '../../contracts/workflow-ids.ts';
import { WorkflowType } from '../../contracts/workflow-types.ts';
import { startServedStack, type WorkflowStack } from '../support/workflow-stack.ts';

const GOOGLE = 'pushed@example.com';
/** No server listens there: notifications are lost. */
const ADDRESS = 'http://127.0.0.1:9/webhooks/google-calendar';
const WATCH = { method: 'POST', pathContains: '/events/watch' };

let stack: WorkflowStack;
let runs = 0;
beforeAll(async () => {
  stack = await startServedStack();
  await stack.connect('pushed', GOOGLE);
  for (const [id, pushSupported] of [
    ['team', true],
    ['holidays', false],
  ] as const) {
    await stack.google.createCalendar(GOOGLE, { id, summary: id, timeZone: 'UTC', pushSupported });
  }
  await stack.sync('pushed');
  stack.dependencies.push.address = ADDRESS;
});
afterAll(() => stack.close());

async function maintain(input?: unknown): Promise<ChannelTotals> {
  runs += 1;
  const handle = await stack.temporal.client.workflow.start<
    (input: MaintainChannelsInput) => Promise<ChannelTotals>
  >(WorkflowType.maintainWatchChannels, {
    taskQueue: TaskQueue.calendarSync,
    workflowId: `maintain-${runs}`,
    args: [input as MaintainChannelsInput],
  });
  return handle.result();
}

const atGoogle = async () => (await stack.google.channels()).map(({ calendarId }) => calendarId).toSorted();
const nothing = { opened: 0, stopped: 0, unsupported: 0, failed: 0 };

describe('the upkeep of push channels', () => {
  it('opens one for every calendar that can be watched, past one that fails', async () => {
    await stack.google.addFault({
      match: { ...WATCH, calendarId: 'team' },
      times: 1,
      status: 403,
      reason: 'forbidden',
    });
    const { id } = await stack.database.calendar.findFirstOrThrow({ where: { googleCalendarId: 'team' } });
    expect(await maintain()).toMatchObject({
      ...nothing,
      opened: 1,
      unsupported: 1,
      failed: 1,
      sampleFailures: [{ calendarId: id, error: 'GoogleForbidden' }],
    });
    expect(await maintain()).toMatchObject({ ...nothing, opened: 1 });
    expect(await atGoogle()).toEqual([GOOGLE, 'team']);
  });

  it('costs two activities where all is as it should be', async () => {
    expect(await maintain()).toMatchObject(nothing);
    const { workflow } = stack.temporal.client;
    const { events } = await workflow.getHandle(`maintain-${runs}`).fetchHistory();
    expect(events?.filter((event) => event.activityTaskScheduledEventAttributes)).toHaveLength(2);
  });

  it('renews what is about to expire', async () => {
    const before = (await stack.google.channels()).map(({ id }) => id);
    stack.clock.now = new Date(Date.now() + 6.1 * 86_400_000);
    expect(await maintain()).toMatchObject({ ...nothing, opened: 2, stopped: 2 });
    stack.clock.now = null;
    expect(await atGoogle()).toEqual([GOOGLE, 'team']);
    for (const { id } of await stack.google.channels()) expect(before).not.toContain(id);
  });

  it('does not wait for the hour when a calendar is switched on again: its next sync asks for it', async () => {
    const { id } = await stack.database.calendar.findFirstOrThrow({ where: { googleCalendarId: 'team' } });
    await setCalendarEnabled(stack.database, id, false);
    expect(await maintain()).toMatchObject({ ...nothing, stopped: 1 });
    expect(await atGoogle()).toEqual([GOOGLE]);

    await setCalendarEnabled(stack.database, id, true);
    await stack.sync('pushed');
    const upkeep = stack.temporal.client.workflow.getHandle(watchRenewalWorkflowId('pushed'));
    expect(await upkeep.result()).toMatchObject({ ...nothing, opened: 1 });
    expect(await atGoogle()).toEqual([GOOGLE, 'team']);
  });

  it('asks Google no more once it has refused the address, and leaves the channels there are', async () => {
    stack.dependencies.push.address = 'http://127.0.0.1:9/elsewhere';
    await stack.google.addFault({
      match: WATCH,
      times: 20,
      status: 400,
      reason: 'push.webhookUrlUnauthorized',
    });
    expect(await maintain()).toMatchObject({ ...nothing, addressRefused: true });
    await stack.google.clearFaults();
    expect(await atGoogle()).toEqual([GOOGLE, 'team']);
  });

  it('stops all of them when there is no address any more', async () => {
    stack.dependencies.push.address = null;
    expect(await maintain()).toMatchObject({ ...nothing, stopped: 2 });
    expect(await atGoogle()).toEqual([]);
  });

  it('opens those of a newly connected account with its first sync, and of no other workspace', async () => {
    stack.dependencies.push.address = ADDRESS;
    await stack.connect('joined', 'joined@example.com');
    await stack.connect('joined', 'second@example.com');
    expect(await stack.sync('joined', 'full')).toMatchObject({ success: true });
    const upkeep = stack.temporal.client.workflow.getHandle('calendar-watch-renewal/joined');
    expect(await upkeep.result()).toMatchObject({ ...nothing, opened: 2 });
    expect(await atGoogle()).toEqual(['joined@example.com', 'second@example.com']);

    const { runId } = await upkeep.describe();
    await stack.database.calendarAuthToken.updateMany({ data: { calendarListDueAt: new Date() } });
    await stack.sync('joined');
    expect((await upkeep.describe()).runId).toBe(runId);
  });

  it('opens them where an upkeep of the workspace is running already', async () => {
    await stack.google.addFault({ match: WATCH, times: 1, delayMs: 2_000 });
    await stack.connect('busy', 'busy@example.com');
    await stack.sync('busy');
    await stack.database.calendarAuthToken.updateMany({ data: { calendarListDueAt: new Date() } });
    expect(await stack.sync('busy')).toMatchObject({ success: true });
    const upkeep = stack.temporal.client.workflow.getHandle('calendar-watch-renewal/busy');
    expect(await upkeep.result()).toMatchObject({ ...nothing, opened: 1 });
  });

  it('takes no input but its own', async () => {
    await expect(maintain('all')).rejects.toThrow();
    await expect(maintain({ workspaceId: 'a workspace' })).rejects.toThrow();
    await expect(maintain({ resume: { afterCalendarId: 'all' } })).rejects.toThrow();
  });
});
