import type { PartitionWorkspacesInput } from '../contracts/sync-activities.ts';
import { FAN_OUT_SHAPE, type WorkspacePartition } from '../contracts/fan-out.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { isActiveWorkspace } from '../services/active-workspaces.ts';
import { isDue } from '../services/is-due.ts';

const { mostPartitions, workspacesPerPartition } = FAN_OUT_SHAPE;

/**
 * Cuts the workspaces of a fan-out into ranges of about equal size, in ID order. Each range begins with the
 * workspace that has been due for longest: if a tick ends before all are served, the next one continues
 * there, and no workspace starves because of its ID.
 */
export function createPartitionWorkspaces({ database }: ActivityDependencies) {
  return async function partitionWorkspaces({
    dueAt,
  }: PartitionWorkspacesInput): Promise<WorkspacePartition[]> {
    const rows = await database.$queryRaw<{ upTo: string; workspaces: number; startAfter: string | null }[]>`
      with due_parts as (
        select s.workspace_id, s.next_sync_at as due_at from calendar_sync_states s
        where s.next_sync_at is not null and (${dueAt}::timestamptz is null or ${isDue('s.next_sync_at')})
        union all
        select a.workspace_id, a.calendar_list_due_at from calendar_auth_tokens a
        where a.status = 'connected' and (${dueAt}::timestamptz is null or ${isDue('a.calendar_list_due_at')})
      ), due as (
        select workspace_id, min(due_at) as due_at from due_parts
        where ${isActiveWorkspace('workspace_id')} group by workspace_id
      ), cut as (
        select workspace_id, due_at, lag(workspace_id) over (order by workspace_id) as previous, ntile(greatest(1, least(${mostPartitions}::int,
          ceil((select count(*) from due) / ${workspacesPerPartition}::numeric)::int))) over (order by workspace_id) as tile
        from due
      )
      select max(workspace_id) as "upTo", count(*)::int as workspaces,
        (array_agg(previous order by due_at, workspace_id))[1] as "startAfter"
      from cut group by tile order by 1`;
    return rows.map(({ startAfter, ...row }, index) => {
      const after = rows[index - 1]?.upTo ?? null;
      return { after, ...row, ...(startAfter === after ? {} : { startAfter: startAfter ?? undefined }) };
    });
  };
}
