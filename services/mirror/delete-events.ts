import type { Transaction } from '../../prisma/client.ts';
import type { AppliedChange } from '../change-log/append-changes.ts';

/** Deletes every event of these calendars. Returns the deletions, for the change log. */
export async function deleteEvents(
  transaction: Transaction,
  calendarIds: readonly string[],
): Promise<AppliedChange[]> {
  if (calendarIds.length === 0) return [];
  return transaction.$queryRaw<AppliedChange[]>`
    delete from calendar_events where calendar_id = any(${calendarIds}::uuid[])
    returning calendar_id::text as "calendarId", google_event_id as "googleEventId", 'delete' as operation`;
}
