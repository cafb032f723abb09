import { formatInstant } from '../../contracts/instants.ts';
import type { Occurrence } from './list-occurrences.ts';

/** Size of an occurrence without its title; exceeded only by very long IDs. */
export const ROW_BYTES = 700;

/** An occurrence as a row, for reads that do not take the JSON of `occurrenceJson`. */
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
