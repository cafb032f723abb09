import { expandRows } from '../../services/mirror/expand-sources.ts';
import { horizonAt } from '../support/horizon-at.ts';
import { incomingOccurrences } from '../../services/mirror/incoming-occurrences.ts';
import type { EventRow } from '../../calendar/event-row.ts';
import { type EventTime, isAllDay } from '../../calendar/event-time.ts';
import type { Database, Transaction } from '../../prisma/client.ts';

/** As Almanac writes single events, by the page; series come in the same number of statements or fewer. */
const SOURCES_PER_STATEMENT = 2_500;

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

/** Writes the occurrences of a complete listing, in which every series has its exceptions. */
export async function writeOccurrences(
  connection: Connection,
  { workspaceId, calendarId }: FloorTarget,
  rows: readonly EventRow[],
): Promise<void> {
  const horizon = horizonAt(new Date());
  const rowsBySource = new Map<string, EventRow[]>();
  for (const row of rows) {
    const sourceId = row.seriesId ?? row.googleEventId;
    const alike = rowsBySource.get(sourceId);
    if (alike) alike.push(row);
    else rowsBySource.set(sourceId, [row]);
  }
  const sources = [...rowsBySource];
  for (let first = 0; first < sources.length; first += SOURCES_PER_STATEMENT) {
    const some = sources.slice(first, first + SOURCES_PER_STATEMENT);
    const sourceIds = some.map(([sourceId]) => sourceId);
    const expansion = await expandRows(
      sourceIds,
      some.flatMap(([, alike]) => alike),
      horizon,
    );
    await connection.$executeRaw`
      insert into workspace_calendar_events (id, workspace_id, calendar_id, google_event_id, source_event_id,
        title, status, traits, busy, event_type, all_day, start_at, end_at, start_date, end_date,
        original_start_at, original_start_date)
      select id, ${workspaceId}, ${calendarId}::uuid, event, source, title, status, traits, busy, type, all_day,
        start_at, end_at, start_date, end_date, original_at, original_date
      from (${incomingOccurrences(calendarId, expansion)}) incoming
      on conflict (id) do nothing`;
  }
}
