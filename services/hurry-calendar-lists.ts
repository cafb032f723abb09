import type { Database } from '../prisma/client.ts';

/**
 * Shortest time between two reads of an account's calendar list; shorter after a list that lacked something.
 */
const LEAST_GAP_SECONDS = { usual: 60, afterAbsence: 10 };

/**
 * Makes a workspace's calendar lists due, so that its next sync reads them. Skips lists that were read within
 * the shortest time. Uses the database's clock.
 */
export async function hurryCalendarLists(database: Database, workspaceId: string): Promise<void> {
  await database.$executeRaw`
    update calendar_auth_tokens a set calendar_list_due_at = now()
    where a.workspace_id = ${workspaceId} and a.status = 'connected' and a.calendar_list_due_at > now()
      -- After a failed read, updated_at is the time of the failure.
      and greatest(a.calendar_list_synced_at, case when a.last_error is not null then a.updated_at end)
        < now() - make_interval(secs => case
          when a.calendar_list_incomplete_since is not null or exists (
            select from calendars c where c.account_id = a.id and c.missing_since is not null)
          then ${LEAST_GAP_SECONDS.afterAbsence}::int else ${LEAST_GAP_SECONDS.usual}::int end)`;
}
