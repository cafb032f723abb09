import { readPlanInput } from '../../services/planning/write-back/read-plan-input.ts';
import type { AlmanacClient } from '../../client/almanac-client.ts';
import { renderPlan } from '../../terminal/render-plan.ts';
import { type PlanRun, readPlanRun } from '../../services/planning/plan-runs.ts';
import type { Database } from '../../prisma/client.ts';
import { DAY_MS } from '../../contracts/durations.ts';

/** Days of the agenda that is printed: a week fits on a screen or two. */
const AGENDA_DAYS = 7;

/** What the plan of one workspace came to. */
export interface PlanNumbers {
  /** Blocks. */
  placed: number;
  /** Tasks and habit days that found no place, or not for all of their minutes. */
  unscheduled: number;
  /** Blocks that are elsewhere than after the last run. */
  moved: number;
  /** Milliseconds that planning took. */
  ms: number;
  success: boolean;
}

export interface SamplePlans {
  plans: Map<string, PlanNumbers>;
  /** The next days of the first workspace, for people. */
  agenda: string | null;
}

/** Plans every workspace and writes the plans to its account's own calendar. */
export async function planSamples(
  almanac: AlmanacClient,
  database: Database,
  workspaceIds: readonly string[],
): Promise<SamplePlans> {
  const plans = new Map<string, PlanNumbers>();
  const runs = await Promise.all(
    workspaceIds.map(async (workspaceId) =>
      almanac.waitForPlan(await almanac.requestPlan({ workspaceId, mode: 'apply' })),
    ),
  );
  let agenda: string | null = null;
  for (const { workspaceId, success, placed, unscheduled, moved, runId } of runs) {
    const stored = runId === null ? null : await readPlanRun(database, runId);
    if (stored !== null) agenda ??= await agendaOf(database, stored);
    plans.set(workspaceId, { placed, unscheduled, moved, ms: stored?.planningMs ?? 0, success });
  }
  return { plans, agenda };
}

/** The plan's first days, with what was free and busy when it was made. */
async function agendaOf(
  database: Database,
  { workspaceId, plan, previous, startedAt }: PlanRun,
): Promise<string> {
  const input = await readPlanInput(database, workspaceId, startedAt, { days: AGENDA_DAYS });
  const until = startedAt.getTime() + AGENDA_DAYS * DAY_MS;
  const isShown = ({ start }: { start: string }) => Date.parse(start) < until;
  const shown = { ...plan, blocks: plan.blocks.filter(isShown) };
  return renderPlan(shown, { input, previous: previous.filter(isShown) });
}
