import type { Transaction } from '../../prisma/client.ts';
import type { ChangeContext } from './change-context.ts';
import type { WrittenEvents } from './write-events.ts';

/** Remembers which IDs a page of a full listing named. A repeated page replaces its earlier self. */
export async function markPage(
  transaction: Transaction,
  calendarId: string,
  page: number,
  googleEventIds: readonly string[],
): Promise<void> {
  if (page === 0)
    await transaction.$executeRaw`delete from calendar_listing_pages where calendar_id = ${calendarId}::uuid`;
  await transaction.$executeRaw`
    insert into calendar_listing_pages (calendar_id, page, google_event_ids)
    values (${calendarId}::uuid, ${page}::int, ${googleEventIds}::text[])
    on conflict (calendar_id, page) do update set google_event_ids = excluded.google_event_ids`;
}

/**
 * Ends a full listing: deletes every event that no page named, for a listing has no tombstones. Part of the last
 * page's transaction, so that no reader sees a calendar half swept.
 */
export async function sweep(
  transaction: Transaction,
  context: ChangeContext,
): Promise<WrittenEvents['deleted']> {
  const { calendarId, workspaceId, correlationId } = context;
  const swept = await transaction.$queryRaw<WrittenEvents['deleted']>`
    with swept as (
      delete from calendar_events e
      where e.calendar_id = ${calendarId}::uuid
        and not exists (
          select from (
            select unnest(google_event_ids) as id from calendar_listing_pages where calendar_id = ${calendarId}::uuid
          ) listed where listed.id = e.google_event_id)
      returning google_event_id, series_id
    ), logged as (
      insert into calendar_changes (workspace_id, calendar_id, google_event_id, operation, correlation_id)
      select ${workspaceId}, ${calendarId}::uuid, google_event_id, 'delete', ${correlationId} from swept
    )
    select google_event_id as "googleEventId", series_id as "seriesId" from swept`;
  await transaction.$executeRaw`delete from calendar_listing_pages where calendar_id = ${calendarId}::uuid`;
  return swept;
}
