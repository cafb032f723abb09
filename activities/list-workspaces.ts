import type { DueWorkspace, ListWorkspacesInput } from '../contracts/sync-activities.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { isActiveWorkspace } from '../services/active-workspaces.ts';
import { isDue } from '../services/is-due.ts';

/**
 * Most IDs of calendars and accounts handed to one child. It keeps a page of 200 workspaces below 400 kB, a
 * fifth of Temporal's limit for a result (2 MB).
 */
const MOST_TARGETS = 50;

/**
 * Lists a keyset page of a fan-out's active workspaces, in ID order. If only due ones are listed, each carries its
 * due calendars and accounts, which saves its sync the query; a workspace with too many of them reads them
 * itself.
 */
export function createListWorkspaces({ database }: ActivityDependencies) {
  return async function listWorkspaces({
    range,
    dueAt,
    limit,
  }: ListWorkspacesInput): Promise<DueWorkspace[]> {
    const rows = await database.$queryRaw<
      { workspaceId: string; calendarIds: string[] | null; accountIds: string[] | null }[]
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
        case when count(*) <= ${MOST_TARGETS}::int
          then array_remove(array_agg(calendar_id::text order by calendar_id), null) end as "calendarIds",
        case when count(*) <= ${MOST_TARGETS}::int
          then array_remove(array_agg(account_id::text order by account_id), null) end as "accountIds"
      from due where ${isActiveWorkspace('workspace_id')}
      group by workspace_id order by workspace_id limit ${limit}::int`;
    return rows.map(({ workspaceId, calendarIds, accountIds }) => ({
      workspaceId,
      targets:
        dueAt === null || calendarIds === null || accountIds === null ? null : { calendarIds, accountIds },
    }));
  };
}
