import type { Transaction } from '../../prisma/client.ts';
import { Prisma } from '../../prisma/generated/client.ts';

/** Fewer rows than this may well have been deleted by hand between two listings. */
const MANY_EVENTS = 10;

/** Where a full listing keeps the IDs that its pages have named: a sync's to sweep, a verification's to compare. */
type ListingPages = 'calendar_listing_pages' | 'calendar_verification_pages';

/**
 * Whether a full listing of a calendar with many events named none: Google has been seen to answer so for a
 * moment, and believing it would empty the mirror.
 */
export async function isSuspiciouslyEmpty(
  transaction: Transaction,
  calendarId: string,
  pages: ListingPages,
): Promise<boolean> {
  const [row] = await transaction.$queryRaw<{ suspicious: boolean }[]>`
    select not exists (
        select from ${Prisma.raw(pages)}
        where calendar_id = ${calendarId}::uuid and cardinality(google_event_ids) > 0
      ) and (
        select count(*) from (
          select from calendar_events where calendar_id = ${calendarId}::uuid limit ${MANY_EVENTS}::int
        ) sample
      ) = ${MANY_EVENTS}::int as suspicious`;
  return row?.suspicious ?? false;
}
