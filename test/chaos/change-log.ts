import type { Database } from '../../prisma/client.ts';
import { logEqualsMirror } from '../support/log-equals-mirror.ts';
import type { Town } from './town.ts';

/** Entries of the change log that are impossible, or contradict the mirror. */
export interface LogError {
  workspaceId: string;
  why: string;
}

/** Changes that say what the change before has said already: something was written twice. */
async function repeatedChanges(database: Database): Promise<LogError[]> {
  return database.$queryRaw<LogError[]>`
    select workspace_id as "workspaceId", 'position ' || position || ' repeats the change before it' as why
    from (
      select *, lag(operation) over event as former_operation, lag(etag) over event as former_etag,
        lag(resource) over event as former_resource
      from calendar_changes
      window event as (partition by workspace_id, calendar_id, google_event_id order by position)
    ) changes
    where former_operation is not null and (operation = 'delete') = (former_operation = 'delete')
      and etag is not distinct from former_etag and resource is not distinct from former_resource`;
}

/** Logs of workspaces themselves that have a gap, or whose last word on a calendar contradicts its state. */
async function wrongWorkspaceLogs(database: Database): Promise<LogError[]> {
  return database.$queryRaw<LogError[]>`
    select p.workspace_id as "workspaceId", 'the log of the workspace itself has a gap' as why
    from workspace_change_positions p
    where p.last_position - p.compacted_through <>
      (select count(*) from workspace_changes c where c.workspace_id = p.workspace_id)
    union all
    select s.workspace_id, 'the log of the workspace itself is wrong about calendar ' || s.calendar_id
    from calendar_sync_states s
    left join lateral (
      select c.type from workspace_changes c
      where c.workspace_id = s.workspace_id and c.data ->> 'calendarId' = s.calendar_id::text
        and c.type in ('sync.failed', 'sync.recovered')
      order by c.position desc limit 1
    ) last on true
    where s.failures > 0 and last.type is distinct from 'sync.failed' or s.failures = 0 and last.type = 'sync.failed'`;
}

/** Replays the change log of every workspace from zero, and holds it against the mirror. */
export async function checkChangeLog(
  database: Database,
  town: Town,
): Promise<{ entries: number; errors: LogError[] }> {
  const errors = [...(await repeatedChanges(database)), ...(await wrongWorkspaceLogs(database))];
  for (const workspaceId of town.workspaceIds) {
    const problems = await logEqualsMirror(database, workspaceId);
    errors.push(...problems.map((why) => ({ workspaceId, why })));
  }
  return { entries: await database.calendarChange.count(), errors };
}
