import type { Database } from '../../prisma/client.ts';
import type { Fence } from './fence.ts';
import type { RunContext } from './finish-page.ts';

/** The run log of a run that came to a calendar which is not to be synced any more; what it had written counts. */
export async function skipRun(database: Database, fence: Fence, run: RunContext): Promise<void> {
  await database.$executeRaw`
    insert into workspace_calendar_sync_log as l (workspace_id, calendar_id, workflow_id, run_id, mode, source,
      correlation_id, outcome, started_at, finished_at)
    values (${run.workspaceId}, ${fence.calendarId}::uuid, ${run.workflowId}, ${fence.runId}, ${run.mode},
      ${run.source}, ${run.correlationId}, 'skipped', ${run.startedAt}, clock_timestamp())
    on conflict (calendar_id, run_id) do update
    set outcome = excluded.outcome, finished_at = excluded.finished_at where l.outcome = 'running'`;
}
