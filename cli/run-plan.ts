import type { PlanMode, PlanRefusal, PlanResult } from '../contracts/planning.ts';
import { readPlanInput } from '../services/planning/write-back/read-plan-input.ts';
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
    'Nothing was applied: the calendar, the tasks, the habits or the days asked for are not those of the preview. Look at a new one, with the same --days.',
  'not-synced': 'Nothing was applied: a calendar could not be synced, so what looks free may be taken.',
  'edited-meanwhile': 'Not everything was applied: blocks were edited in Google meanwhile. Run it again.',
  'nothing-to-undo': 'Nothing was undone: the run was not applied, or has been undone already.',
};

/** Starts a planning run and waits for it; a workflow that failed is told as its failure type. */
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
  await hintAtMissingWorkers(context);
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
    else printLine(`\nNothing was written: \`almanac plan ${command.workspaceId} --apply\` does.`);
  }
  explain(result);
  return result.success ? ExitCode.ok : ExitCode.failed;
}

export function appliedLine({ created, moved, deleted, runId }: PlanResult): string {
  return `Written to Google: ${created} created, ${moved} moved, ${deleted} deleted. Run ${runId}.`;
}

/** Why not everything was done, on stderr. */
export function explain({ refused, error, replanned }: PlanResult): void {
  if (refused !== undefined) printHint(REFUSALS[refused]);
  else if (replanned)
    printHint(
      'The calendar, the tasks, the habits or the days asked for are not those of the preview: planned anew.',
    );
  if (error !== undefined) printHint(`The run ended with ${error}; the next one goes on from there.`);
}
