import { z } from 'zod';
import type { Database } from '../../prisma/client.ts';
import type { CurrentBlock, Plan } from '../../scheduling/index.ts';
import { NotFoundError } from '../errors.ts';
import { listedId, parseInput } from '../input.ts';

/** A planning run as stored in `schedule_runs`. */
export interface PlanRun {
  id: string;
  workspaceId: string;
  startedAt: Date;
  /** Number of days that the plan covers. */
  days: number;
  plan: Plan;
  /** Blocks before the plan. */
  previous: CurrentBlock[];
  /** Number of blocks that the run wrote, or that a preview would write. */
  changes: { created: number; moved: number; deleted: number };
  /** Duration of planning in milliseconds. */
  planningMs: number;
}

const planRunIdSchema = listedId('must be the UUID of a planning run');

const list = z.array(z.unknown());
/** Columns written by the planner; checked only far enough to recognise a plan. */
const storedSchema = z.object({
  blocks: list,
  objective: z.looseObject({}),
  findings: z.looseObject({
    unscheduled: list,
    late: list,
    warnings: list,
    stats: z.looseObject({}),
    previous: list,
    days: z.int(),
    planningMs: z.number(),
  }),
  diff: z.object({ created: list, moved: list, deleted: list }),
});

/**
 * Reads a run with its plan.
 * @param workspaceId workspace to which the run must belong, where that matters
 * @throws NotFoundError when there is no such run, or it has no plan because it was an undo.
 */
export async function readPlanRun(database: Database, runId: string, workspaceId?: string): Promise<PlanRun> {
  const id = parseInput(planRunIdSchema, runId, 'run');
  const where = { id, ...(workspaceId !== undefined && { workspaceId }) };
  const row = await database.scheduleRun.findFirst({ where });
  const stored = storedSchema.safeParse(row);
  if (row === null || !stored.success) throw new NotFoundError(`Run ${runId} has no plan.`);
  const { blocks, objective, findings, diff } = stored.data;
  const { unscheduled, late, warnings, stats, previous, days, planningMs } = findings;
  return {
    id: row.id,
    workspaceId: row.workspaceId,
    startedAt: row.startedAt,
    days,
    plan: { blocks, unscheduled, late, warnings, objective, stats } as unknown as Plan,
    previous: previous as CurrentBlock[],
    changes: { created: diff.created.length, moved: diff.moved.length, deleted: diff.deleted.length },
    planningMs,
  };
}

/**
 * ID of the run's workspace.
 * @throws NotFoundError when there is no such run.
 */
export async function workspaceOfRun(database: Database, runId: string): Promise<string> {
  const id = parseInput(planRunIdSchema, runId, 'run');
  const row = await database.scheduleRun.findUnique({ where: { id }, select: { workspaceId: true } });
  if (row === null) throw new NotFoundError(`There is no run ${id}.`);
  return row.workspaceId;
}
