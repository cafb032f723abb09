import { afterAll, beforeAll, it } from 'vitest';
import { FailureType } from '../../contracts/failure-types.ts';
import { DIFFERENCE_KINDS, type DifferenceSummaries } from '../../contracts/verification.ts';
import { calendarVerifyWorkflowId } from '../../contracts/workflow-ids.ts';
import { WorkflowType } from '../../contracts/workflow-types.ts';
import { startVerification } from '../support/verification.ts';
import {
  ACCOUNT,
  CALENDAR,
  createGate,
  failure,
  type Script,
  type ScriptedStack,
  startScriptedStack,
} from './scripted-stack.ts';

let stack: ScriptedStack;
beforeAll(async () => {
  stack = await startScriptedStack();
});
afterAll(() => stack.close());

const summaries = (found: number) =>
  Object.fromEntries(
    DIFFERENCE_KINDS.map((kind) => [
      kind,
      { found: kind === 'missing' ? found : 0, repaired: 0, examples: [] },
    ]),
  ) as unknown as DifferenceSummaries;

/** A workspace of one calendar that is in step. */
const SMOOTH: Script = {
  loadSyncTargets: async () => ({ calendarIds: [CALENDAR], accountIds: [], disconnectedAccountIds: [] }),
  compareEventsPage: async () => ({ outcome: 'done', events: 1, differs: false }),
  compareOccurrences: async () => ({ nextSourceId: null, differs: false }),
  setPendingAside: async () => ({ outcome: 'done' }),
  settleDifferences: async () => 'done',
  finishVerification: async () => ({ differences: summaries(0), pending: 0 }),
  forgetVerification: async () => undefined,
};
const differs: Script = {
  compareEventsPage: async () => ({ outcome: 'done', events: 1, differs: true }),
  compareOccurrences: async () => ({ nextSourceId: null, differs: true }),
};

async function recordVerification(name: string, script: Script, more: object = {}): Promise<void> {
  stack.follow({ ...SMOOTH, ...script });
  const handle = await startVerification(stack, { workspaceId: name, ...more });
  await stack.record(`verify-workspace.${name}`, handle);
}

it('records calendars that cannot be compared', async () => {
  await recordVerification('listings-died', {
    compareEventsPage: async () => ({ outcome: 'page-token-expired' }),
  });
  await recordVerification('not-synced', { compareEventsPage: async () => ({ outcome: 'not-synced' }) });
  await recordVerification(
    'account-disconnected',
    {
      loadSyncTargets: async () => ({ calendarIds: [], accountIds: [], disconnectedAccountIds: [ACCOUNT] }),
    },
    { calendarIds: [CALENDAR] },
  );
});

it('records syncs that come in between', async () => {
  let tokens = 0;
  await recordVerification('sync-token-replaced', {
    ...differs,
    setPendingAside: async () => {
      tokens += 1;
      if (tokens === 1) return { outcome: 'more', nextPageToken: 'next' };
      if (tokens === 2) return { outcome: 'sync-token-expired', replaced: true };
      return { outcome: 'done' };
    },
  });
  let looks = 0;
  await recordVerification('moved', {
    ...differs,
    settleDifferences: async () => {
      looks += 1;
      return looks === 1 ? 'more' : looks === 2 ? 'moved' : 'done';
    },
  });
  let pages = 0;
  await recordVerification('occurrences-differ', {
    compareOccurrences: async () => {
      pages += 1;
      return { nextSourceId: pages === 1 ? 'source' : null, differs: true };
    },
  });
  // Two minutes of waiting.
  await recordVerification('unsettled', { ...differs, settleDifferences: async () => 'moved' });
}, 300_000);

it('records an audit that meets all there is', async () => {
  const gate = createGate();
  stack.follow({
    ...SMOOTH,
    loadSyncTargets: async ({ workspaceId }) => {
      if (workspaceId === 'audit-nobody') throw failure(FailureType.workspaceNotFound);
      return { calendarIds: [CALENDAR], accountIds: [], disconnectedAccountIds: [] };
    },
    compareEventsPage: async ({ workspaceId }) => {
      if (workspaceId === 'audit-busy') await gate.pass();
      if (workspaceId === 'audit-undecided') return { outcome: 'not-synced' };
      return { outcome: 'done', events: 1, differs: workspaceId === 'audit-drifted' };
    },
    finishVerification: async ({ workspaceId }) => ({
      differences: summaries(workspaceId === 'audit-drifted' ? 1 : 0),
      pending: 0,
    }),
    sampleCalendars: async () =>
      ['busy', 'nobody', 'undecided', 'drifted'].map((name) => ({
        workspaceId: `audit-${name}`,
        calendarIds: [CALENDAR],
      })),
  });
  const busy = await startVerification(stack, { workspaceId: 'audit-busy' });
  await gate.arrived;
  const audit = await stack.start(WorkflowType.auditDrift, 'audit', { calendars: 4 });
  await stack.record('audit-drift.with-failures', audit);
  gate.open();
  await busy.result();
});

it('records what is cut short, and inputs that make no sense', async () => {
  const gate = createGate();
  stack.follow({
    ...SMOOTH,
    compareEventsPage: async () => {
      await gate.pass();
      return { outcome: 'done', events: 1, differs: false };
    },
    sampleCalendars: async () => [{ workspaceId: 'audit-cancelled', calendarIds: [CALENDAR] }],
  });
  const audit = await stack.start(WorkflowType.auditDrift, 'audit-cancelled');
  await gate.arrived;
  await audit.cancel();
  await stack.record('audit-drift.cancelled', audit);
  gate.open();
  const child = stack.handleOf(calendarVerifyWorkflowId('audit-cancelled'));
  await stack.record('verify-workspace.cancelled', child);
  const invalid = await stack.start(WorkflowType.auditDrift, 'audit-invalid', { calendars: 0 });
  await stack.record('audit-drift.invalid-input', invalid);
});
