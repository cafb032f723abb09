import type { SyncMode } from '../contracts/sync-modes.ts';
import type { AlmanacClient } from '../client/almanac-client.ts';
import type { StartedRun } from '../client/started-run.ts';
import { InvalidInputError } from '../services/errors.ts';
import { readFanOutProgress } from '../client/fan-outs.ts';
import { type SyncOutcome, waitForOutcome } from '../client/sync-outcome.ts';
import { requireWorkspace } from '../services/workspaces.ts';
import type { CommandContext } from './command-context.ts';
import { ExitCode } from './exit-code.ts';
import { showFanOutProgress, showProgress } from './show-progress.ts';
import { SYNC_TASK_QUEUES } from '../client/task-queue-pollers.ts';
import { hintAtMissingWorkers } from './missing-workers.ts';
import { printHint, printJson, printLine, printTable } from '../terminal/output.ts';

interface SyncCommand {
  workspaceIds: string[];
  all: boolean;
  mode: SyncMode;
  wait: boolean;
}

/** Body of `almanac sync`. Nothing is started unless every workspace exists. */
export async function runSync(context: CommandContext, command: SyncCommand): Promise<number> {
  const workspaceIds = [...new Set(command.workspaceIds)];
  if (command.all === workspaceIds.length > 0) {
    throw new InvalidInputError('workspace', 'must be one or more IDs, or --all without any');
  }
  if (!command.all) for (const id of workspaceIds) await requireWorkspace(await context.database(), id);
  const almanac = await context.almanac();
  return command.all
    ? syncEverything(context, almanac, command)
    : syncWorkspaces(context, almanac, { ...command, workspaceIds });
}

async function syncWorkspaces(
  context: CommandContext,
  almanac: AlmanacClient,
  { workspaceIds, mode, wait }: SyncCommand,
): Promise<number> {
  if (wait) return syncAndWait(context, almanac, { workspaceIds, mode });
  const runs: (StartedRun & { workspaceId: string })[] = [];
  for (const workspaceId of workspaceIds) {
    runs.push({ workspaceId, ...(await almanac.requestSync({ workspaceId, mode })) });
  }
  if (context.json) printJson(runs);
  else for (const { workspaceId, workflowId } of runs) printLine(`${workspaceId}: requested, ${workflowId}`);
  return ExitCode.ok;
}

async function syncAndWait(
  context: CommandContext,
  almanac: AlmanacClient,
  { workspaceIds, mode }: Pick<SyncCommand, 'workspaceIds' | 'mode'>,
): Promise<number> {
  await hintAtMissingWorkers(context, SYNC_TASK_QUEUES);
  // All at once: without a worker each request takes seconds.
  const syncs = await Promise.all(
    workspaceIds.map(async (workspaceId) => ({
      workspaceId,
      sync: await almanac.syncNow({ workspaceId, mode }),
    })),
  );
  const progress = await showProgress(almanac, workspaceIds);
  const results = await Promise.all(
    syncs.map(async ({ workspaceId, sync }) => {
      const result = await waitForOutcome(workspaceId, sync);
      progress.finish(workspaceId);
      return result;
    }),
  );
  progress.stop();
  if (context.json) printJson(results);
  else await printResults(results);
  return results.every(({ success }) => success) ? ExitCode.ok : ExitCode.failed;
}

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);

async function printResults(results: SyncOutcome[]): Promise<void> {
  await printTable(
    ['workspace', 'success', 'calendars', 'upserted', 'deleted', 'pages', 'errors'],
    results.map((result) => {
      const { workspaceId, success, calendars } = result;
      const errors = [
        'error' in result ? result.error : undefined,
        ...('accounts' in result ? (result.accounts ?? []) : []).map(({ error }) => error),
        ...calendars.map(({ error }) => error),
      ].filter((error) => error !== undefined);
      return [
        workspaceId,
        success,
        calendars.length,
        sum(calendars.map(({ upserted }) => upserted)),
        sum(calendars.map(({ deleted }) => deleted)),
        sum(calendars.map(({ pages }) => pages)),
        [...new Set(errors)].join(', '),
      ];
    }),
    'Nothing was synced.',
  );
}

async function syncEverything(
  context: CommandContext,
  almanac: AlmanacClient,
  { mode, wait }: SyncCommand,
): Promise<number> {
  const run = await almanac.syncAll({ mode, all: true });
  if (!wait) {
    if (context.json) printJson([run]);
    else printLine(`Requested: ${run.workflowId}`);
    return ExitCode.ok;
  }
  await hintAtMissingWorkers(context, SYNC_TASK_QUEUES);
  const temporal = await context.temporal();
  const progress = await showFanOutProgress(() => readFanOutProgress(temporal, run.workflowId));
  const result = await almanac.waitForSyncAll(run).finally(() => progress.stop());
  const success = result.failed === 0;
  if (context.json) {
    printJson([{ ...result, success, ...run }]);
  } else {
    const { succeeded, failed, skipped, calendars, upserted, deleted, sampleFailures } = result;
    await printTable(
      ['succeeded', 'failed', 'skipped', 'calendars', 'upserted', 'deleted'],
      [[succeeded, failed, skipped, calendars, upserted, deleted]],
      '',
    );
    for (const { workspaceId, error } of sampleFailures) printHint(`${workspaceId}: ${error}`);
  }
  return success ? ExitCode.ok : ExitCode.failed;
}
