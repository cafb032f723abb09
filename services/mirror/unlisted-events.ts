import type { Transaction } from '../../prisma/client.ts';
import { Prisma } from '../../prisma/generated/client.ts';

/**
 * Number of events that may well have been deleted by hand between two listings, whatever the calendar's
 * size.
 */
const FEW = 2;
/** Share of a larger calendar that may be gone. `MOST_FEW` caps it far below the size of a page. */
const FEW_SHARE = 0.1;
const MOST_FEW = 50;

/**
 * Tables in which a full listing keeps the IDs that its pages named: for a sync's sweep, or for a
 * verification.
 */
type ListingPages = 'calendar_listing_pages' | 'calendar_verification_pages';

interface StoredEvents {
  /** Google IDs of stored events that no page of the listing named. */
  unlisted: string[];
  /** Number of stored events. */
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
 * Whether one full listing is too little evidence to delete this many events: all of them, or more than a
 * few. Google sometimes answers with an empty list for a moment, and a lost page looks the same.
 */
export function isDoubtful(gone: number, stored: number): boolean {
  if (gone === 0) return false;
  return gone === stored || gone > Math.max(FEW, Math.min(stored * FEW_SHARE, MOST_FEW));
}
