import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PlanRequest } from '../../contracts/planning.ts';
import { PROGRESS_QUERY, SYNC_REQUESTED_SIGNAL } from '../../contracts/sync.ts';
import { TaskQueue } from '../../contracts/task-queues.ts';
import {
  calendarSyncWorkflowId,
  planPartitionWorkflowId,
  smartScheduleWorkflowId,
} from '../../contracts/workflow-ids.ts';
import { WorkflowType } from '../../contracts/workflow-types.ts';
import { startPlan } from '../support/planning-stack.ts';
import { startOwnTemporal } from '../support/temporal.ts';
import { startVerification } from '../support/verification.ts';
import { startServedStack, startWorkflowStack, type WorkflowStack } from '../support/workflow-stack.ts';
import { recordHistory } from './recorder.ts';

/** Records the histories that the replay tests run against and that are missing: `npm run record-histories`. */

let stack: WorkflowStack;

beforeAll(async () => {
  stack = await startServedStack();
});
afterAll(() => stack.close());

const lunch = {
  summary: 'Lunch',
  start: { dateTime: '2026-12-01T12:00:00Z' },
  end: { dateTime: '2026-12-01T13:00:00Z' },
};

async function record(name: string, handle: WorkflowHandle, from = stack): Promise<void> {
  await recordHistory(name, handle, from);
}

function handleOf(workflowId: string): WorkflowHandle {
  return stack.temporal.client.workflow.getHandle(workflowId);
}

async function connected(id: string): Promise<string> {
  const google = `${id}@example.com`;
  await stack.connect(id, google);
  return google;
}

/** Holds the next answer of a calendar back, so that something can happen to the run meanwhile. */
async function slow(google: string): Promise<void> {
  await stack.google.addFault({ match: { calendarId: google }, times: 1, delayMs: 1_000 });
}

it('records syncs that go well', async () => {
  const google = await connected('plain');
  await stack.google.createCalendar(google, { summary: 'Second', timeZone: 'UTC' });
  await stack.google.generateEvents(google, { count: 30, seed: 1 });
  await stack.google.setPageShape({ maxPageSize: 10 });
  await record('incremental-sync.first', await stack.startSync({ workspaceId: 'plain' }));
  await stack.google.setPageShape({ maxPageSize: 2500 });
  await record('incremental-sync.idle', await stack.startSync({ workspaceId: 'plain' }));
  await record('full-sync', await stack.startSync({ workspaceId: 'plain' }, 'full'));
  await stack.google.expireSyncTokens(google);
  await record('incremental-sync.sync-token-expired', await stack.startSync({ workspaceId: 'plain' }));
  await slow(google);
  const signalled = await stack.startSync({ workspaceId: 'plain' });
  await signalled.signal(SYNC_REQUESTED_SIGNAL, { mode: 'full' });
  await signalled.query(PROGRESS_QUERY);
  await record('incremental-sync.full-requested', signalled);
  await record(
    'incremental-sync.signal-with-start',
    await stack.signalWithStart('plain', { mode: 'incremental' }),
  );
});

it('records syncs that fail', async () => {
  const google = await connected('failing');
  await stack.google.createCalendar(google, { summary: 'Second', timeZone: 'UTC' });
  await stack.google.generateEvents(google, { count: 30, recurringShare: 0, seed: 2 });
  await stack.google.setPageShape({ maxPageSize: 10 });
  await stack.google.addFault({
    match: { query: { pageToken: '*' } },
    times: 1,
    status: 400,
    reason: 'invalid',
  });
  await record('incremental-sync.page-token-expired', await stack.startSync({ workspaceId: 'failing' }));
  await stack.google.setPageShape({ maxPageSize: 2500 });
  await stack.google.addFault({ match: { calendarId: google }, times: 1, emptyItems: true });
  await record('full-sync.suspiciously-empty', await stack.startSync({ workspaceId: 'failing' }, 'full'));
  await stack.google.addFault({ match: { calendarId: google }, times: 1, status: 503 });
  await record('incremental-sync.retried', await stack.startSync({ workspaceId: 'failing' }));
  await stack.google.addFault({ match: { calendarId: google }, times: 1, status: 403, reason: 'forbidden' });
  await record('incremental-sync.calendar-failed', await stack.startSync({ workspaceId: 'failing' }));
  await slow(google);
  const cancelled = await stack.startSync({ workspaceId: 'failing' });
  await expect.poll(async () => (await cancelled.describe()).historyLength).toBeGreaterThan(5);
  await cancelled.cancel();
  await record('incremental-sync.cancelled', cancelled);
  await stack.google.revokeGrant(google);
  await record('incremental-sync.revoked', await stack.startSync({ workspaceId: 'failing' }));
  await record('incremental-sync.disconnected', await stack.startSync({ workspaceId: 'failing' }));
  await record('incremental-sync.invalid-input', await stack.startSync({ workspaceId: 'not an id' }));
  await record('incremental-sync.unknown-workspace', await stack.startSync({ workspaceId: 'nobody' }));
});

it('records fan-outs', async () => {
  const [fine, broken, busy] = [await connected('fine'), await connected('broken'), await connected('busy')];
  await record('sync-all-workspaces.due', await stack.startFanOut());
  await record('incremental-sync.from-fan-out', handleOf(calendarSyncWorkflowId('fine')));

  await stack.google.insertEvent(fine, lunch);
  await stack.google.addFault({ match: { calendarId: broken }, times: 1, status: 403, reason: 'forbidden' });
  await slow(busy);
  const running = await stack.startSync({ workspaceId: 'busy' });
  const given = await stack.startFanOut({ workspaceIds: ['fine', 'broken', 'busy', 'nobody'], mode: 'full' });
  await record('sync-all-workspaces.given', given);
  const partition = `calendar-provider-sync/${given.firstExecutionRunId}/partition/0`;
  await record('sync-workspace-partition', handleOf(partition));
  await running.result();
  await record('sync-all-workspaces.nothing-due', await stack.startFanOut());
});

it('records the horizon roll', async () => {
  stack.clock.now = new Date(Date.now() + 86_400_000);
  const handle = await stack.temporal.client.workflow.start(WorkflowType.rollHorizons, {
    taskQueue: TaskQueue.calendarSync,
    workflowId: 'roll-horizons',
  });
  await record('roll-horizons', handle);
  stack.clock.now = null;
});

it('records verifications, an audit and retention', async () => {
  const google = await connected('verified');
  await stack.google.createCalendar(google, { summary: 'Second', timeZone: 'UTC' });
  await stack.google.generateEvents(google, { count: 30, recurringShare: 0, seed: 3 });
  await stack.sync('verified');
  const lose = () =>
    stack.database.calendarEvent.deleteMany({ where: { calendar: { googleCalendarId: google } } });
  await stack.google.setPageShape({ maxPageSize: 10 });
  await record('verify-workspace', await startVerification(stack, { workspaceId: 'verified' }));
  await lose();
  await stack.google.insertEvent(google, lunch);
  await record('verify-workspace.drifted', await startVerification(stack, { workspaceId: 'verified' }));
  await stack.google.addFault({
    match: { query: { pageToken: '*' } },
    times: 1,
    status: 400,
    reason: 'invalid',
  });
  await record(
    'verify-workspace.repaired',
    await startVerification(stack, { workspaceId: 'verified', repair: true }),
  );
  await lose();
  await stack.google.expireSyncTokens(google);
  await record(
    'verify-workspace.sync-token-expired',
    await startVerification(stack, { workspaceId: 'verified' }),
  );
  await stack.google.setPageShape({ maxPageSize: 2500 });
  await stack.sync('verified');
  await stack.google.addFault({ match: { calendarId: google }, times: 1, emptyItems: true });
  await record(
    'verify-workspace.suspiciously-empty',
    await startVerification(stack, { workspaceId: 'verified' }),
  );
  await stack.google.addFault({ match: { calendarId: google }, times: 1, status: 403, reason: 'forbidden' });
  await record(
    'verify-workspace.calendar-failed',
    await startVerification(stack, { workspaceId: 'verified' }),
  );

  const start = (type: WorkflowType) =>
    stack.temporal.client.workflow.start(type, { taskQueue: TaskQueue.calendarSync, workflowId: type });
  await record('audit-drift', await start(WorkflowType.auditDrift));
  await record('apply-retention.compacted', await start(WorkflowType.applyRetention));
});

it('records the notices of dead letters', async () => {
  const handle = await stack.temporal.client.workflow.start(WorkflowType.notifyDeadLetters, {
    taskQueue: TaskQueue.calendarSync,
    workflowId: 'notify-dead-letters',
  });
  await record('notify-dead-letters', handle);
});

it('records histories that were continued', async () => {
  const long = await startWorkflowStack(() =>
    startOwnTemporal({ 'limit.historyCount.suggestContinueAsNew': '40' }),
  );
  const google = 'long@example.com';
  await long.connect('long', google);
  for (let index = 0; index < 12; index += 1) {
    await long.google.createCalendar(google, { summary: `Calendar ${index}`, timeZone: 'UTC' });
  }
  await long.withWorkers(async () => {
    const handle = await long.startSync({ workspaceId: 'long' });
    await handle.result();
    await record('incremental-sync.continued', handle, long);
    await record(
      'incremental-sync.continuation',
      long.temporal.client.workflow.getHandle(handle.workflowId),
      long,
    );
  });
  await long.close();
});

it('records a verification that was continued', async () => {
  const long = await startWorkflowStack(() =>
    startOwnTemporal({ 'limit.historyCount.suggestContinueAsNew': '40' }),
  );
  const google = 'long@example.com';
  await long.connect('long', google);
  for (let index = 0; index < 4; index += 1) {
    await long.google.createCalendar(google, { summary: `Calendar ${index}`, timeZone: 'UTC' });
  }
  await long.withWorkers(async () => {
    await long.sync('long');
    const handle = await startVerification(long, { workspaceId: 'long' });
    expect((await handle.result()).calendars).toHaveLength(5);
    await record('verify-workspace.continued', handle, long);
    await record(
      'verify-workspace.continuation',
      long.temporal.client.workflow.getHandle(handle.workflowId),
      long,
    );
  });
  await long.close();
});

it('records plans', async () => {
  const google = await connected('planner');
  await stack.database.schedulePolicy.create({ data: { workspaceId: 'planner', autoApply: true } });
  await stack.database.task.create({
    data: { workspaceId: 'planner', title: 'Report', durationMinutes: 60, priority: 'high' },
  });
  const plan = (request: Partial<PlanRequest> = {}) =>
    startPlan(stack, { workspaceId: 'planner', days: 7, mode: 'apply', ...request });
  await record('schedule-workspace.preview', await plan({ mode: 'preview' }));
  const refused = await plan({ safe: true, expectedFingerprint: 'another' });
  await record('schedule-workspace.refused', refused);
  await stack.google.addFault({
    match: { method: 'POST', pathContains: '/events' },
    times: 1,
    status: 403,
    reason: 'forbidden',
  });
  await record('schedule-workspace.left-a-dead-letter', await plan());
  await slow(google);
  const running = await stack.startSync({ workspaceId: 'planner' });
  const applied = await plan();
  await record('schedule-workspace.applied', applied);
  await running.result();
  const { runId } = await applied.result();
  await record('schedule-workspace.undone', await plan({ mode: 'undo', undoRunId: runId ?? '' }));
  const fanOut = await stack.temporal.client.workflow.start(WorkflowType.scheduleAllWorkspaces, {
    taskQueue: TaskQueue.calendarSync,
    workflowId: 'plan-fan-out',
  });
  await record('schedule-all-workspaces', fanOut);
  const partition = planPartitionWorkflowId(fanOut.firstExecutionRunId, 0);
  await record('schedule-workspace-partition', handleOf(partition));
  await record('schedule-workspace.from-fan-out', handleOf(smartScheduleWorkflowId('planner')));
  await record('schedule-workspace.purged', await plan({ mode: 'purge' }));
  await record('schedule-workspace.invalid-input', await plan({ days: 3 }));
  await stack.google.revokeGrant(google);
  await record('schedule-workspace.disconnected', await plan());
});
