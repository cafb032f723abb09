import { Prisma } from '../../prisma/generated/client.ts';
import { incomingOccurrences } from '../mirror/incoming-occurrences.ts';
import type { PastSources } from './past-sources.ts';

/** Range of occurrences: instants, and the days of the workspace's zone that they touch. */
export interface Range {
  begin: Prisma.Sql;
  end: Prisma.Sql;
  firstDay: string;
  lastDay: string;
  timeZone: string;
}

/** Whether an occurrence `o` overlaps the range, by the rule of `listEvents`. */
export const overlaps = ({ begin, end, firstDay, lastDay }: Range) => Prisma.sql`
  case when o.all_day then o.start_date <= ${lastDay}::date and o.end_date > ${firstDay}::date
    else o.start_at < ${end} and o.end_at > ${begin} end`;

/** Instant by which an occurrence `o` is ordered. */
export const sortAt = ({ timeZone }: Range) => Prisma.sql`
  case when o.all_day then o.start_date::timestamp at time zone ${timeZone} else o.start_at end`;

/** Columns that an answer shows of an occurrence `o`. */
export const SHOWN = Prisma.sql`o.id, o.calendar_id, o.google_event_id, o.title, o.status, o.busy, o.all_day,
  o.start_at, o.end_at, o.start_date, o.end_date, o.original_start_at, o.original_start_date`;

/** Query for the occurrences that the changed sources had then, with the columns of the read model. */
export function pastOccurrences({ expansions }: PastSources): Prisma.Sql {
  const selects = [...expansions].map(
    ([calendarId, expansion]) => Prisma.sql`
      select p.id, ${calendarId}::uuid as calendar_id, p.event as google_event_id, p.title, p.status, p.busy, p.all_day,
        p.start_at, p.end_at, p.start_date, p.end_date,
        p.original_at as original_start_at, p.original_date as original_start_date
      from (${incomingOccurrences(calendarId, expansion)}) p`,
  );
  if (selects.length > 0) return Prisma.join(selects, ' union all ');
  return Prisma.sql`select ${SHOWN} from workspace_calendar_events o where false`;
}

/** Whether the source of a present occurrence `o` has changed since. */
export const hasChanged = ({ calendarIds, sourceEventIds }: PastSources) => Prisma.sql`
  (o.calendar_id, o.source_event_id) in (
    select * from unnest(${calendarIds}::uuid[], ${sourceEventIds}::text[]))`;
