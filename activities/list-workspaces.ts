import type { DueWorkspace, ListWorkspacesInput } from '../contracts/sync-activities.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { isDue } from '../services/is-due.ts';

/**
 * IDs of calendars and accounts that are handed to one child. A page of 200 workspaces then stays below 400 kB, a fifth
 * of what Temporal takes as a result (2 MB).
 */
const MOST_TARGETS = 50;

/**
 * A keyset page of the workspaces that a fan-out is for, in ID order. Where only what is due counts, each comes
 * with its due calendars and accounts, so that its sync need not look for them; one with many looks for itself.
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
      from due group by workspace_id order by workspace_id limit ${limit}::int`;
    return rows.map(({ workspaceId, calendarIds, accountIds }) => ({
      workspaceId,
      targets:
        dueAt === null || calendarIds === null || accountIds === null ? null : { calendarIds, accountIds },
    }));
  };
}
