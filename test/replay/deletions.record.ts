import { sleep } from '@temporalio/activity';
import { afterAll, beforeAll, it } from 'vitest';
import { FailureType } from '../../contracts/failure-types.ts';
import { workspaceDeleteWorkflowId } from '../../contracts/workflow-ids.ts';
import { WorkflowType } from '../../contracts/workflow-types.ts';
import type { DeleteRowsResult } from '../../contracts/tenancy.ts';
import { ACCOUNT, failure, RUN, startScriptedStack, type ScriptedStack } from './scripted-stack.ts';

let stack: ScriptedStack;

beforeAll(async () => {
  stack = await startScriptedStack({ 'limit.historyCount.suggestContinueAsNew': '60' });
});
afterAll(() => stack.close());

const start = (input: object) =>
  stack.start(WorkflowType.deleteWorkspace, workspaceDeleteWorkflowId('acme'), input);

/** Answers of a deletion with this many slices before the last. */
function followSlices(slices: number): void {
  let left = slices;
  stack.follow({
    beginDeletion: async () => ({ accountIds: [ACCOUNT], batchIds: [RUN] }),
    endRuns: async () => undefined,
    deleteOwnCalendars: async () => undefined,
    releaseAccount: async () => undefined,
    deleteRows: async (): Promise<DeleteRowsResult> => {
      left -= 1;
      return { outcome: left < 0 ? 'done' : 'more', rows: 10 };
    },
  });
}

it('records a deletion, and one that continues as new', async () => {
  followSlices(1);
  await stack.record('delete-workspace', await start({ workspaceId: 'acme', ownCalendars: true }));
  followSlices(12);
  await stack.record('delete-workspace.continued', await start({ workspaceId: 'acme' }));
});

it('records a deletion where Google does not let go, and input that is refused', async () => {
  stack.follow({
    beginDeletion: async () => ({ accountIds: [ACCOUNT], batchIds: [] }),
    endRuns: async () => undefined,
    deleteOwnCalendars: () => Promise.reject(failure(FailureType.googleForbidden)),
    releaseAccount: () => Promise.reject(failure(FailureType.internal)),
    deleteRows: async () => ({ outcome: 'done', rows: 1 }),
  });
  await stack.record('delete-workspace.unheard', await start({ workspaceId: 'acme' }));
  await stack.record('delete-workspace.invalid-input', await start({ workspaceId: 'acme', keyId: 'a b' }));
});

it('records a deletion that is cancelled', async () => {
  stack.follow({
    beginDeletion: async () => ({ accountIds: [ACCOUNT], batchIds: [] }),
    endRuns: async () => undefined,
    deleteOwnCalendars: () => sleep('1 minute').then(() => undefined),
  });
  const handle = await start({ workspaceId: 'acme' });
  await sleepUntilAsked(handle);
  await handle.cancel();
  await stack.record('delete-workspace.cancelled', handle);
});

/** The activity that is cancelled has been scheduled. */
async function sleepUntilAsked(handle: Awaited<ReturnType<typeof start>>): Promise<void> {
  for (;;) {
    const { pendingActivities } = (await handle.describe()).raw;
    if (pendingActivities?.some(({ activityType }) => activityType?.name === 'deleteOwnCalendars')) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
