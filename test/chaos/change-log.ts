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

/** Replays the change log of every workspace from zero, and holds it against the mirror. */
export async function checkChangeLog(
  database: Database,
  town: Town,
): Promise<{ entries: number; errors: LogError[] }> {
  const errors = await repeatedChanges(database);
  for (const workspaceId of town.workspaceIds) {
    const problems = await logEqualsMirror(database, workspaceId);
    errors.push(...problems.map((why) => ({ workspaceId, why })));
  }
  return { entries: await database.calendarChange.count(), errors };
}
