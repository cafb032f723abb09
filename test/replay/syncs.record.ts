import { WithStartWorkflowOperation } from '@temporalio/client';
import { afterAll, beforeAll, it } from 'vitest';
import { FailureType } from '../../contracts/failure-types.ts';
import { SYNC_NOW_UPDATE, SYNC_REQUESTED_SIGNAL, type SyncRequest } from '../../contracts/sync.ts';
import { TaskQueue } from '../../contracts/task-queues.ts';
import { calendarSyncWorkflowId } from '../../contracts/workflow-ids.ts';
import { WorkflowType } from '../../contracts/workflow-types.ts';
import {
  ACCOUNT,
  CALENDAR,
  createGate,
  failure,
  type Script,
  type ScriptedStack,
  startScriptedStack,
} from './scripted-stack.ts';

const OTHER_CALENDAR = '00000000-0000-4000-8000-00000000000d';
const TOTALS = { upserted: 1, deleted: 0, pages: 1 };

let stack: ScriptedStack;
beforeAll(async () => {
  stack = await startScriptedStack();
});
afterAll(() => stack.close());

/** A workspace of two calendars, of which every page is the last one. */
const SMOOTH: Script = {
  loadSyncTargets: async () => ({
    calendarIds: [CALENDAR, OTHER_CALENDAR],
    accountIds: [],
    disconnectedAccountIds: [],
  }),
  pullEventsPage: async () => ({ outcome: 'done', mode: 'incremental', totals: TOTALS }),
  recordSyncFailure: async () => undefined,
};

async function recordSync(name: string, script: Script, more: object = {}): Promise<void> {
  stack.follow({ ...SMOOTH, ...script });
  await stack.record(`incremental-sync.${name}`, await stack.startSync({ workspaceId: name, ...more }));
}

const withAccount: Script = {
  loadSyncTargets: async () => ({
    calendarIds: [CALENDAR, OTHER_CALENDAR],
    accountIds: [ACCOUNT],
    disconnectedAccountIds: [],
  }),
};

it('records listings that cannot be finished', async () => {
  await recordSync('listings-died', {
    pullEventsPage: async () => ({ outcome: 'page-token-expired' }),
  });
  await recordSync('not-syncable', { pullEventsPage: async () => ({ outcome: 'not-syncable' }) });
  await recordSync('fenced', {
    pullEventsPage: async () => {
      throw failure(FailureType.fenced);
    },
  });
  await recordSync('defect', {
    pullEventsPage: async () => {
      throw failure(FailureType.internal);
    },
  });
});

it('records changes of the list of calendars', async () => {
  await recordSync('calendar-removed', {
    ...withAccount,
    refreshCalendarList: async () => ({ newCalendarIds: [], removedCalendarIds: [OTHER_CALENDAR] }),
  });
  await recordSync('account-failed', {
    ...withAccount,
    refreshCalendarList: async () => {
      throw failure(FailureType.googleAuthRevoked, { grant: 'fingerprint' });
    },
  });
});

it('records what inputs and signals ask for', async () => {
  await recordSync('calendars-named', {}, { calendarIds: [CALENDAR] });
  const results = [{ calendarId: CALENDAR, mode: 'full', ...TOTALS }];
  const requests = [{ mode: 'incremental', calendarIds: [CALENDAR] }];
  await recordSync('resumed-with-results', {}, { resume: { results, requests } });
  await recordSync('input-no-object', {}, { targets: 7 });

  const gate = createGate();
  stack.follow({
    ...SMOOTH,
    pullEventsPage: async () => {
      await gate.pass();
      return { outcome: 'done', mode: 'incremental', totals: TOTALS };
    },
  });
  const signalled = await stack.startSync({ workspaceId: 'signals' });
  await gate.arrived;
  await signalled.signal(SYNC_REQUESTED_SIGNAL, { mode: 'sideways' });
  await signalled.signal(SYNC_REQUESTED_SIGNAL, { mode: 'incremental', calendarIds: [OTHER_CALENDAR] });
  gate.open();
  await stack.record('incremental-sync.signals-checked', signalled);
});

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

it('records calendars that take long', async () => {
  const calendarIds = Array.from({ length: 6 }, (_, index) => `${CALENDAR.slice(0, -1)}${index}`);
  const fine = calendarIds.slice(4);
  await recordSync('places-given-up', {
    loadSyncTargets: async () => ({ calendarIds, accountIds: [], disconnectedAccountIds: [] }),
    pullEventsPage: async ({ calendarId }) => {
      if (!fine.includes(calendarId)) await pause(7_000);
      return { outcome: 'done', mode: 'incremental', totals: TOTALS };
    },
  });
  await recordSync('list-late', {
    ...withAccount,
    refreshCalendarList: async () => {
      await pause(7_000);
      return { newCalendarIds: [fine[0]!], removedCalendarIds: [OTHER_CALENDAR] };
    },
  });
});

it('records a run that requests prolong until it hands on', async () => {
  stack.follow({
    ...SMOOTH,
    ...withAccount,
    refreshCalendarList: async () => {
      throw failure(FailureType.googleUnavailable);
    },
    pullEventsPage: async () => {
      await pause(500);
      return { outcome: 'done', mode: 'incremental', totals: TOTALS };
    },
  });
  const handle = await stack.startSync({ workspaceId: 'prolonged' });
  for (let count = 0; count < 40; count += 1) {
    const requestId = `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`;
    const running = stack.handleOf(handle.workflowId);
    await running
      .signal(SYNC_REQUESTED_SIGNAL, { mode: 'incremental', requestId, isHurried: count > 2 })
      .catch(() => undefined);
    await pause(300);
  }
  await stack.handleOf(handle.workflowId).result();
  await stack.record('incremental-sync.handed-on', handle);
  await stack.record('incremental-sync.handed-on-to', stack.handleOf(handle.workflowId));
});

/** Update-with-Start, as `syncNow` of the client sends it. */
function syncNow(workspaceId: string, request: SyncRequest) {
  const startWorkflowOperation = new WithStartWorkflowOperation(WorkflowType.incrementalSync, {
    workflowId: calendarSyncWorkflowId(workspaceId),
    taskQueue: TaskQueue.calendarSync,
    args: [{ workspaceId }],
    workflowIdConflictPolicy: 'USE_EXISTING',
  });
  return stack.temporal.client.workflow.startUpdateWithStart(SYNC_NOW_UPDATE, {
    startWorkflowOperation,
    args: [request],
    waitForStage: 'ACCEPTED',
  });
}

it('records callers that wait', async () => {
  const gate = createGate();
  stack.follow({
    ...SMOOTH,
    ...withAccount,
    refreshCalendarList: async () => {
      throw failure(FailureType.googleForbidden);
    },
    pullEventsPage: async ({ calendarId }) => {
      if (calendarId === CALENDAR) await gate.pass();
      if (calendarId === OTHER_CALENDAR) throw failure(FailureType.googleForbidden);
      return { outcome: 'done', mode: 'incremental', totals: TOTALS };
    },
  });
  const waiting = [await syncNow('updates', { mode: 'incremental' })];
  await gate.arrived;
  const named: SyncRequest = { mode: 'incremental', calendarIds: [OTHER_CALENDAR] };
  await (await syncNow('updates', named)).result();
  await stack
    .handleOf(calendarSyncWorkflowId('updates'))
    .executeUpdate(SYNC_NOW_UPDATE, { args: [{ mode: 'sideways' }] })
    .catch(() => undefined);
  waiting.push(await syncNow('updates', { mode: 'full', calendarIds: [CALENDAR, ACCOUNT] }));
  gate.open();
  for (const update of waiting) await update.result();
  await stack.record('incremental-sync.updates', stack.handleOf(calendarSyncWorkflowId('updates')));
});

it('records a caller that waits for a list of calendars', async () => {
  stack.follow({
    ...SMOOTH,
    ...withAccount,
    refreshCalendarList: async () => {
      await pause(6_000);
      return { newCalendarIds: [ACCOUNT], removedCalendarIds: [] };
    },
  });
  const update = await syncNow('update-list-late', { mode: 'incremental' });
  await update.result();
  await stack.record('incremental-sync.update-list-late', stack.handleOf(update.workflowId));
});

it('records a caller whose run is cancelled', async () => {
  const gate = createGate();
  stack.follow({
    ...SMOOTH,
    pullEventsPage: async () => {
      await gate.pass();
      return { outcome: 'done', mode: 'incremental', totals: TOTALS };
    },
  });
  const update = await syncNow('update-cancelled', { mode: 'incremental' });
  await gate.arrived;
  const handle = stack.handleOf(calendarSyncWorkflowId('update-cancelled'));
  await handle.cancel();
  await update.result().catch(() => undefined);
  await stack.record('incremental-sync.update-cancelled', handle);
  gate.open();
});

it('records callers that a run leaves to its successor', async () => {
  stack.follow({
    ...SMOOTH,
    pullEventsPage: async () => {
      await pause(1_500);
      return { outcome: 'done', mode: 'incremental', totals: TOTALS };
    },
  });
  const first = await syncNow('update-handed-on', { mode: 'incremental' });
  let last = first;
  for (let count = 0; last.workflowRunId === first.workflowRunId; count += 1) {
    // More often, and more updates would be in flight than the server allows.
    await pause(1_000);
    const requestId = `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`;
    last = await syncNow('update-handed-on', { mode: 'incremental', requestId });
  }
  const handedOn = { ...stack.handleOf(first.workflowId), firstExecutionRunId: first.workflowRunId };
  await stack.record('incremental-sync.update-handed-on', handedOn);
  await stack.record('incremental-sync.update-handed-on-to', stack.handleOf(first.workflowId));
});
