import {
  continueAsNew,
  isCancellation,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { FailureType } from '../contracts/failure-types.ts';
import type { DeleteRowsResult, DeleteWorkspaceInput, DeletionProgress } from '../contracts/tenancy.ts';
import { deletion, google } from './activities.ts';
import { failureTypeOf } from './failure-type-of.ts';
import { checkDeleteWorkspaceInput } from './input/delete-workspace.ts';
import { deletionProgress } from './messages.ts';
import { nameRun } from './name-run.ts';

/**
 * Deletes a workspace: closes it to callers, ends its runs, stops its push channels, ends its grants at Google, and
 * deletes its rows. A receipt in the database says what became of it. Every step can be repeated, so a run that is
 * started anew goes on where an earlier one has ended. Workflow ID `workspace-delete/{workspaceId}`.
 */
export async function deleteWorkspace(untrusted: DeleteWorkspaceInput): Promise<DeletionProgress> {
  const input = checkDeleteWorkspaceInput(untrusted);
  const { workspaceId } = input;
  const progress: DeletionProgress = { step: 'ending-runs', accountsTotal: 0, accountsDone: 0, rows: 0 };
  setHandler(deletionProgress, () => progress);
  nameRun(workspaceId);
  const { accountIds, batchIds } = await deletion.beginDeletion(input);
  progress.accountsTotal = accountIds.length;
  await deletion.endRuns.executeWithOptions({ summary: `${batchIds.length} batches of writes` }, [
    { workspaceId, batchIds },
  ]);
  progress.step = 'releasing-accounts';
  for (const accountId of accountIds) {
    await release(workspaceId, accountId);
    progress.accountsDone += 1;
    setCurrentDetails(`Accounts: ${progress.accountsDone} of ${progress.accountsTotal} are released`);
  }
  progress.step = 'deleting-rows';
  let outcome: DeleteRowsResult['outcome'];
  do {
    const slice = await deletion.deleteRows({ workspaceId });
    progress.rows += slice.rows;
    setCurrentDetails(`Rows: ${progress.rows} are deleted`);
    outcome = slice.outcome;
    // The next run finds no run to end and no account to release.
    if (outcome === 'more' && workflowInfo().continueAsNewSuggested) {
      await continueAsNew<typeof deleteWorkspace>(input);
    }
  } while (outcome === 'more');
  progress.step = 'done';
  return progress;
}

/** What Google does not take is left to the receipt, which says so: the workspace is deleted all the same. */
async function release(workspaceId: string, accountId: string): Promise<void> {
  const options = { summary: accountId };
  const calendarsError = await failureOf(
    google.deleteOwnCalendars.executeWithOptions(options, [{ workspaceId, accountId }]),
  );
  const account = { workspaceId, accountId, ...(calendarsError !== null && { calendarsError }) };
  await failureOf(google.releaseAccount.executeWithOptions(options, [account]));
}

async function failureOf(work: Promise<void>): Promise<FailureType | null> {
  try {
    await work;
    return null;
  } catch (error) {
    if (isCancellation(error)) throw error;
    return failureTypeOf(error);
  }
}
