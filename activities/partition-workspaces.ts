import type { PartitionWorkspacesInput } from '../contracts/activities.ts';
import { FAN_OUT_SHAPE, type WorkspacePartition } from '../contracts/fan-out.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { isDue } from './is-due.ts';

const { mostPartitions, workspacesPerPartition } = FAN_OUT_SHAPE;

/** Cuts the workspaces that a fan-out is for into ranges of about equal size, in ID order. */
export function createPartitionWorkspaces({ database }: ActivityDependencies) {
  return async function partitionWorkspaces({
    dueAt,
  }: PartitionWorkspacesInput): Promise<WorkspacePartition[]> {
    const rows = await database.$queryRaw<{ upTo: string; workspaces: number }[]>`
      with due as (
        select distinct s.workspace_id from calendar_sync_states s
        where s.next_sync_at is not null and (${dueAt}::timestamptz is null or ${isDue('s.next_sync_at')})
        union
        select a.workspace_id from calendar_auth_tokens a
        where a.status = 'connected' and (${dueAt}::timestamptz is null or ${isDue('a.calendar_list_due_at')})
      ), cut as (
        select workspace_id, ntile(greatest(1, least(${mostPartitions}::int,
          ceil((select count(*) from due) / ${workspacesPerPartition}::numeric)::int))) over (order by workspace_id) as tile
        from due
      )
      select max(workspace_id) as "upTo", count(*)::int as workspaces from cut group by tile order by 1`;
    return rows.map((row, index) => ({ after: rows[index - 1]?.upTo ?? null, ...row }));
  };
}
