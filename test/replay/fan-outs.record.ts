import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, it } from 'vitest';
import { calendarSyncWorkflowId, smartScheduleWorkflowId } from '../../contracts/workflow-ids.ts';
import { WorkflowType } from '../../contracts/workflow-types.ts';
import { createGate, type Script, type ScriptedStack, startScriptedStack } from './scripted-stack.ts';

/** More than a partition, and than a report to the coordinator, takes. */
const MANY = 101;
/** A page of a partition. */
const PAGE = 200;

let stack: ScriptedStack;
/** A server that has histories continued after 40 events. */
let short: ScriptedStack;
beforeAll(async () => {
  [stack, short] = await Promise.all([
    startScriptedStack(),
    startScriptedStack({ 'limit.historyCount.suggestContinueAsNew': '40' }),
  ]);
});
afterAll(() => Promise.all([stack.close(), short.close()]));

/** Workspaces without calendars: their syncs are over at once. */
const SMOOTH: Script = {
  loadSyncTargets: async () => ({ calendarIds: [], accountIds: [], disconnectedAccountIds: [] }),
};

const ids = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index}`);

function partitionOf(fanOut: WorkflowHandle, index: number): WorkflowHandle {
  const { firstExecutionRunId } = fanOut as { firstExecutionRunId?: string };
  return stack.handleOf(`calendar-provider-sync/${firstExecutionRunId}/partition/${index}`);
}

it('records a fan-out over many workspaces', async () => {
  stack.follow(SMOOTH);
  const input = { workspaceIds: ids('many', MANY), source: 'manual', correlationId: 'many' };
  const fanOut = await stack.start(WorkflowType.syncAllWorkspaces, 'many', input);
  await stack.record('sync-all-workspaces.many', fanOut);
  await stack.record('sync-workspace-partition.reports', partitionOf(fanOut, 0));
});

it('records a fan-out that is cut short, from outside and by a partition', async () => {
  const gate = createGate();
  stack.follow({
    loadSyncTargets: async (input) => {
      await gate.pass();
      return SMOOTH.loadSyncTargets!(input);
    },
  });
  const cancelled = await stack.start(WorkflowType.syncAllWorkspaces, 'cancelled', {
    workspaceIds: ['a', 'b'],
  });
  const terminated = await stack.start(WorkflowType.syncAllWorkspaces, 'terminated', { workspaceIds: ['c'] });
  const broken = await stack.start(WorkflowType.syncAllWorkspaces, 'broken', { workspaceIds: ['d'] });
  await gate.arrived;
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  await cancelled.cancel();
  await partitionOf(terminated, 0).terminate();
  await stack.handleOf(calendarSyncWorkflowId('d')).terminate();
  await stack.record('sync-all-workspaces.cancelled', cancelled);
  await stack.record('sync-workspace-partition.cancelled', partitionOf(cancelled, 0));
  await stack.record('sync-all-workspaces.partition-terminated', terminated);
  await stack.record('sync-workspace-partition.child-terminated', partitionOf(broken, 0));
  gate.open();
});

it('records a partition that goes round from the middle of its range', async () => {
  stack.follow({
    ...SMOOTH,
    partitionWorkspaces: async () => [{ after: null, upTo: 'z', startAfter: 'm', workspaces: 2 }],
    listWorkspaces: async ({ range: { after } }) => [
      { workspaceId: after === 'm' ? 'z' : 'a', targets: { calendarIds: [], accountIds: [] } },
    ],
  });
  const fanOut = await stack.start(WorkflowType.syncAllWorkspaces, 'round');
  await stack.record('sync-all-workspaces.round', fanOut);
  await stack.record('sync-workspace-partition.round', partitionOf(fanOut, 0));
});

it('records inputs that make no sense', async () => {
  const start = (type: WorkflowType, workflowId: string, input: unknown) =>
    stack.start(type, workflowId, input);
  await stack.record(
    'sync-all-workspaces.invalid-input',
    await start(WorkflowType.syncAllWorkspaces, 'i1', { all: 3 }),
  );
  await stack.record(
    'sync-all-workspaces.input-no-object',
    await start(WorkflowType.syncAllWorkspaces, 'i2', [1]),
  );
  const slice = { mode: 'incremental', source: 'manual', correlationId: 'c', dueAt: null, slice: 7 };
  await stack.record(
    'sync-workspace-partition.invalid-slice',
    await start(WorkflowType.syncWorkspacePartition, 'i3', slice),
  );
});

it('records partitions that are continued', async () => {
  const gate = createGate();
  const range = { after: null, upTo: null };
  const busy = Array.from({ length: PAGE }, () => ({ workspaceId: 'busy', targets: null }));
  short.follow({
    loadSyncTargets: async (input) => {
      await gate.pass();
      return SMOOTH.loadSyncTargets!(input);
    },
    listWorkspaces: async ({ range: { after } }) => (after === 'busy' ? [] : busy),
  });
  // A child that is running already is two events in the history.
  const held = await short.startSync({ workspaceId: 'busy' });
  await gate.arrived;
  const common = { mode: 'incremental', source: 'schedule', correlationId: 'c', dueAt: null };
  const listed = await short.start(WorkflowType.syncWorkspacePartition, 'listed', {
    ...common,
    slice: { range },
  });
  await short.record('sync-workspace-partition.continued', listed);
  await short.record('sync-workspace-partition.continuation', short.handleOf('listed'));
  const named = await short.start(WorkflowType.syncWorkspacePartition, 'named', {
    ...common,
    slice: { workspaceIds: Array.from({ length: PAGE + 1 }, () => 'busy') },
  });
  await short.record('sync-workspace-partition.list-continued', named);
  const plan = await short.start(WorkflowType.scheduleWorkspace, smartScheduleWorkflowId('busy'), {
    workspaceId: 'busy',
  });
  const plans = await short.start(WorkflowType.scheduleWorkspacePartition, 'plans', {
    source: 'schedule',
    correlationId: 'c',
    slice: { workspaceIds: Array.from({ length: PAGE + 1 }, () => 'busy') },
  });
  await short.record('schedule-workspace-partition.continued', plans);
  await plan.terminate();
  gate.open();
  await held.result();
});

it('records a horizon roll that is continued', async () => {
  const calendarOf = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
  short.follow({
    rollCalendarHorizons: async ({ afterCalendarId }) => {
      const number = Number(afterCalendarId?.slice(-12) ?? 0) + 1;
      return { nextCalendarId: number < 10 ? calendarOf(number) : null, calendars: 200 };
    },
  });
  const handle = await short.start(WorkflowType.rollHorizons, 'roll');
  await short.record('roll-horizons.continued', handle);
  await short.record('roll-horizons.continuation', short.handleOf('roll'));
});
