import { isAllDay } from '../../calendar/event-time.ts';
import type { EventRow } from '../../calendar/event-row.ts';
import { seriesEnd } from '../../calendar/series-end.ts';
import type { Transaction } from '../../prisma/client.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import type { AppliedChange } from '../change-log/append-changes.ts';
import { mapInTurns } from './map-in-turns.ts';
import { toJsonb } from './to-jsonb.ts';

interface WrittenEvent extends AppliedChange {
  seriesId: string | null;
}

/** Fields that Google may write in different ways with the same meaning. Attendees are compared apart. */
const NOT_COMPARED = ['start', 'end', 'originalStartTime', 'attendees'];
/** Attendees of an item, in an order of their own: Google's may change from one answer to the next. */
const attendeesOf = (resource: Prisma.Sql) =>
  Prisma.sql`array(select a from jsonb_path_query(${resource}, '$.attendees[*]') a order by a)`;

/** Rows that a write has changed. Rows with the same etag are unchanged and left out. */
export interface WrittenEvents {
  upserted: WrittenEvent[];
  deleted: WrittenEvent[];
}

/**
 * Columns of a row, as `jsonb_to_recordset` reads them. With `json`, every `resource` would be parsed twice.
 */
export function toEventRecord(row: EventRow) {
  const { start, end } = row;
  return {
    id: row.googleEventId,
    kind: row.kind,
    status: row.status,
    etag: row.etag,
    series: row.seriesId,
    start_at: start !== null && !isAllDay(start) ? start.dateTime : null,
    end_at: end !== null && !isAllDay(end) ? end.dateTime : null,
    start_date: start !== null && isAllDay(start) ? start.date : null,
    end_date: end !== null && isAllDay(end) ? end.date : null,
    series_end: row.kind === 'series' ? seriesEnd(row) : null,
    resource: row.resource,
  };
}

export interface WriteOptions {
  /** Repair: rows are written whatever their etag, and only the named events are deleted. */
  exact?: boolean;
  /**
   * Full listing: a row whose content differs is written even if its etag is the same, because the content
   * that Google shows depends on the account's access and on the detail asked for, and the etag does not.
   */
  relisted?: boolean;
  /**
   * Whether this includes cancelled exceptions: a token was discarded because they may hold what another access
   * or detail showed. Otherwise Google says now more and now less about them, which is no change.
   */
  relistsCancelled?: boolean;
  /**
   * Whether earlier pages of this listing have recorded the exceptions they named. A deleted series spares
   * those.
   */
  sparesNoted?: boolean;
  /**
   * IDs of series whose exceptions are deleted even where the page brings the series back. Default:
   * `deletes`.
   */
  cancelled?: readonly string[];
}

/**
 * Writes a page of changes in one statement: upserts and deletions. A deleted series takes its exceptions
 * along, except those that the listing has named. The caller appends the result to the change log. Rows whose
 * etag has not changed are left alone. Deleting an unknown event succeeds and is not counted.
 */
export async function writeEvents(
  transaction: Transaction,
  calendarId: string,
  upserts: readonly EventRow[],
  deletes: readonly string[],
  {
    exact = false,
    relisted = false,
    relistsCancelled = false,
    sparesNoted = false,
    cancelled = deletes,
  }: WriteOptions = {},
): Promise<WrittenEvents> {
  if (upserts.length === 0 && deletes.length === 0 && cancelled.length === 0)
    return { upserted: [], deleted: [] };
  const named = upserts.map(({ googleEventId }) => googleEventId);
  const records = await mapInTurns(upserts, toEventRecord);
  const rows = await transaction.$queryRaw<Omit<WrittenEvent, 'calendarId'>[]>`
    with upserted as (
      insert into calendar_events as e (calendar_id, google_event_id, kind, status, etag, series_id,
        start_at, end_at, start_date, end_date, series_end, resource)
      select ${calendarId}::uuid, id, kind, status, etag, series,
        start_at, end_at, start_date, end_date, series_end, resource
      from jsonb_to_recordset(${toJsonb(records)}::jsonb) as r(
        id text, kind text, status text, etag text, series text, start_at timestamptz, end_at timestamptz,
        start_date date, end_date date, series_end timestamptz, resource jsonb)
      on conflict (calendar_id, google_event_id) do update
      set kind = excluded.kind, status = excluded.status, etag = excluded.etag, series_id = excluded.series_id,
        start_at = excluded.start_at, end_at = excluded.end_at,
        start_date = excluded.start_date, end_date = excluded.end_date,
        series_end = excluded.series_end, resource = excluded.resource, synced_at = now(),
        too_costly = false
      where ${exact}::boolean or e.etag is null or e.etag is distinct from excluded.etag
        or ${relisted}::boolean and (${relistsCancelled}::boolean or excluded.status <> 'cancelled')
          and (e.resource - ${NOT_COMPARED}::text[] is distinct from excluded.resource - ${NOT_COMPARED}::text[]
            or ${attendeesOf(Prisma.sql`e.resource`)} is distinct from ${attendeesOf(Prisma.sql`excluded.resource`)})
      returning google_event_id, series_id, case when xmax = 0 then 'insert' else 'update' end as operation
    ), deleted as (
      delete from calendar_events
      where calendar_id = ${calendarId}::uuid
        and (google_event_id = any(${deletes}::text[])
          or not ${exact}::boolean and kind = 'exception' and series_id = any(${cancelled}::text[])
            and google_event_id <> all(${named}::text[])
            and not (${sparesNoted}::boolean and exists (
              select from calendar_listing_pages p
              where p.calendar_id = ${calendarId}::uuid and p.page >= 0 and calendar_events.google_event_id = any(p.google_event_ids))))
      returning google_event_id, series_id, 'delete' as operation
    )
    select google_event_id as "googleEventId", series_id as "seriesId", operation from upserted
    union all
    select google_event_id, series_id, operation from deleted`;
  const written = rows.map((row) => ({ ...row, calendarId }));
  return {
    upserted: written.filter(({ operation }) => operation !== 'delete'),
    deleted: written.filter(({ operation }) => operation === 'delete'),
  };
}
