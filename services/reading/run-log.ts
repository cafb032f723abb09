import { z } from 'zod';
import { SYNC_MODES } from '../../contracts/sync-modes.ts';
import type { Database } from '../../prisma/client.ts';
import { calendarIdSchema, parseInput, timeSchema, toInstant, workspaceIdSchema } from '../input.ts';
import { instant, positionInstant } from '../shapes.ts';
import { requireWorkspace } from '../workspaces.ts';

export const MAX_RUNS_PER_PAGE = 1_000;
const DEFAULT_PAGE_SIZE = 50;

export const runPositionSchema = z.object({
  startedAt: positionInstant,
  id: z.string().regex(/^\d{1,18}$/),
});

const runsSchema = z.object({
  workspaceId: workspaceIdSchema,
  calendarId: calendarIdSchema.optional(),
  /** Whether only failed runs are listed. */
  failed: z.boolean().default(false),
  /** Earliest start of the listed runs. */
  since: timeSchema.optional(),
  /** `cursor` of the page before. */
  after: runPositionSchema.optional(),
  limit: z
    .int()
    .min(1)
    .max(MAX_RUNS_PER_PAGE, `must be at most ${MAX_RUNS_PER_PAGE}`)
    .default(DEFAULT_PAGE_SIZE),
});
export type RunFilter = z.input<typeof runsSchema>;

export const RUN_OUTCOMES = ['running', 'success', 'failed', 'skipped'] as const;

/**
 * One calendar in one run. A run that was ended from outside is `running` until the next one takes over its calendar,
 * then `failed` as `Fenced`.
 */
export const loggedRunSchema = z.object({
  calendarId: z.string(),
  workflowId: z.string(),
  runId: z.string(),
  mode: z.enum(SYNC_MODES),
  source: z.string(),
  correlationId: z.string().nullable(),
  outcome: z
    .enum(RUN_OUTCOMES)
    .describe('`skipped`: the calendar was disabled, removed or disconnected meanwhile'),
  failureType: z.string().optional(),
  pages: z.int(),
  upserted: z.int(),
  deleted: z.int(),
  startedAt: instant,
  finishedAt: instant.nullable(),
  durationMs: z.int().nullable(),
});
export type LoggedRun = z.infer<typeof loggedRunSchema>;

export interface RunPage {
  runs: LoggedRun[];
  /** Where the next page starts; absent on the last. */
  cursor?: z.infer<typeof runPositionSchema>;
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
