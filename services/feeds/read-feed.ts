import { FEED_DAYS, MAX_FEED_OCCURRENCES, MOST_PAGE_BYTES } from '../../contracts/limits.ts';
import type { Database, Transaction } from '../../prisma/client.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import type { CalendarFeed } from '../../prisma/generated/client.ts';
import type { FeedOccurrence } from './write-icalendar.ts';

/** Longest text of a place or a description in a feed, in characters. */
const MOST_TEXT = 2_000;
/** Size of an occurrence in a feed without its texts. */
const ROW_BYTES = 300;
/** Events that Google hides from others stay hidden, whatever the feed shows. */
export const HIDDEN = ['private', 'confidential'];

export interface FeedContent {
  occurrences: FeedOccurrence[];
  /** Whether further occurrences follow. */
  isCut: boolean;
}

type FeedRow = FeedOccurrence & { more: boolean };

/**
 * Occurrences that a feed shows: of its enabled calendars, from 30 days ago to a year ahead, in order of their
 * start. It ends after `MAX_FEED_OCCURRENCES`, or before `MOST_PAGE_BYTES`.
 */
export async function readFeed(
  database: Database | Transaction,
  { workspaceId, calendarIds, detail }: Pick<CalendarFeed, 'workspaceId' | 'calendarIds' | 'detail'>,
): Promise<FeedContent> {
  const isFull = detail === 'full';
  const shown = Prisma.sql`(${isFull}::boolean and coalesce(e.resource->>'visibility', '') <> all(${HIDDEN}::text[]))`;
  const rows = await database.$queryRaw<FeedRow[]>`
    with occurrence as (
      select o.*, case when o.all_day then o.start_date::timestamp at time zone w.time_zone else o.start_at end as sort_at
      from workspaces w
      join calendars c on c.workspace_id = w.id and c.enabled
      join workspace_calendar_events o on o.calendar_id = c.id and o.workspace_id = w.id
      where w.id = ${workspaceId}
        and (cardinality(${calendarIds}::uuid[]) = 0 or c.id = any(${calendarIds}::uuid[]))
        and (${isFull}::boolean or o.busy)
        and case when o.all_day
          then o.end_date > (now() at time zone w.time_zone)::date - ${FEED_DAYS.back}::int and o.start_date < (now() at time zone w.time_zone)::date + ${FEED_DAYS.ahead}::int
          else o.end_at > now() - make_interval(days => ${FEED_DAYS.back}::int)
            and o.start_at < now() + make_interval(days => ${FEED_DAYS.ahead}::int) end
      order by sort_at, o.id limit ${MAX_FEED_OCCURRENCES + 1}::int
    ), described as (
      select o.id, o.sort_at, o.status, o.busy, o.all_day as "allDay", o.start_at as "startAt", o.end_at as "endAt",
        o.start_date::text as "startDate", o.end_date::text as "endDate", e.synced_at as "changedAt",
        case when ${shown} then o.title end as title,
        case when ${shown} then left(e.resource->>'location', ${MOST_TEXT}::int) end as location,
        case when ${shown} then left(e.resource->>'description', ${MOST_TEXT}::int) end as description
      from occurrence o
      join calendar_events e on e.calendar_id = o.calendar_id and e.google_event_id = o.google_event_id
    )
    select * from (
      select described.*, count(*) over () > row_number() over in_order as more, row_number() over in_order as number,
        sum(${ROW_BYTES}::int + coalesce(octet_length(title), 0) + coalesce(octet_length(location), 0)
          + coalesce(octet_length(description), 0)) over in_order as bytes
      from described window in_order as (order by sort_at, id)
    ) page
    where number <= ${MAX_FEED_OCCURRENCES}::int and bytes <= ${MOST_PAGE_BYTES}::int
    order by sort_at, id`;
  return { occurrences: rows, isCut: rows.at(-1)?.more ?? false };
}
