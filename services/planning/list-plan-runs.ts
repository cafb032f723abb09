import { z } from 'zod';
import type { Database } from '../../prisma/client.ts';
import { parseInput, workspaceIdSchema } from '../input.ts';
import { requireWorkspace } from '../workspaces.ts';

export const MAX_PLAN_RUNS_PER_PAGE = 200;
const DEFAULT_PAGE_SIZE = 20;

const filterSchema = z.object({
  workspaceId: workspaceIdSchema,
  /** `cursor` of the previous page. */
  after: z.object({ startedAt: z.iso.datetime({ precision: 3 }), id: z.guid().toLowerCase() }).optional(),
  limit: z
    .int()
    .min(1)
    .max(MAX_PLAN_RUNS_PER_PAGE, `must be at most ${MAX_PLAN_RUNS_PER_PAGE}`)
    .default(DEFAULT_PAGE_SIZE),
});

/** A planning run, without its plan. */
export interface PlanRunSummary {
  id: string;
  mode: string;
  /** `planning`, `planned`, `refused`, `applying`, `applied` or `failed`. */
  status: string;
  source: string;
  correlationId: string | null;
  /** Number of blocks that the run wrote, or that a preview would write. */
  created: number;
  moved: number;
  deleted: number;
  failureType?: string;
  startedAt: string;
  finishedAt: string | null;
  undoneAt: string | null;
  /** ID of the run that it reverted. */
  undoOf: string | null;
}

interface PlanRunPage {
  runs: PlanRunSummary[];
  /** Position at which the next page starts; absent on the last page. */
  cursor?: { startedAt: string; id: string };
}

type Row = Omit<PlanRunSummary, 'failureType' | 'startedAt' | 'finishedAt' | 'undoneAt'> & {
  failureType: string | null;
  startedAt: Date;
  finishedAt: Date | null;
  undoneAt: Date | null;
};

/** One page of a workspace's planning runs, newest first. */
export async function listPlanRuns(
  database: Database,
  filter: z.input<typeof filterSchema>,
): Promise<PlanRunPage> {
  const { workspaceId, after, limit } = parseInput(filterSchema, filter);
  await requireWorkspace(database, workspaceId);
  const rows = await database.$queryRaw<Row[]>`
    select id::text, mode, status, source, correlation_id as "correlationId",
      coalesce(jsonb_array_length(diff -> 'created'), 0) as created,
      coalesce(jsonb_array_length(diff -> 'moved'), 0) as moved,
      coalesce(jsonb_array_length(diff -> 'deleted'), 0) as deleted,
      failure_type as "failureType", started_at as "startedAt", finished_at as "finishedAt",
      undone_at as "undoneAt", undo_of::text as "undoOf"
    from schedule_runs
    where workspace_id = ${workspaceId}
      and (${after?.startedAt ?? null}::timestamptz is null
        or (started_at, id) < (${after?.startedAt ?? null}::timestamptz, ${after?.id ?? null}::uuid))
    order by started_at desc, id desc limit ${limit + 1}::int`;
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    runs: page.map(toSummary),
    ...(rows.length > limit && last && { cursor: { startedAt: last.startedAt.toISOString(), id: last.id } }),
  };
}

function toSummary({ failureType, startedAt, finishedAt, undoneAt, ...row }: Row): PlanRunSummary {
  return {
    ...row,
    ...(failureType !== null && { failureType }),
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
    undoneAt: undoneAt?.toISOString() ?? null,
  };
}
