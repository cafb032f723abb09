import { MOST_PAGE_BYTES } from '../../contracts/limits.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import { PREPARED } from '../../prisma/prepared-statements.ts';
import { occurrenceJson } from './occurrence-json.ts';
import { type Proof, proofsJson } from './proof.ts';

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
}

export interface OccurrencePageRow {
  /** Whether there is such a workspace. */
  isKnown: boolean;
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
  const { workspaceId, limit } = query;
  return Prisma.sql`${PREPARED}
    -- Materialized, because Postgres would write the JSON once for each use of it.
    with written as materialized (
      select event.sort_at, event.id, ${occurrenceJson(workspaceId)} as json
      from (${Prisma.join(branches(query), ' union all ')}) event
      join calendars calendar on calendar.id = event.calendar_id
    ),
    page as (
      select sort_at, id, json,
        row_number() over in_order = 1 or (row_number() over in_order <= ${limit}::int
          and sum(octet_length(json) + 1) over in_order <= ${MOST_PAGE_BYTES}::int) as fits
      from written
      window in_order as (order by sort_at, id)
    )
    select exists (select from workspaces w where w.id = ${workspaceId}) as "isKnown",
      ${missingCalendar(query)} as missing, ${proofsJson(workspaceId, query.calendarIds)} as proofs,
      coalesce(string_agg(json, ',' order by sort_at, id) filter (where fits), '') as events,
      count(*) > count(*) filter (where fits) as more,
      max(sort_at) filter (where fits) as "sortAt",
      (array_agg(id order by sort_at, id) filter (where fits))[count(*) filter (where fits)]::text as id
    from page`;
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

/** The first rows of one branch; later rows of it cannot be on the page. */
function branch(query: OccurrenceQuery, sortAt: Prisma.Sql, where: Prisma.Sql): Prisma.Sql {
  const { workspaceId, calendarIds, busy, status, after, limit } = query;
  return Prisma.sql`(
    select *, ${sortAt} as sort_at from workspace_calendar_events
    where workspace_id = ${workspaceId} and ${where}
      and calendar_id = any(array(
        select c.id from calendars c where c.workspace_id = ${workspaceId} and c.enabled
        ${when(calendarIds, (ids) => Prisma.sql`and c.id = any(${ids}::uuid[])`)}))
      ${when(busy, (is) => Prisma.sql`and busy = ${is}`)}
      ${when(status, (is) => Prisma.sql`and status = ${is}`)}
      ${when(after, (it) => Prisma.sql`and (${sortAt}, id) > (${it.sortAt}::timestamptz, ${it.id}::uuid)`)}
    order by ${sortAt}, id limit ${limit + 1}::int)`;
}

function when<Value>(value: Value | undefined, sql: (value: Value) => Prisma.Sql): Prisma.Sql {
  return value === undefined ? Prisma.empty : sql(value);
}
