import { Prisma } from '../../prisma/generated/client.ts';
import { richJson } from './rich-fields.ts';

/** A literal piece of JSON, or an expression for one. Expressions are never null. */
type Part = string | Prisma.Sql;

const column = (name: string) => Prisma.raw(name);

const dateText = (date: string) => Prisma.sql`to_char(${column(date)}, 'YYYY-MM-DD')`;

/** As `formatInstant` prints it: in UTC, with a fraction only for partial seconds. */
const instantText = (instant: string) =>
  Prisma.sql`replace(to_char(${column(instant)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), '.000Z', 'Z')`;

const timeText = (date: string, instant: string) =>
  Prisma.sql`case when event.all_day then ${dateText(date)} else ${instantText(instant)} end`;

const escaped = (text: string) => Prisma.sql`coalesce(to_json(${column(text)})::text, 'null')`;

/**
 * JSON of each field, over `event`, a row of `workspace_calendar_events`, and `calendar`, its row of
 * `calendars`. UUIDs, enums and workspace IDs have no characters that JSON escapes.
 */
const membersOf = (workspaceId: string) => ({
  id: ['"id":"', Prisma.sql`event.id`, '"'],
  workspaceId: ['"workspaceId":"', Prisma.sql`${workspaceId}::text`, '"'],
  calendarId: ['"calendarId":"', Prisma.sql`event.calendar_id`, '"'],
  googleCalendarId: ['"googleCalendarId":', escaped('calendar.google_calendar_id')],
  googleEventId: ['"googleEventId":', escaped('event.google_event_id')],
  title: ['"title":', escaped('event.title')],
  start: ['"start":"', timeText('event.start_date', 'event.start_at'), '"'],
  end: ['"end":"', timeText('event.end_date', 'event.end_at'), '"'],
  allDay: ['"allDay":', Prisma.sql`event.all_day`],
  status: ['"status":"', Prisma.sql`event.status`, '"'],
  busy: ['"busy":', Prisma.sql`event.busy`],
});

/** Absent where the occurrence is no series'. */
const ORIGINAL_START: Part = Prisma.sql`coalesce(',"originalStart":"' || coalesce(
  ${dateText('event.original_start_date')}, ${instantText('event.original_start_at')}) || '"', '')`;

/**
 * An occurrence in the form of `occurrenceSchema`, as JSON text. Postgres writes it, because a page of objects
 * costs the API several times as much: they are parsed, converted, validated and written again.
 * @param fields fields to write besides `id`, also rich ones: see `richJson`. Default: all of an occurrence.
 */
export function occurrenceJson(workspaceId: string, fields?: readonly string[]): Prisma.Sql {
  const isAsked = (field: string) => fields === undefined || field === 'id' || fields.includes(field);
  const members = Object.entries<Part[]>(membersOf(workspaceId))
    .filter(([field]) => isAsked(field))
    .flatMap(([, parts], index) => (index === 0 ? parts : [',', ...parts]));
  const originalStart = isAsked('originalStart') ? [ORIGINAL_START] : [];
  return joinParts(['{', ...members, ...originalStart, ...richJson(fields ?? []), '}']);
}

/** One concatenation, with neighbouring literals merged: each costs Postgres time, once per row. */
function joinParts(parts: readonly Part[]): Prisma.Sql {
  const merged: Part[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if (typeof part === 'string' && typeof last === 'string') merged[merged.length - 1] = last + part;
    else merged.push(part);
  }
  return Prisma.join(
    merged.map((part) => (typeof part === 'string' ? Prisma.raw(`'${part}'`) : part)),
    ' || ',
  );
}
