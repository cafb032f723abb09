import type { Database } from '../prisma/client.ts';

/** However often somebody asks, an account's list is read once in so many seconds; sooner where the last one lacked something. */
const LEAST_GAP_SECONDS = { usual: 60, afterAbsence: 10 };

/** Has the calendar lists of a workspace read with its next sync, but for those that have just been. By the database's clock. */
export async function hurryCalendarLists(database: Database, workspaceId: string): Promise<void> {
  await database.$executeRaw`
    update calendar_auth_tokens a set calendar_list_due_at = now()
    where a.workspace_id = ${workspaceId} and a.status = 'connected' and a.calendar_list_due_at > now()
      -- A list that could not be read has left the time of its failure.
      and greatest(a.calendar_list_synced_at, case when a.last_error is not null then a.updated_at end)
        < now() - make_interval(secs => case
          when a.calendar_list_incomplete_since is not null or exists (
            select from calendars c where c.account_id = a.id and c.missing_since is not null)
          then ${LEAST_GAP_SECONDS.afterAbsence}::int else ${LEAST_GAP_SECONDS.usual}::int end)`;
}
