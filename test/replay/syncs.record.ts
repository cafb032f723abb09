import { afterAll, beforeAll, it } from 'vitest';
import { FailureType } from '../../contracts/failure-types.ts';
import { SYNC_REQUESTED_SIGNAL } from '../../contracts/sync.ts';
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
