import type { Database } from '../../prisma/client.ts';
import { appendChanges } from './append-changes.ts';
import { compareLog } from './compare-log.ts';

const CALENDARS_PER_LOOK = 200;
const LONGEST_PLACING_MS = 2 * 60_000;

interface UnplacedCalendar {
  workspaceId: string;
  calendarId: string;
}

/**
 * Repairs logs to which workers of a version without positions have written during an upgrade: appends the
 * current state of the calendars they changed, and deletes their rows. Returns the number of appended
 * changes.
 */
export async function placeChanges(
  database: Database,
  { workspaceId = null, signal }: { workspaceId?: string | null; signal?: AbortSignal } = {},
): Promise<number> {
  let placed = 0;
  for (;;) {
    const calendars = await database.$queryRaw<UnplacedCalendar[]>`
      select distinct workspace_id as "workspaceId", calendar_id::text as "calendarId"
      from calendar_changes
      where position < 0 and (${workspaceId}::text is null or workspace_id = ${workspaceId})
      limit ${CALENDARS_PER_LOOK}::int`;
    if (calendars.length === 0) return placed;
    for (const calendar of calendars) {
      signal?.throwIfAborted();
      placed += await placeCalendar(database, calendar);
    }
  }
}

async function placeCalendar(
  database: Database,
  { workspaceId, calendarId }: UnplacedCalendar,
): Promise<number> {
  return database.$transaction(
    async (transaction) => {
      await transaction.$queryRaw`
        select calendar_id from calendar_sync_states where calendar_id = ${calendarId}::uuid for update`;
      await transaction.$executeRaw`
        delete from calendar_changes
        where workspace_id = ${workspaceId} and calendar_id = ${calendarId}::uuid and position < 0`;
      const changes = await compareLog(transaction, calendarId);
      await appendChanges(transaction, { workspaceId, correlationId: null }, changes);
      return changes.length;
    },
    { timeout: LONGEST_PLACING_MS },
  );
}
