import { Context } from '@temporalio/activity';
import { afterAll, beforeAll, it } from 'vitest';
import { FailureType } from '../../contracts/failure-types.ts';
import type { PlanRequest } from '../../contracts/planning.ts';
import { smartScheduleWorkflowId } from '../../contracts/workflow-ids.ts';
import { WorkflowType } from '../../contracts/workflow-types.ts';
import { startPlan } from '../support/planning-stack.ts';
import {
  ACCOUNT,
  CALENDAR,
  createGate,
  failure,
  RUN,
  type Script,
  type ScriptedStack,
  startScriptedStack,
} from './scripted-stack.ts';

const WRITTEN = { created: 1, moved: 0, deleted: 0 };

let stack: ScriptedStack;
beforeAll(async () => {
  stack = await startScriptedStack();
});
afterAll(() => stack.close());

/** A workspace of one calendar, in which every step goes well. */
const SMOOTH: Script = {
  loadSyncTargets: async () => ({ calendarIds: [CALENDAR], accountIds: [], disconnectedAccountIds: [] }),
  pullEventsPage: async () => ({
    outcome: 'done',
    mode: 'incremental',
    totals: { upserted: 0, deleted: 0, pages: 1 },
  }),
  recordSyncFailure: async () => undefined,
  recordPlanFailure: async () => undefined,
  reconcileBlocks: async () => ({ pinned: 0, declined: 0 }),
  planWorkspace: async () => ({ runId: RUN, placed: 1, unscheduled: 0, replanned: false, refused: null }),
  applyWrites: async () => ({ outcome: 'done', totals: WRITTEN }),
  failPlanRun: async () => ({ totals: WRITTEN }),
  prepareUndo: async () => ({ runId: RUN }),
  findWrittenCalendars: async () => ({ calendarIds: [CALENDAR], unreachable: 0 }),
  purgeCalendar: async () => ({ outcome: 'done', deleted: 1 }),
};

const pageFails = (type: FailureType): Script => ({
  pullEventsPage: async () => {
    throw failure(type);
  },
});

async function recordPlan(name: string, script: Script, request: Partial<PlanRequest> = {}): Promise<void> {
  stack.follow({ ...SMOOTH, ...script });
  const handle = await startPlan(stack, { workspaceId: name, mode: 'apply', ...request });
  await stack.record(`schedule-workspace.${name}`, handle);
}

it('records plans on top of syncs that fail', async () => {
  await recordPlan('not-synced', pageFails(FailureType.googleUnavailable));
  await recordPlan('calendar-gone', pageFails(FailureType.googleNotFound));
  await recordPlan('undo-not-synced', pageFails(FailureType.googleUnavailable), {
    mode: 'undo',
    undoRunId: RUN,
  });
  await recordPlan('unknown-workspace', {
    loadSyncTargets: async () => {
      throw failure(FailureType.workspaceNotFound);
    },
  });
});

it('records plans that people get in the way of', async () => {
  const edited: Script = { applyWrites: async () => ({ outcome: 'edited', totals: WRITTEN }) };
  await recordPlan('edited-meanwhile', edited);
  await recordPlan('edited-safe', edited, { safe: true });
  await recordPlan('undo-edited', edited, { mode: 'undo', undoRunId: RUN });
});

it('records plans of many batches, and of none', async () => {
  let batches = 0;
  await recordPlan('batches', {
    applyWrites: async () => {
      batches += 1;
      return { outcome: batches < 3 ? 'more' : 'done', totals: WRITTEN };
    },
  });
  await recordPlan(
    'nothing-to-undo',
    { prepareUndo: async () => ({ runId: null }) },
    { mode: 'undo', undoRunId: RUN },
  );
  let pages = 0;
  await recordPlan(
    'purged-in-part',
    {
      findWrittenCalendars: async () => ({ calendarIds: [CALENDAR], unreachable: 1 }),
      purgeCalendar: async () => {
        pages += 1;
        return { outcome: pages < 2 ? 'more' : 'done', deleted: 1 };
      },
    },
    { mode: 'purge' },
  );
  await recordPlan('undo-of-nothing', {}, { mode: 'undo' });
  stack.follow(SMOOTH);
  const preview = await stack.start(
    WorkflowType.scheduleWorkspace,
    smartScheduleWorkflowId('mode-left-out'),
    {
      workspaceId: 'mode-left-out',
    },
  );
  await stack.record('schedule-workspace.mode-left-out', preview);
});

it('records plans that are cut short', async () => {
  const gate = createGate();
  stack.follow({
    ...SMOOTH,
    applyWrites: async () => {
      await gate.pass();
      return { outcome: 'more', totals: WRITTEN };
    },
  });
  const cancelled = await startPlan(stack, { workspaceId: 'cancelled', mode: 'apply' });
  await gate.arrived;
  await cancelled.cancel();
  gate.open();
  await stack.record('schedule-workspace.cancelled', cancelled);
  // Heartbeats are awaited for 15 seconds, five times.
  await recordPlan('timed-out', { planWorkspace: () => Context.current().cancelled });
});

it('records a fan-out over given workspaces, of which some fail', async () => {
  stack.follow({
    ...SMOOTH,
    findWrittenCalendars: async () => ({ calendarIds: [ACCOUNT], unreachable: 0 }),
    planWorkspace: async ({ workspaceId }) => {
      if (workspaceId === 'given-broken') throw failure(FailureType.databaseUnavailable);
      return { runId: RUN, placed: 1, unscheduled: 0, replanned: false, refused: null };
    },
  });
  const fanOut = await stack.start(WorkflowType.scheduleAllWorkspaces, 'plan-given', {
    workspaceIds: ['given-fine', 'given-broken'],
    source: 'manual',
    correlationId: 'given',
  });
  await stack.record('schedule-all-workspaces.given', fanOut);
  const partition = `calendar-smart-schedule/${(fanOut as { firstExecutionRunId?: string }).firstExecutionRunId}/partition/0`;
  await stack.record('schedule-workspace-partition.failures', stack.handleOf(partition));
});
