import type { EventRow } from '../../calendar/event-row.ts';
import { type EventTime, isAllDay } from '../../calendar/event-time.ts';
import type { Prisma } from '../../prisma/generated/client.ts';

const at = (time: EventTime | null) => (time && !isAllDay(time) ? time.dateTime : null);
const date = (time: EventTime | null) => (time && isAllDay(time) ? new Date(time.date) : null);

/** An event as Prisma's own calls take it. */
export function toRecord(row: EventRow, calendarId: string): Prisma.CalendarEventCreateManyInput {
  return {
    calendarId,
    googleEventId: row.googleEventId,
    kind: row.kind,
    status: row.status,
    etag: row.etag,
    seriesId: row.seriesId,
    startAt: at(row.start),
    endAt: at(row.end),
    startDate: date(row.start),
    endDate: date(row.end),
    resource: row.resource as Prisma.InputJsonValue,
  };
}
