import { z } from 'zod';
import { Temporal } from 'temporal-polyfill';
import { MOST_PAGE_BYTES, MAX_CALENDAR_IDS } from '../../contracts/limits.ts';
import type { Database, Transaction } from '../../prisma/client.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import { requireCalendars } from '../calendars.ts';
import { InvalidInputError } from '../errors.ts';
import { calendarIdSchema, parseInput, timeSchema, toInstant, workspaceIdSchema } from '../input.ts';
import { positionInstant, uuid } from '../shapes.ts';
import { requireWorkspace } from '../workspaces.ts';
import { formatInstant } from '../../contracts/instants.ts';

export const MAX_EVENTS_PER_PAGE = 5_000;
const DEFAULT_PAGE_SIZE = 1_000;
/** Size of an occurrence without its title; exceeded only by very long IDs. */
export const ROW_BYTES = 700;
/** Statuses of an occurrence. Cancelled occurrences are not stored. */
export const OCCURRENCE_STATUSES = ['confirmed', 'tentative'] as const;

export const occurrencePositionSchema = z.object({ sortAt: positionInstant, id: z.guid().toLowerCase() });

const rangeSchema = z.object({
  workspaceId: workspaceIdSchema,
  from: timeSchema,
  to: timeSchema,
  /** Calendars to list. Default: every enabled one. */
  calendarIds: z.array(calendarIdSchema).min(1).max(MAX_CALENDAR_IDS).optional(),
  /** Only occurrences that take up time, or only those that do not. Default: both. */
  busy: z.boolean().optional(),
  status: z.enum(OCCURRENCE_STATUSES).optional(),
  /** `cursor` of the page before. */
  after: occurrencePositionSchema.optional(),
  limit: z
    .int()
    .min(1)
    .max(MAX_EVENTS_PER_PAGE, `must be at most ${MAX_EVENTS_PER_PAGE}`)
    .default(DEFAULT_PAGE_SIZE),
});
type EventRange = z.input<typeof rangeSchema>;

/** An event, or one occurrence of a series. */
export const occurrenceSchema = z.object({
  id: uuid('the occurrence'),
  workspaceId: z.string(),
  calendarId: z.string(),
  googleCalendarId: z.string(),
  googleEventId: z.string().describe("The item's own ID: of a plain occurrence, that of its series"),
  title: z.string().nullable(),
  start: z.string().describe('A UTC instant or, where `allDay`, a date'),
  end: z.string().describe('Exclusive, in the same form'),
  allDay: z.boolean(),
  status: z.enum(OCCURRENCE_STATUSES),
  busy: z.boolean().describe('Whether it blocks time'),
  originalStart: z.string().optional().describe('The start that the series gives this occurrence'),
});
export type Occurrence = z.infer<typeof occurrenceSchema>;

interface OccurrencePage {
  events: Occurrence[];
  /** Where the next page starts; absent on the last. */
  cursor?: z.infer<typeof occurrencePositionSchema>;
}

export type OccurrenceRow = {
  id: string;
  calendarId: string;
  googleCalendarId: string;
  googleEventId: string;
  title: string | null;
  status: Occurrence['status'];
  busy: boolean;
  originalStartAt: Date | null;
  originalStartDate: string | null;
  sortAt: Date;
  /** Whether more rows follow. */
  more: boolean;
} & ({ allDay: true; startDate: string; endDate: string } | { allDay: false; startAt: Date; endAt: Date });

/**
 * One page of the occurrences that overlap a range, ordered by start. An all-day occurrence overlaps it if
 * one of its days does, in the workspace's zone, and sorts as midnight there. Disabled calendars and
 * calendars that Google no longer lists have no occurrences; an inaccessible calendar keeps the last known
 * ones.
 *
 * A page reads little more than it returns, however much the workspace holds: timed occurrences come from an
 * index ordered by start, up to the limit. Those that began before the range are searched one day back; the
 * few that last longer than a day have an index of their own.
 * @throws NotFoundError when there is no such workspace, or it has no such calendar.
 */
export async function listEvents(
  database: Database | Transaction,
  range: EventRange,
): Promise<OccurrencePage> {
  const { workspaceId, after, limit, calendarIds, busy, status, ...times } = parseInput(rangeSchema, range);
  const { timeZone } = await requireWorkspace(database, workspaceId);
  const from = toInstant(times.from, timeZone);
  const to = toInstant(times.to, timeZone);
  if (Temporal.Instant.compare(from, to) >= 0) throw new InvalidInputError('to', 'must be later than from');
  if (calendarIds !== undefined) await requireCalendars(database, workspaceId, calendarIds);
  const firstDay = from.toZonedDateTimeISO(timeZone).toPlainDate().toString();
  const lastDay = to.subtract({ nanoseconds: 1 }).toZonedDateTimeISO(timeZone).toPlainDate().toString();
  const [begin, end] = [
    Prisma.sql`${from.toString()}::timestamptz`,
    Prisma.sql`${to.toString()}::timestamptz`,
  ];

  const sortTimed = Prisma.sql`start_at`;
  // An expression instead of the column, so that the planner uses the small index and not the one ordered by
  // start.
  const sortLong = Prisma.sql`(start_at + interval '0')`;
  const sortAllDay = Prisma.sql`(start_date::timestamp at time zone ${timeZone})`;
  /** The first rows of one branch; later rows of it cannot be on the page. */
  const branch = (sortAt: Prisma.Sql, where: Prisma.Sql) => Prisma.sql`(
    select id, calendar_id, google_event_id, title, status, busy, all_day, start_at, end_at, start_date, end_date,
      original_start_at, original_start_date, ${sortAt} as sort_at
    from workspace_calendar_events
    where workspace_id = ${workspaceId} and ${where}
      and calendar_id = any(array(
        select c.id from calendars c where c.workspace_id = ${workspaceId} and c.enabled
        ${calendarIds === undefined ? Prisma.empty : Prisma.sql`and c.id = any(${calendarIds}::uuid[])`}))
      ${busy === undefined ? Prisma.empty : Prisma.sql`and busy = ${busy}`}
      ${status === undefined ? Prisma.empty : Prisma.sql`and status = ${status}`}
      ${after === undefined ? Prisma.empty : Prisma.sql`and (${sortAt}, id) > (${after.sortAt}::timestamptz, ${after.id}::uuid)`}
    order by ${sortAt}, id limit ${limit + 1}::int)`;

  const rows = await database.$queryRaw<OccurrenceRow[]>`
    select * from (
    select count(*) over () > row_number() over in_order as more,
      row_number() over in_order as number,
      sum(${ROW_BYTES}::int + coalesce(octet_length(title), 0)) over in_order as bytes, event.id, calendar_id as "calendarId", google_calendar_id as "googleCalendarId",
      google_event_id as "googleEventId", title, event.status, busy, all_day as "allDay",
      start_at as "startAt", end_at as "endAt", start_date::text as "startDate", end_date::text as "endDate",
      original_start_at as "originalStartAt", original_start_date::text as "originalStartDate", sort_at as "sortAt"
    from (
      ${branch(
        sortTimed,
        Prisma.sql`not all_day and start_at > ${begin} - interval '24 hours' and start_at < ${end} and end_at > ${begin}`,
      )}
      union all
      ${branch(
        sortLong,
        Prisma.sql`not all_day and end_at - start_at > interval '24 hours' and end_at > ${begin}
          and start_at <= ${begin} - interval '24 hours'`,
      )}
      union all
      ${branch(
        sortAllDay,
        Prisma.sql`all_day and start_date <= ${lastDay}::date and end_date > ${firstDay}::date`,
      )}
    ) event join calendars calendar on calendar.id = event.calendar_id
    window in_order as (order by sort_at, event.id)
    ) page
    where number = 1 or (number <= ${limit}::int and bytes <= ${MOST_PAGE_BYTES}::int)
    order by "sortAt", id`;

  const last = rows.at(-1);
  return {
    events: rows.map((row) => toOccurrence(workspaceId, row)),
    ...(last?.more && { cursor: { sortAt: last.sortAt.toISOString(), id: last.id } }),
  };
}

/** Occurrences of a range, page by page. */
export async function* eventPages(
  database: Database,
  range: Omit<EventRange, 'after'>,
): AsyncGenerator<Occurrence[]> {
  let after: OccurrencePage['cursor'];
  do {
    const page = await listEvents(database, { ...range, after });
    yield page.events;
    after = page.cursor;
  } while (after);
}

export function toOccurrence(workspaceId: string, row: OccurrenceRow): Occurrence {
  const originalStart =
    row.originalStartDate ?? (row.originalStartAt && formatInstant(row.originalStartAt.getTime()));
  return {
    id: row.id,
    workspaceId,
    calendarId: row.calendarId,
    googleCalendarId: row.googleCalendarId,
    googleEventId: row.googleEventId,
    title: row.title,
    start: row.allDay ? row.startDate : formatInstant(row.startAt.getTime()),
    end: row.allDay ? row.endDate : formatInstant(row.endAt.getTime()),
    allDay: row.allDay,
    status: row.status,
    busy: row.busy,
    ...(originalStart !== null && { originalStart }),
  };
}
