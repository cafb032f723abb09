import { MOST_PAGE_BYTES } from '../../contracts/limits.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import { PREPARED } from '../../prisma/prepared-statements.ts';
import type { EventDetail } from '../../contracts/event-details.ts';
import { foundEvents, type Search } from './find-events.ts';
import { occurrenceJson } from './occurrence-json.ts';
import { type Proof, proofsJson } from './proof.ts';
import { anyIsRich, RICH_SOURCES } from './rich-fields.ts';

/** A checked range between two instants. */
export interface OccurrenceQuery {
  workspaceId: string;
  begin: string;
  end: string;
  calendarIds?: readonly string[] | undefined;
  busy?: boolean | undefined;
  status?: string | undefined;
  after?: { sortAt: string; id: string } | undefined;
  limit: number;
  /** Only events that a search finds. */
  search?: Search | undefined;
  eventType?: string | undefined;
  /** Instant since which Google has noted a change, in UTC with milliseconds. */
  updatedSince?: string | undefined;
  /** Fields to answer. Default: those of an occurrence. */
  fields?: readonly string[] | undefined;
}

export interface OccurrencePageRow {
  /** Whether there is such a workspace. */
  isKnown: boolean;
  /** What the workspace keeps of an event. */
  detail: EventDetail | null;
  /** A calendar that was asked for and is not of the workspace. */
  missing: string | null;
  /** For `proofOf`. */
  proofs: Proof['calendars'];
  /** The occurrences in JSON, separated by commas. */
  events: string;
  /** Whether more follow. */
  more: boolean;
  /** Position of the last one; null if there is none. */
  sortAt: Date | null;
  id: string | null;
}

/**
 * Reads one page in one statement, and so in one snapshot.
 *
 * It reads little more than it returns, however much the workspace holds: timed occurrences come from an index
 * ordered by start, up to the limit. Those that began before the range are searched one day back; the few that
 * last longer than a day have an index of their own.
 */
export function occurrencePage(query: OccurrenceQuery): Prisma.Sql {
  const { workspaceId, limit, search, fields } = query;
  // Searches and choices of fields have too many variants to be kept.
  const isPlain = search === undefined && fields === undefined;
  return Prisma.sql`${isPlain ? PREPARED : Prisma.empty}
    with ${search === undefined ? Prisma.empty : foundFirst(workspaceId, search)}
    -- Materialized, because Postgres would write the JSON once for each use of it.
    written as materialized (
      select event.sort_at, event.id, ${occurrenceJson(workspaceId, fields)} as json
      from (${Prisma.join(branches(query), ' union all ')}) event
      join calendars calendar on calendar.id = event.calendar_id
      ${anyIsRich(fields ?? []) ? RICH_SOURCES : Prisma.empty}
    ),
    page as (
      select sort_at, id, json,
        row_number() over in_order = 1 or (row_number() over in_order <= ${limit}::int
          and sum(octet_length(json) + 1) over in_order <= ${MOST_PAGE_BYTES}::int) as fits
      from written
      window in_order as (order by sort_at, id)
    )
    select exists (select from workspaces w where w.id = ${workspaceId}) as "isKnown",
      (select w.event_detail from workspaces w where w.id = ${workspaceId}) as detail,
      ${missingCalendar(query)} as missing, ${proofsJson(workspaceId, query.calendarIds)} as proofs,
      coalesce(string_agg(json, ',' order by sort_at, id) filter (where fits), '') as events,
      count(*) > count(*) filter (where fits) as more,
      max(sort_at) filter (where fits) as "sortAt",
      (array_agg(id order by sort_at, id) filter (where fits))[count(*) filter (where fits)]::text as id
    from page`;
}

/**
 * Looks occurrences up for each event that was found, once, and not the other way round: a range may hold a
 * hundred thousand.
 */
function foundFirst(workspaceId: string, search: Search): Prisma.Sql {
  return Prisma.sql`
    found as materialized (${foundEvents(workspaceId, search)}),
    occurrences_of_found as materialized (
      select of_source.* from found cross join lateral (
        select * from workspace_calendar_events
        where calendar_id = found.calendar_id and source_event_id = found.source_event_id
          and google_event_id = found.google_event_id
        offset 0) of_source
    ),`;
}

function missingCalendar({ workspaceId, calendarIds }: OccurrenceQuery): Prisma.Sql {
  if (calendarIds === undefined) return Prisma.sql`null::text`;
  return Prisma.sql`(
    select asked.id::text from unnest(${calendarIds}::uuid[]) asked (id)
    where not exists (select from calendars c where c.workspace_id = ${workspaceId} and c.id = asked.id) limit 1)`;
}

/** Timed occurrences, those that last longer than a day and began before that, and all-day ones. */
function branches(query: OccurrenceQuery): Prisma.Sql[] {
  const { workspaceId } = query;
  const zone = Prisma.sql`(select w.time_zone from workspaces w where w.id = ${workspaceId})`;
  const [begin, end] = [Prisma.sql`${query.begin}::timestamptz`, Prisma.sql`${query.end}::timestamptz`];
  return [
    branch(
      query,
      Prisma.sql`start_at`,
      Prisma.sql`not all_day and start_at > ${begin} - interval '24 hours' and start_at < ${end}
        and end_at > ${begin}`,
    ),
    branch(
      query,
      // An expression instead of the column, so that the planner uses the small index and not the one ordered
      // by start.
      Prisma.sql`(start_at + interval '0')`,
      Prisma.sql`not all_day and end_at - start_at > interval '24 hours' and end_at > ${begin}
        and start_at <= ${begin} - interval '24 hours'`,
    ),
    branch(
      query,
      Prisma.sql`(start_date::timestamp at time zone ${zone})`,
      Prisma.sql`all_day and end_date > (${begin} at time zone ${zone})::date
        and start_date <= ((${end} - interval '1 microsecond') at time zone ${zone})::date`,
    ),
  ];
}

const OCCURRENCES = Prisma.sql`workspace_calendar_events`;
const OCCURRENCES_OF_FOUND = Prisma.sql`occurrences_of_found`;

/** The first rows of one branch; later rows of it cannot be on the page. */
function branch(query: OccurrenceQuery, sortAt: Prisma.Sql, where: Prisma.Sql): Prisma.Sql {
  const { workspaceId, calendarIds, busy, status, after, limit, search, eventType, updatedSince } = query;
  return Prisma.sql`(
    select *, ${sortAt} as sort_at from ${search === undefined ? OCCURRENCES : OCCURRENCES_OF_FOUND} o
    where workspace_id = ${workspaceId} and ${where}
      and calendar_id = any(array(
        select c.id from calendars c where c.workspace_id = ${workspaceId} and c.enabled
        ${when(calendarIds, (ids) => Prisma.sql`and c.id = any(${ids}::uuid[])`)}))
      ${when(busy, (is) => Prisma.sql`and busy = ${is}`)}
      ${when(status, (is) => Prisma.sql`and status = ${is}`)}
      ${when(eventType, (is) => Prisma.sql`and event_type = ${is}`)}
      ${when(updatedSince, updatedAfter)}
      ${when(after, (it) => Prisma.sql`and (${sortAt}, id) > (${it.sortAt}::timestamptz, ${it.id}::uuid)`)}
    order by ${sortAt}, id limit ${limit + 1}::int)`;
}

/** Google writes `updated` in UTC, with milliseconds: as text, it is in the order of time. */
const updatedAfter = (instant: string) => Prisma.sql`and exists (
  select from calendar_events e where e.calendar_id = o.calendar_id and e.google_event_id = o.google_event_id
    and (e.resource ->> 'updated') collate "C" >= ${instant})`;

function when<Value>(value: Value | undefined, sql: (value: Value) => Prisma.Sql): Prisma.Sql {
  return value === undefined ? Prisma.empty : sql(value);
}
