import type { Database } from '../../prisma/client.ts';
import { type EventTime, formatInstant } from '../../calendar/event-time.ts';

/** The occurrence that a write is about, as the mirror shows it. */
export interface Target {
  /** Google ID of the item: the exception's, the series' for a plain occurrence, or the single event's. */
  googleEventId: string;
  /** Google ID of the series. Null: it is a single event. */
  seriesId: string | null;
  /** Occurrence of the series, also where it was moved. */
  originalStart: EventTime | null;
}

/** An occurrence with what decides whether it may be written. */
export interface FoundTarget extends Target {
  eventId: string;
  calendarId: string;
  eventType: string;
}

interface TargetRow {
  eventId: string;
  calendarId: string;
  eventType: string;
  googleEventId: string;
  sourceEventId: string;
  originalStartAt: Date | null;
  originalStartDate: string | null;
}

/** Occurrences of a workspace's enabled calendars, by their IDs. */
export async function findTargets(
  database: Database,
  workspaceId: string,
  eventIds: readonly string[],
): Promise<Map<string, FoundTarget>> {
  if (eventIds.length === 0) return new Map();
  const rows = await database.$queryRaw<TargetRow[]>`
    select o.id::text as "eventId", o.calendar_id::text as "calendarId", o.event_type as "eventType",
      o.google_event_id as "googleEventId", o.source_event_id as "sourceEventId",
      o.original_start_at as "originalStartAt", to_char(o.original_start_date, 'YYYY-MM-DD') as "originalStartDate"
    from workspace_calendar_events o join calendars c on c.id = o.calendar_id and c.enabled
    where o.workspace_id = ${workspaceId} and o.id = any(${eventIds}::uuid[])`;
  return new Map(rows.map((row) => [row.eventId, toTarget(row)]));
}

function toTarget({ originalStartAt, originalStartDate, sourceEventId, ...row }: TargetRow): FoundTarget {
  const originalStart = originalStartOf(originalStartAt, originalStartDate);
  return { ...row, originalStart, seriesId: originalStart === null ? null : sourceEventId };
}

function originalStartOf(at: Date | null, date: string | null): EventTime | null {
  if (date !== null) return { date };
  return at === null ? null : { dateTime: formatInstant(at.getTime()), timeZone: null };
}
