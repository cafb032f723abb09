import type { FailureType } from '../../contracts/failure-types.ts';
import type { Database, Transaction } from '../../prisma/client.ts';
import { Prisma } from '../../prisma/generated/client.ts';

/** Whether a calendar that is to be polled, or a connected account, has failed this way last. */
function anybodyFails(failureType: Prisma.Sql, exceptCalendarId: string | null): Prisma.Sql {
  return Prisma.sql`(
    exists (
      select from calendar_sync_states f
      where f.last_error = ${failureType} and f.next_sync_at is not null
        and f.calendar_id is distinct from ${exceptCalendarId}::uuid)
    or exists (select from calendar_auth_tokens f where f.last_error = ${failureType} and f.status = 'connected'))`;
}

/** Whether the trouble that is about to be recorded has been there already, in this workspace or another. */
export async function sharedTroubleGoesOn(
  transaction: Transaction,
  failureType: FailureType,
): Promise<boolean> {
  const [row] = await transaction.$queryRaw<{ goesOn: boolean }[]>`
    select ${anybodyFails(Prisma.sql`${failureType}`, null)} as "goesOn"`;
  return row?.goesOn ?? false;
}

/**
 * A statement that closes the installation's letters whose trouble nobody has any more. One success is no proof: an
 * access token that was issued before works on for an hour.
 * @param succeededCalendarId whose success is being recorded
 */
export function closeSharedLetters(succeededCalendarId: string | null): Prisma.Sql {
  return Prisma.sql`
    update dead_letters d set status = 'resolved', closed_at = now()
    where d.workspace_id is null and d.status = 'open'
      and not ${anybodyFails(Prisma.sql`d.failure_type`, succeededCalendarId)}`;
}

/**
 * Calendars that have failed this way last, and are to be polled.
 * @param workspaceId whose they are. Default: anybody's.
 */
export async function countFailingCalendars(
  database: Database,
  failureType: string,
  workspaceId?: string,
): Promise<number> {
  return database.calendarSyncState.count({
    where: {
      lastError: failureType,
      nextSyncAt: { not: null },
      ...(workspaceId !== undefined && { workspaceId }),
    },
  });
}
