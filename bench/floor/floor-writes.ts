import type { EventRow } from '../../calendar/event-row.ts';
import { type EventTime, isAllDay } from '../../calendar/event-time.ts';
import type { Occurrence } from '../../calendar/occurrence.ts';
import type { Database, Transaction } from '../../prisma/client.ts';

/** About what a page of Almanac's writes in one statement. */
const OCCURRENCES_PER_STATEMENT = 5_000;

interface FloorTarget {
  workspaceId: string;
  calendarId: string;
}

type Connection = Database | Transaction;

const at = (time: EventTime | null) => (time && !isAllDay(time) ? time.dateTime : null);
const date = (time: EventTime | null) => (time && isAllDay(time) ? time.date : null);

export async function writeEvents(
  connection: Connection,
  { calendarId }: FloorTarget,
  rows: readonly EventRow[],
): Promise<void> {
  const records = rows.map((row) => ({
    id: row.googleEventId,
    kind: row.kind,
    status: row.status,
    etag: row.etag,
    series: row.seriesId,
    start_at: at(row.start),
    end_at: at(row.end),
    start_date: date(row.start),
    end_date: date(row.end),
    resource: row.resource,
  }));
  await connection.$executeRaw`
    insert into calendar_events as e (calendar_id, google_event_id, kind, status, etag, series_id,
      start_at, end_at, start_date, end_date, resource)
    select ${calendarId}::uuid, id, kind, status, etag, series, start_at, end_at, start_date, end_date, resource
    from jsonb_to_recordset(${JSON.stringify(records)}::jsonb) as r(
      id text, kind text, status text, etag text, series text, start_at timestamptz, end_at timestamptz,
      start_date date, end_date date, resource jsonb)
    on conflict (calendar_id, google_event_id) do update
    set etag = excluded.etag, resource = excluded.resource where e.etag is distinct from excluded.etag`;
}

export async function writeChanges(
  connection: Connection,
  { workspaceId, calendarId }: FloorTarget,
  rows: readonly EventRow[],
): Promise<void> {
  await connection.$executeRaw`
    insert into calendar_changes (workspace_id, calendar_id, google_event_id, operation, kind, status, etag, series_id,
      start_at, end_at, start_date, end_date, resource)
    select ${workspaceId}, calendar_id, google_event_id, 'insert', kind, status, etag, series_id,
      start_at, end_at, start_date, end_date, resource
    from calendar_events
    where calendar_id = ${calendarId}::uuid and google_event_id = any(${rows.map((row) => row.googleEventId)}::text[])`;
}

export async function writeOccurrences(
  connection: Connection,
  { workspaceId, calendarId }: FloorTarget,
  occurrences: readonly Occurrence[],
): Promise<void> {
  for (let first = 0; first < occurrences.length; first += OCCURRENCES_PER_STATEMENT) {
    const records = occurrences.slice(first, first + OCCURRENCES_PER_STATEMENT).map((occurrence) => ({
      event: occurrence.googleEventId,
      source: occurrence.sourceEventId,
      title: occurrence.title,
      status: occurrence.status,
      busy: occurrence.busy,
      type: occurrence.eventType,
      all_day: occurrence.allDay,
      start_at: at(occurrence.start),
      end_at: at(occurrence.end),
      start_date: date(occurrence.start),
      end_date: date(occurrence.end),
      original_at: at(occurrence.originalStart),
      original_date: date(occurrence.originalStart),
    }));
    await connection.$executeRaw`
      insert into workspace_calendar_events (id, workspace_id, calendar_id, google_event_id, source_event_id,
        title, status, busy, event_type, all_day, start_at, end_at, start_date, end_date,
        original_start_at, original_start_date)
      select gen_random_uuid(), ${workspaceId}, ${calendarId}::uuid, r.* from jsonb_to_recordset(${JSON.stringify(records)}::jsonb) as r(
        event text, source text, title text, status text, busy boolean, type text, all_day boolean,
        start_at timestamptz, end_at timestamptz, start_date date, end_date date,
        original_at timestamptz, original_date date)`;
  }
}
