import { occurrenceKey } from '../../calendar/expand.ts';
import { type EventTime, fromMs, isAllDay } from '../../calendar/event-time.ts';
import { DAY_MS, SECOND_MS } from '../../contracts/durations.ts';
import type { Expansion, Occurrence, PlainOccurrences } from '../../calendar/occurrence.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import { BLOCKS, busyRules } from './busy-rule.ts';
import { toJsonb } from './to-jsonb.ts';

type Described = Pick<Occurrence, 'sourceEventId' | 'title' | 'status' | 'traits' | 'eventType'>;

function described({ sourceEventId, title, status, traits, eventType }: Described) {
  return { source: sourceEventId, title, status, traits, type: eventType };
}

function columns(prefix: string, time: EventTime | null) {
  if (time === null) return {};
  return isAllDay(time) ? { [`${prefix}_date`]: time.date } : { [`${prefix}_at`]: time.dateTime };
}

function toOwnRecord(occurrence: Occurrence) {
  return {
    ...described(occurrence),
    key: occurrence.key,
    event: occurrence.googleEventId,
    all_day: occurrence.allDay,
    ...columns('start', occurrence.start),
    ...columns('end', occurrence.end),
    ...columns('original', occurrence.originalStart),
  };
}

/**
 * Starts and duration as numbers, in seconds since 1970 or in days: sending and parsing texts takes twice as
 * long.
 */
function toPlainRecord(plain: PlainOccurrences) {
  const unit = plain.allDay ? DAY_MS : SECOND_MS;
  const starts = plain.startsMs.map((startMs) => startMs / unit);
  return { ...described(plain), starts, duration: plain.durationMs / unit };
}

/** Series whose occurrence a key names; empty for the key of a single event. */
function seriesOf(key: string): string {
  return key.slice(0, Math.max(key.lastIndexOf('_'), 0));
}

function keysOf({ sourceEventId, allDay, startsMs }: PlainOccurrences): string[] {
  return startsMs.map((startMs) => occurrenceKey(sourceEventId, fromMs(startMs, allDay, null)));
}

/**
 * Own occurrences without doubles, because one statement can write a row only once. Where two exceptions
 * claim one occurrence, the last one wins. An event whose ID equals an occurrence ID of another series gives
 * way to the series; Google itself makes no such event.
 */
function eachOnce({ plain, own }: Expansion): Occurrence[] {
  const once = [...new Map(own.map((occurrence) => [occurrence.key, occurrence])).values()];
  const strays = new Set(
    once.flatMap(({ key, sourceEventId }) => (seriesOf(key) === sourceEventId ? [] : [seriesOf(key)])),
  );
  const taken = new Set(
    plain.filter(({ sourceEventId }) => strays.has(sourceEventId)).flatMap((series) => keysOf(series)),
  );
  return taken.size === 0 ? once : once.filter(({ key }) => !taken.has(key));
}

/**
 * A `select` of occurrences as rows of `workspace_calendar_events`, for a common table expression. IDs are
 * derived from calendar and key (see {@link Occurrence}), so that a rebuilt read model has the same ones.
 * Values that the occurrences of a series share are sent once; sending them with each occurrence took half of
 * the write time. `busy` follows the current policy and calendars, which `holdBusyRule` fixes until the
 * transaction ends.
 */
export function incomingOccurrences(calendarId: string, expansion: Expansion): Prisma.Sql {
  const own = toJsonb(eachOnce(expansion).map(toOwnRecord));
  const plain = (allDay: boolean) =>
    toJsonb(expansion.plain.filter((one) => one.allDay === allDay).map(toPlainRecord));
  return Prisma.sql`
    with given as (
      select md5(${calendarId} || '/' || key)::uuid as id, event, source, title, status, traits, type, all_day,
        start_at, end_at, start_date, end_date, original_at, original_date
      from json_to_recordset(${own}::json) as r(
        key text, event text, source text, title text, status text, traits text[], type text, all_day boolean,
        start_at timestamptz(3), end_at timestamptz(3), start_date date, end_date date,
        original_at timestamptz(3), original_date date)
      union all
      select md5(${calendarId} || '/' || source || '_' || to_char(start_at at time zone 'UTC', 'YYYYMMDD"T"HH24MISS"Z"'))::uuid,
        source, source, title, status, traits, type, false, start_at, to_timestamp(start + duration), null, null, start_at, null
      from json_to_recordset(${plain(false)}::json) as r(
        source text, title text, status text, traits text[], type text, starts float8[], duration float8)
      cross join unnest(starts) as s(start)
      cross join to_timestamp(start) as t(start_at)
      union all
      select md5(${calendarId} || '/' || source || '_' || to_char(start_date, 'YYYYMMDD'))::uuid,
        source, source, title, status, traits, type, true, null, null, start_date, start_date + duration, null, start_date
      from json_to_recordset(${plain(true)}::json) as r(
        source text, title text, status text, traits text[], type text, starts integer[], duration integer)
      cross join unnest(starts) as s(start)
      cross join lateral (select date '1970-01-01' + start) as d(start_date)
    )
    select o.*, ${BLOCKS} as busy
    from given o cross join (${busyRules(Prisma.sql`c.id = ${calendarId}::uuid`)}) rule`;
}
