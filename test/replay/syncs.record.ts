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
