import type { Transaction } from '../../prisma/client.ts';
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
export async function sweep(transaction: Transaction, calendarId: string): Promise<WrittenEvents['deleted']> {
  const swept = await transaction.$queryRaw<WrittenEvents['deleted']>`
    delete from calendar_events e
    where e.calendar_id = ${calendarId}::uuid
      and not exists (
        select from (
          select unnest(google_event_ids) as id from calendar_listing_pages where calendar_id = ${calendarId}::uuid
        ) listed where listed.id = e.google_event_id)
    returning calendar_id::text as "calendarId", google_event_id as "googleEventId", series_id as "seriesId",
      'delete' as operation`;
  await transaction.$executeRaw`delete from calendar_listing_pages where calendar_id = ${calendarId}::uuid`;
  return swept;
}
