import type { Transaction } from '../../prisma/client.ts';
import { Prisma } from '../../prisma/generated/client.ts';

/** So many may well have been deleted by hand between two listings, whatever the size of the calendar. */
const FEW = 2;
/** Of a larger calendar this share, but far fewer than a page holds. */
const FEW_SHARE = 0.1;
const MOST_FEW = 50;

/** Where a full listing keeps the IDs that its pages have named: a sync's to sweep, a verification's to compare. */
type ListingPages = 'calendar_listing_pages' | 'calendar_verification_pages';

interface StoredEvents {
  /** Google IDs of stored events that no page of the listing has named. */
  unlisted: string[];
  /** All events that are stored. */
  stored: number;
}

export async function findUnlisted(
  transaction: Transaction,
  calendarId: string,
  pages: ListingPages,
): Promise<StoredEvents> {
  const [row] = await transaction.$queryRaw<StoredEvents[]>`
    select coalesce(array_agg(e.google_event_id) filter (where listed.id is null), '{}') as unlisted,
      count(*)::int as stored
    from calendar_events e
    left join (
      select distinct unnest(google_event_ids) as id from ${Prisma.raw(pages)}
      where calendar_id = ${calendarId}::uuid and page >= 0
    ) listed on listed.id = e.google_event_id
    where e.calendar_id = ${calendarId}::uuid`;
  return row ?? { unlisted: [], stored: 0 };
}

/**
 * Whether one full listing is too little to believe that so many events are gone: all, or more than a few. Google has
 * been seen to answer with nothing for a moment, and a lost page looks the same.
 */
export function isDoubtful(gone: number, stored: number): boolean {
  if (gone === 0) return false;
  return gone === stored || gone > Math.max(FEW, Math.min(stored * FEW_SHARE, MOST_FEW));
}
