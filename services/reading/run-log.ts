import { z } from 'zod';
import type { Database } from '../../prisma/client.ts';
import { calendarIdSchema, parseInput, timeSchema, toInstant, workspaceIdSchema } from '../input.ts';
import { requireWorkspace } from '../workspaces.ts';

export const MAX_RUNS_PER_PAGE = 1_000;
const DEFAULT_PAGE_SIZE = 50;

const runsSchema = z.object({
  workspaceId: workspaceIdSchema,
  calendarId: calendarIdSchema.optional(),
  /** Whether only failed runs are listed. */
  failed: z.boolean().default(false),
  /** Earliest start of the listed runs. */
  since: timeSchema.optional(),
  /** `cursor` of the previous page. */
  after: z
    .object({ startedAt: z.iso.datetime({ precision: 3 }), id: z.string().regex(/^\d{1,19}$/) })
    .optional(),
  limit: z
    .int()
    .min(1)
    .max(MAX_RUNS_PER_PAGE, `must be at most ${MAX_RUNS_PER_PAGE}`)
    .default(DEFAULT_PAGE_SIZE),
});
export type RunFilter = z.input<typeof runsSchema>;

/** Log of one calendar in one run. */
export interface LoggedRun {
  calendarId: string;
  workflowId: string;
  runId: string;
  mode: string;
  source: string;
  correlationId: string | null;
  /**
   * `running`, `success`, `failed` or `skipped` (the calendar was disabled, removed or disconnected
   * meanwhile). A run that was terminated stays `running` until the next run takes over its calendar, then
   * becomes `failed` with `Fenced`.
   */
  outcome: string;
  /** Failure type of a failed run. */
  failureType?: string;
  pages: number;
  upserted: number;
  deleted: number;
  startedAt: string;
  finishedAt: string | null;
  durationMs: number | null;
}

export interface RunPage {
  runs: LoggedRun[];
  /** Position at which the next page starts; absent on the last page. */
  cursor?: { startedAt: string; id: string };
}

type RunRow = Omit<LoggedRun, 'startedAt' | 'finishedAt' | 'durationMs' | 'failureType'> & {
  id: bigint;
  failureType: string | null;
  startedAt: Date;
  finishedAt: Date | null;
};

/** One page of a workspace's run log, newest first. */
export async function listRuns(database: Database, filter: RunFilter): Promise<RunPage> {
  const { workspaceId, calendarId, failed, since, after, limit } = parseInput(runsSchema, filter);
  const { timeZone } = await requireWorkspace(database, workspaceId);
  const from = since === undefined ? null : toInstant(since, timeZone).toString();
  const rows = await database.$queryRaw<RunRow[]>`
    select id, calendar_id::text as "calendarId", workflow_id as "workflowId", run_id as "runId", mode, source,
      correlation_id as "correlationId", outcome, failure_type as "failureType", pages, upserted, deleted,
      started_at as "startedAt", finished_at as "finishedAt"
    from workspace_calendar_sync_log
    where workspace_id = ${workspaceId}
      and (${calendarId ?? null}::uuid is null or calendar_id = ${calendarId ?? null}::uuid)
      and (not ${failed}::boolean or outcome = 'failed')
      and (${from}::timestamptz is null or started_at >= ${from}::timestamptz)
      and (${after?.startedAt ?? null}::timestamptz is null
        or (started_at, id) < (${after?.startedAt ?? null}::timestamptz, ${after?.id ?? null}::bigint))
    order by started_at desc, id desc limit ${limit + 1}::int`;
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    runs: page.map(toRun),
    ...(rows.length > limit && last
      ? { cursor: { startedAt: last.startedAt.toISOString(), id: String(last.id) } }
      : {}),
  };
}

function toRun({ failureType, startedAt, finishedAt, ...row }: RunRow): LoggedRun {
  return {
    calendarId: row.calendarId,
    workflowId: row.workflowId,
    runId: row.runId,
    mode: row.mode,
    source: row.source,
    correlationId: row.correlationId,
    outcome: row.outcome,
    pages: row.pages,
    upserted: row.upserted,
    deleted: row.deleted,
    ...(failureType === null ? {} : { failureType }),
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
    durationMs: finishedAt === null ? null : Math.max(finishedAt.getTime() - startedAt.getTime(), 0),
  };
}
