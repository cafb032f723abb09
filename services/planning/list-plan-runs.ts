import { z } from 'zod';
import { PLAN_MODES } from '../../contracts/planning.ts';
import type { Database } from '../../prisma/client.ts';
import { parseInput, workspaceIdSchema } from '../input.ts';
import { instant, positionInstant } from '../shapes.ts';
import { requireWorkspace } from '../workspaces.ts';

export const MAX_PLAN_RUNS_PER_PAGE = 200;
const DEFAULT_PAGE_SIZE = 20;

export const planRunPositionSchema = z.object({ startedAt: positionInstant, id: z.guid().toLowerCase() });

const filterSchema = z.object({
  workspaceId: workspaceIdSchema,
  /** `cursor` of the page before. */
  after: planRunPositionSchema.optional(),
  limit: z
    .int()
    .min(1)
    .max(MAX_PLAN_RUNS_PER_PAGE, `must be at most ${MAX_PLAN_RUNS_PER_PAGE}`)
    .default(DEFAULT_PAGE_SIZE),
});

/** A planning run, without its plan. A preview counts the blocks that it would write. */
export const planRunSummarySchema = z.object({
  id: z.string(),
  mode: z.enum(PLAN_MODES),
  status: z.enum(['planning', 'planned', 'refused', 'applying', 'applied', 'failed']),
  source: z.string(),
  correlationId: z.string().nullable(),
  created: z.int(),
  moved: z.int(),
  deleted: z.int(),
  failureType: z.string().optional(),
  startedAt: instant,
  finishedAt: instant.nullable(),
  undoneAt: instant.nullable(),
  undoOf: z.string().nullable().describe('The run that it took back'),
});
type PlanRunSummary = z.infer<typeof planRunSummarySchema>;

interface PlanRunPage {
  runs: PlanRunSummary[];
  /** Where the next page starts; absent on the last. */
  cursor?: z.infer<typeof planRunPositionSchema>;
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
