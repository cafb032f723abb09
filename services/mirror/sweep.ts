import type { Transaction } from '../../prisma/client.ts';
import type { Fence } from './fence.ts';
import type { WrittenEvents } from './write-events.ts';

/** More pages than an activity lists. What lies below the first part's keys was written by workers of one page each. */
const KEYS_PER_PART = 1_000;
/** No page's: what a listing before has not named. */
const SUSPECTS_KEY = -1;

/**
 * Remembers which IDs a page of a listing named: of a full listing all, to be spared by the sweep; of an increment
 * those of series and exceptions: an exception outlives its series when that is cancelled on another page. A repeated part replaces its earlier self: its first page
 * forgets what was noted of it and of all that followed.
 * @param index from 0, within the part
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

/** Forgets what {@link markPage} has noted of a listing. */
export async function forgetPages(transaction: Transaction, calendarId: string): Promise<void> {
  await transaction.$executeRaw`delete from calendar_listing_pages where calendar_id = ${calendarId}::uuid`;
}

/**
 * Remembers what a full listing has not named while another one is made: only what both of them lack is gone. A listing
 * that begins does not forget it, one that ends does.
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
 * Ends a full listing: deletes the events that it has not named, for a listing has no tombstones. Part of the last
 * page's transaction, so that no reader sees a calendar half swept.
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
