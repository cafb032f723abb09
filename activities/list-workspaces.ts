import type { DueWorkspace, ListWorkspacesInput } from '../contracts/activities.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { isDue } from './is-due.ts';

/**
 * A keyset page of the workspaces that a fan-out is for, in ID order. Where only what is due counts, each comes
 * with its due calendars and accounts, so that its sync need not look for them.
 */
export function createListWorkspaces({ database }: ActivityDependencies) {
  return async function listWorkspaces({
    range,
    dueAt,
    limit,
  }: ListWorkspacesInput): Promise<DueWorkspace[]> {
    const rows = await database.$queryRaw<
      { workspaceId: string; calendarIds: string[]; accountIds: string[] }[]
    >`
      with due as (
        select s.workspace_id, s.calendar_id, null::uuid as account_id from calendar_sync_states s
        where (${range.after}::text is null or s.workspace_id > ${range.after}::text)
          and (${range.upTo}::text is null or s.workspace_id <= ${range.upTo}::text)
          and s.next_sync_at is not null and (${dueAt}::timestamptz is null or ${isDue('s.next_sync_at')})
        union all
        select a.workspace_id, null, a.id from calendar_auth_tokens a
        where (${range.after}::text is null or a.workspace_id > ${range.after}::text)
          and (${range.upTo}::text is null or a.workspace_id <= ${range.upTo}::text)
          and a.status = 'connected' and (${dueAt}::timestamptz is null or ${isDue('a.calendar_list_due_at')})
      )
      select workspace_id as "workspaceId",
        array_remove(array_agg(calendar_id::text order by calendar_id), null) as "calendarIds",
        array_remove(array_agg(account_id::text order by account_id), null) as "accountIds"
      from due group by workspace_id order by workspace_id limit ${limit}::int`;
    return rows.map(({ workspaceId, calendarIds, accountIds }) => ({
      workspaceId,
      targets: dueAt === null ? null : { calendarIds, accountIds },
    }));
  };
}
