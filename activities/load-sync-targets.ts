import type { LoadSyncTargetsInput, LoadSyncTargetsResult } from '../contracts/sync-activities.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { isDue } from '../services/is-due.ts';
import { WorkspaceNotFoundError, WorkspacePausedError } from '../services/errors.ts';

/**
 * Reads the targets of a workspace's sync: all its enabled calendars, due or not, and the accounts whose
 * calendar list is due.
 */
export function createLoadSyncTargets({ database }: ActivityDependencies) {
  return async function loadSyncTargets({
    workspaceId,
  }: LoadSyncTargetsInput): Promise<LoadSyncTargetsResult> {
    const [row] = await database.$queryRaw<(LoadSyncTargetsResult & { isPaused: boolean })[]>`
      select w.status = 'paused' as "isPaused",
        array(
          select c.id::text from calendars c join calendar_auth_tokens a on a.id = c.account_id
          where c.workspace_id = w.id and c.enabled and c.status <> 'removed' and a.status = 'connected'
          order by c.id
        ) as "calendarIds",
        array(
          select a.id::text from calendar_auth_tokens a
          where a.workspace_id = w.id and a.status = 'connected' and ${isDue('a.calendar_list_due_at')}
          order by a.id
        ) as "accountIds",
        array(
          select a.id::text from calendar_auth_tokens a
          where a.workspace_id = w.id and a.status = 'needs_reconnect'
          order by a.id
        ) as "disconnectedAccountIds"
      from workspaces w where w.id = ${workspaceId} and w.status <> 'deleting'`;
    if (row === undefined) throw new WorkspaceNotFoundError(workspaceId);
    const { isPaused, ...targets } = row;
    if (isPaused) throw new WorkspacePausedError(workspaceId);
    return targets;
  };
}
