import { DeadLetterOperation } from '../../contracts/dead-letters.ts';
import type { FailureType } from '../../contracts/failure-types.ts';
import type { Database, Transaction } from '../../prisma/client.ts';
import { Prisma } from '../../prisma/generated/client.ts';

/** Whether the latest result of a polled calendar or a connected account is this failure. */
function anyFails(failureType: Prisma.Sql, exceptCalendarId: string | null): Prisma.Sql {
  return Prisma.sql`(
    exists (
      select from calendar_sync_states f
      where f.last_error = ${failureType} and f.next_sync_at is not null
        and f.calendar_id is distinct from ${exceptCalendarId}::uuid)
    or exists (select from calendar_auth_tokens f where f.last_error = ${failureType} and f.status = 'connected'))`;
}

/** Whether any calendar or account already fails this way, before a new failure is recorded. */
export async function sharedFailurePersists(
  transaction: Transaction,
  failureType: FailureType,
): Promise<boolean> {
  const [row] = await transaction.$queryRaw<{ persists: boolean }[]>`
    select ${anyFails(Prisma.sql`${failureType}`, null)} as "persists"`;
  return row?.persists ?? false;
}

/**
 * A statement that closes the installation's dead letters whose failure no calendar or account has any more.
 * One success is no proof, because an earlier access token works for up to an hour.
 * @param succeededCalendarId calendar whose success is being recorded
 */
export function closeSharedDeadLetters(succeededCalendarId: string | null): Prisma.Sql {
  return Prisma.sql`
    update dead_letters d set status = 'resolved', closed_at = now()
    where d.workspace_id is null and d.status = 'open' and d.operation <> ${DeadLetterOperation.delivery}
      and not ${anyFails(Prisma.sql`d.failure_type`, succeededCalendarId)}`;
}

/**
 * Number of polled calendars whose latest result is this failure.
 * @param workspaceId workspace of the calendars. Default: all.
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
