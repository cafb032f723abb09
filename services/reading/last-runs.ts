import { z } from 'zod';
import { SYNC_MODES } from '../../contracts/sync-modes.ts';
import type { Database } from '../../prisma/client.ts';
import { instant } from '../shapes.ts';
import { RUN_OUTCOMES } from './run-log.ts';

/** The latest run that touched a workspace, summed over its calendars. */
export const lastRunSchema = z.object({
  workflowId: z.string(),
  runId: z.string(),
  source: z.string(),
  mode: z.enum(SYNC_MODES),
  outcome: z.enum(RUN_OUTCOMES),
  calendars: z.int(),
  pages: z.int(),
  upserted: z.int(),
  deleted: z.int(),
  startedAt: instant,
  finishedAt: instant.nullable(),
});
type LastRun = z.infer<typeof lastRunSchema>;

type LastRunRow = Omit<LastRun, 'startedAt' | 'finishedAt'> & {
  workspaceId: string;
  startedAt: Date;
  finishedAt: Date | null;
};

/** Latest runs by workspace ID; a workspace that was never synced is absent. */
export async function readLastRuns(
  database: Database,
  workspaceIds: readonly string[],
): Promise<Map<string, LastRun>> {
  const rows = await database.$queryRaw<LastRunRow[]>`
    select workspace.id as "workspaceId", workflow_id as "workflowId", run_id as "runId", min(source) as source,
      case when bool_or(mode = 'full') then 'full' else 'incremental' end as mode,
      case when bool_or(outcome = 'running') then 'running'
        when bool_or(outcome = 'failed') then 'failed'
        when bool_and(outcome = 'skipped') then 'skipped' else 'success' end as outcome,
      count(*)::int as calendars, sum(pages)::int as pages, sum(upserted)::int as upserted,
      sum(deleted)::int as deleted, min(started_at) as "startedAt",
      case when bool_and(finished_at is not null) then max(finished_at) end as "finishedAt"
    from unnest(${workspaceIds}::text[]) as workspace(id)
    cross join lateral (
      select run_id as latest from workspace_calendar_sync_log
      where workspace_id = workspace.id order by started_at desc, id desc limit 1
    ) run
    join workspace_calendar_sync_log log on log.workspace_id = workspace.id and log.run_id = latest
    group by workspace.id, workflow_id, run_id`;
  return new Map(
    rows.map(({ workspaceId: id, startedAt, finishedAt, ...run }) => [
      id,
      { ...run, startedAt: startedAt.toISOString(), finishedAt: finishedAt?.toISOString() ?? null },
    ]),
  );
}
