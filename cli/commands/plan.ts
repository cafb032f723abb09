import type { Command } from 'commander';
import { FEWEST_PLAN_DAYS, MOST_PLAN_DAYS } from '../../contracts/limits.ts';
import { InvalidInputError } from '../../services/errors.ts';
import { ExitCode } from '../exit-code.ts';
import { printJson, printLine } from '../../terminal/output.ts';
import { runCommand, withCommonOptions } from '../run-command.ts';
import type { CommonOptions } from '../common-options.ts';
import { toWholeNumber } from '../../terminal/whole-number.ts';

interface PlanOptions extends CommonOptions {
  input?: string;
  apply?: boolean;
  days?: number;
  force?: boolean;
  safe?: boolean;
}

export function registerPlan(program: Command): void {
  const plan = program.command('plan').enablePositionalOptions();
  withCommonOptions(plan.argument('[workspace]'))
    .description('plan tasks and habits into free time; a preview unless --apply is given')
    .option('--apply', 'write the differences to Google')
    .option(
      '--days <n>',
      `length of the plan in days from today, ${FEWEST_PLAN_DAYS} to ${MOST_PLAN_DAYS}`,
      toWholeNumber(FEWEST_PLAN_DAYS, MOST_PLAN_DAYS),
    )
    .option('--force', 'plan from scratch; only pinned blocks stay')
    .option('--safe', 'with --apply: write nothing if the input has changed since the preview')
    .option(
      '--input <file>',
      'plan the input in a JSON file (- for standard input) without reading or writing anything else',
    )
    .action((workspaceId: string | undefined, options: PlanOptions) =>
      runCommand(options, async (context) => {
        if ((workspaceId === undefined) === (options.input === undefined))
          throw new InvalidInputError('workspace', 'or --input must be given, but not both');
        if (workspaceId === undefined) {
          const { planFile } = await import('../plan-file.ts');
          return planFile(options.input ?? '', context.json);
        }
        const { runPlan } = await import('../run-plan.ts');
        const { apply = false, days, force = false, safe = false } = options;
        const mode = apply ? 'apply' : 'preview';
        return runPlan(context, { workspaceId, mode, force, safe, ...(days !== undefined && { days }) });
      }),
    );

  withCommonOptions(plan.command('undo <run>'))
    .description('undo an applied run, except for blocks edited in Google since')
    .action((undoRunId: string, options: CommonOptions) =>
      runCommand(options, async (context) => {
        const [{ workspaceOfRun }, { appliedLine, explain, runPlanWorkflow }] = await Promise.all([
          import('../../services/planning/plan-runs.ts'),
          import('../run-plan.ts'),
        ]);
        const workspaceId = await workspaceOfRun(await context.database(), undoRunId);
        const result = await runPlanWorkflow(context, { workspaceId, mode: 'undo', undoRunId });
        if (context.json) printJson(result);
        else if (result.runId !== null) printLine(appliedLine(result));
        explain(result);
        return result.success ? ExitCode.ok : ExitCode.failed;
      }),
    );

  withCommonOptions(plan.command('purge <workspace>'))
    .description("remove a workspace's blocks from Google and switch off the policy's auto-apply")
    .action((workspaceId: string, options: CommonOptions) =>
      runCommand(options, async (context) => {
        const { explain, runPlanWorkflow } = await import('../run-plan.ts');
        const result = await runPlanWorkflow(context, { workspaceId, mode: 'purge' });
        if (context.json) printJson(result);
        else printLine(`${result.deleted} events were removed from Google.`);
        explain(result);
        return result.success ? ExitCode.ok : ExitCode.failed;
      }),
    );
}
