import type { Transaction } from '../../prisma/client.ts';
import type { Fence } from './fence.ts';
import type { WrittenEvents } from './write-events.ts';

/**
 * More pages than an activity lists. Keys below this were written by workers that listed one page per
 * activity.
 */
const KEYS_PER_PART = 1_000;
/** Key of the suspects: events that the previous full listing did not name. */
const SUSPECTS_KEY = -1;

/**
 * Records the IDs that a page of a listing named. A full listing records all, so that the sweep spares them.
 * An increment records series and exceptions, because an exception outlives a series that another page
 * cancels. A repeated part replaces its earlier attempt: its first page discards the records of this part and
 * of all that follow.
 * @param index index of the page within the part, from 0
 */
export async function markPage(
  transaction: Transaction,
  { calendarId, part }: Fence,
  index: number,
  googleEventIds: readonly string[],
): Promise<void> {
  const firstKey = (part + 1) * KEYS_PER_PART;
  if (index === 0) {
    const forgotten = part === 0 ? 0 : firstKey;
    await transaction.$executeRaw`
      delete from calendar_listing_pages where calendar_id = ${calendarId}::uuid and page >= ${forgotten}::int`;
  }
  await transaction.$executeRaw`
    insert into calendar_listing_pages (calendar_id, page, google_event_ids)
    values (${calendarId}::uuid, ${firstKey + index}::int, ${googleEventIds}::text[])
    on conflict (calendar_id, page) do update set google_event_ids = excluded.google_event_ids`;
}

/** Deletes what {@link markPage} has recorded of a listing, and the suspects with it. */
export async function forgetPages(transaction: Transaction, calendarId: string): Promise<void> {
  await transaction.$executeRaw`delete from calendar_listing_pages where calendar_id = ${calendarId}::uuid`;
}

/**
 * Records the events that a full listing did not name until another listing confirms it: only events that
 * both lack are deleted. The start of a listing keeps this record, its end discards it.
 */
export async function noteSuspects(
  transaction: Transaction,
  calendarId: string,
  googleEventIds: readonly string[],
): Promise<void> {
  await transaction.$executeRaw`
    insert into calendar_listing_pages (calendar_id, page, google_event_ids)
    values (${calendarId}::uuid, ${SUSPECTS_KEY}::int, ${googleEventIds}::text[])
    on conflict (calendar_id, page) do update set google_event_ids = excluded.google_event_ids`;
}

export async function readSuspects(transaction: Transaction, calendarId: string): Promise<Set<string>> {
  const row = await transaction.calendarListingPage.findUnique({
    where: { calendarId_page: { calendarId, page: SUSPECTS_KEY } },
  });
  return new Set(row?.googleEventIds);
}

/**
 * Ends a full listing: deletes the events that it did not name, because a full listing has no tombstones. It
 * runs in the last page's transaction, so that no reader sees a half-swept calendar.
 */
export async function sweep(
  transaction: Transaction,
  calendarId: string,
  unlisted: readonly string[],
): Promise<WrittenEvents['deleted']> {
  await forgetPages(transaction, calendarId);
  if (unlisted.length === 0) return [];
  return transaction.$queryRaw<WrittenEvents['deleted']>`
    delete from calendar_events e
    where e.calendar_id = ${calendarId}::uuid and e.google_event_id = any(${unlisted}::text[])
    returning calendar_id::text as "calendarId", google_event_id as "googleEventId", series_id as "seriesId",
      'delete' as operation`;
}
