import { printJson, printLine, printTable } from '../terminal/output.ts';
import { showProgressBar } from '../terminal/progress-bar.ts';
import { SYNC_TASK_QUEUES } from '../client/task-queue-pollers.ts';
import type { CommandContext } from './command-context.ts';
import { ExitCode } from './exit-code.ts';
import { hintAtMissingWorkers } from './missing-workers.ts';

export interface ApplyCommand {
  template: string;
  start: string;
  /** Separated by commas. */
  workspace?: string;
  all?: boolean;
  id?: string;
  wait?: boolean;
}

/** Body of `almanac template apply`. */
export async function runTemplateApply(
  context: CommandContext,
  { template, start, workspace, all = false, id, wait = false }: ApplyCommand,
): Promise<ExitCode> {
  const workspaceIds = workspace?.split(',').map((one) => one.trim());
  const almanac = await context.almanac();
  const run = await almanac.applyTemplateToMany(template, { start, all, workspaceIds, applicationId: id });
  if (!wait) {
    if (context.json) printJson(run);
    else printLine(`Requested: ${run.workflowId}`);
    return ExitCode.ok;
  }
  await hintAtMissingWorkers(context, SYNC_TASK_QUEUES);
  const format = `${template} {bar} {value}/{total} workspaces, {failed} failed`;
  const bar = await showProgressBar(format, { failed: 0 }, async () => {
    const { progress } = await almanac.readApplication(run.applicationId);
    if (progress === null) return null;
    const { applied, skipped, failed, left } = progress;
    const done = applied + skipped + failed;
    return { done, total: done + (left ?? 0), counts: { failed } };
  });
  const totals = await almanac.waitForApplication(run).finally(() => bar.stop());
  if (context.json) printJson({ ...run, ...totals });
  else {
    const { applied, skipped, failed, sampleFailures } = totals;
    printLine(`Applied in ${applied} workspaces, there already in ${skipped}, failed in ${failed}.`);
    if (failed > 0)
      await printTable(
        ['workspace', 'failure'],
        sampleFailures.map(({ workspaceId, error }) => [workspaceId, error]),
        '',
      );
  }
  return totals.failed === 0 ? ExitCode.ok : ExitCode.failed;
}
