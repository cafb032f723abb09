import type { PlanMode, PlanRefusal } from '../contracts/planning.ts';
import type { PlanResult } from '../contracts/plan-result.ts';
import { readPlanInput } from '../services/planning/write-back/read-plan-input.ts';
import { PLAN_TASK_QUEUES } from '../client/task-queue-pollers.ts';
import { readPlanOutcome, waitForPlanResult } from '../client/plan-outcome.ts';
import type { CommandContext } from './command-context.ts';
import { ExitCode } from './exit-code.ts';
import { hintAtMissingWorkers } from './missing-workers.ts';
import { printHint, printJson, printLine } from '../terminal/output.ts';
import { renderPlan } from '../terminal/render-plan.ts';

interface PlanCommand {
  workspaceId: string;
  mode: Extract<PlanMode, 'preview' | 'apply'>;
  days?: number;
  force: boolean;
  safe: boolean;
}

const REFUSALS: Record<PlanRefusal, string> = {
  'changed-since-preview':
    'Nothing was applied: the calendar, tasks, habits or --days differ from those of the preview. Run a new preview with the same --days.',
  'not-synced': 'Nothing was applied: a calendar could not be synced, so free time may be taken.',
  'edited-meanwhile':
    'Not everything was applied: blocks were edited in Google during the run. Run the command again.',
  'nothing-to-undo': 'Nothing was undone: the run was not applied, or has been undone already.',
};

/** Starts a planning run and waits for it. A failed workflow is reported by its failure type. */
export async function runPlanWorkflow(
  context: CommandContext,
  request: {
    workspaceId: string;
    mode: PlanMode;
    days?: number;
    force?: boolean;
    safe?: boolean;
    undoRunId?: string;
  },
): Promise<PlanResult> {
  const almanac = await context.almanac();
  const run = await almanac.requestPlan(request);
  await hintAtMissingWorkers(context, PLAN_TASK_QUEUES);
  return waitForPlanResult(almanac, run);
}

/** Body of `almanac plan <workspace>`. */
export async function runPlan(context: CommandContext, command: PlanCommand): Promise<number> {
  const result = await runPlanWorkflow(context, command);
  const database = await context.database();
  const planned = await readPlanOutcome(database, result);
  if (planned === null) {
    if (context.json) printJson({ ...result });
    explain(result);
    return ExitCode.failed;
  }
  const { plan, previous, startedAt, days } = planned.run;
  if (context.json) printJson(planned.outcome);
  else {
    const input = await readPlanInput(database, command.workspaceId, startedAt, { days });
    printLine(renderPlan(plan, { input, previous }));
    if (command.mode === 'apply') printLine(`\n${appliedLine(result)}`);
    else
      printLine(
        `\nNothing was written. Run \`almanac plan ${command.workspaceId} --apply\` to write the plan.`,
      );
  }
  explain(result);
  return result.success ? ExitCode.ok : ExitCode.failed;
}

export function appliedLine({ created, moved, deleted, runId }: PlanResult): string {
  return `Written to Google: ${created} created, ${moved} moved, ${deleted} deleted. Run ${runId}.`;
}

/** Prints on stderr why a run did not do everything. */
export function explain({ refused, error, replanned }: PlanResult): void {
  if (refused !== undefined) printHint(REFUSALS[refused]);
  else if (replanned)
    printHint(
      'The calendar, tasks, habits or --days differ from those of the preview, so the plan was made anew.',
    );
  if (error !== undefined) printHint(`The run ended with ${error}; the next one continues from there.`);
}
