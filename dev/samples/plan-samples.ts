import { readPlanInput } from '../../services/planning/write-back/read-plan-input.ts';
import type { AlmanacClient } from '../../client/almanac-client.ts';
import { renderPlan } from '../../terminal/render-plan.ts';
import { type PlanRun, readPlanRun } from '../../services/planning/plan-runs.ts';
import type { Database } from '../../prisma/client.ts';
import { DAY_MS } from '../../contracts/durations.ts';

/** Days of the printed agenda. A week fits on a screen or two. */
const AGENDA_DAYS = 7;

/** Numbers of one workspace's plan. */
export interface PlanNumbers {
  /** Number of blocks. */
  placed: number;
  /** Tasks and habit days that were not placed, or not for all of their minutes. */
  unscheduled: number;
  /** Blocks that the plan moved. */
  moved: number;
  /** Milliseconds that planning took. */
  ms: number;
  success: boolean;
}

export interface SamplePlans {
  plans: Map<string, PlanNumbers>;
  /** The first workspace's next days, as text to print. */
  agenda: string | null;
}

/** Plans every workspace and writes each plan to the account's own calendar. */
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

/** Text of the plan's first days, with the free and busy times that it was made from. */
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
