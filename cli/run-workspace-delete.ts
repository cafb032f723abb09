import { failureOf } from '../client/almanac-client.ts';
import { requireDeletable, type WorkspaceReceipt } from '../services/tenancy/receipts.ts';
import { RequiredInputError, RunFailedError } from '../services/errors.ts';
import { printHint, printJson, printLine, printTable } from '../terminal/output.ts';
import { showProgressBar } from '../terminal/progress-bar.ts';
import { SYNC_TASK_QUEUES } from '../client/task-queue-pollers.ts';
import type { CommandContext } from './command-context.ts';
import { hintAtMissingWorkers } from './missing-workers.ts';

interface DeleteCommand {
  workspaceId: string;
  ownCalendars: boolean;
  yes: boolean;
}

/** Body of `almanac workspace delete`. */
export async function runWorkspaceDelete(context: CommandContext, command: DeleteCommand): Promise<void> {
  const { workspaceId, ownCalendars } = command;
  await requireDeletable(await context.database(), workspaceId);
  if (!command.yes) throw new RequiredInputError('yes', 'must be given, because a deletion cannot be undone');
  const almanac = await context.almanac();
  const run = await almanac.requestDeletion({ workspaceId, ownCalendars });
  await hintAtMissingWorkers(context, SYNC_TASK_QUEUES);
  const format = `${workspaceId} {bar} {value}/{total} accounts, {rows} rows`;
  const progress = await showProgressBar(format, { rows: 0 }, async () => {
    const { accountsDone, accountsTotal, rows } = await almanac.deletionProgress(workspaceId);
    return { done: accountsDone, total: accountsTotal, counts: { rows } };
  });
  try {
    const receipt = await almanac.waitForDeletion(workspaceId, run);
    progress.stop();
    if (context.json) printJson(receipt);
    else await printReceipt(receipt);
  } catch (error) {
    const failure = failureOf(error);
    if (failure === undefined) throw error;
    const message = `The deletion of workspace ${workspaceId} failed: ${failure}. Run the command again to go on.`;
    throw new RunFailedError(message, { cause: error });
  } finally {
    progress.stop();
  }
}

async function printReceipt({ id, workspaceId, accounts, rows }: WorkspaceReceipt): Promise<void> {
  const outcomes = Object.entries(accounts);
  await printTable(
    ['account', 'grant', 'own calendars deleted', 'left because of'],
    outcomes.map(([account, { grant = 'failed', calendars = 0, calendarsError = '' }]) => [
      account,
      grant,
      calendars,
      calendarsError,
    ]),
    'It had no account.',
  );
  if (outcomes.some(([, { grant = 'failed' }]) => grant === 'failed'))
    printHint(
      'Google could not be reached for every grant: users can remove the access at https://myaccount.google.com/connections.',
    );
  const total = Object.values(rows).reduce((sum, count) => sum + count, 0);
  printLine(`Workspace ${workspaceId} is deleted, with ${total} rows. Receipt ${id}.`);
}
