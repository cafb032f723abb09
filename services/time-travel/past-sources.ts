import type { Expansion } from '../../calendar/occurrence.ts';
import { DAY_MS } from '../../contracts/durations.ts';
import { MAX_PAST_EVENTS } from '../../contracts/limits.ts';
import type { Transaction } from '../../prisma/client.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import { InvalidInputError } from '../errors.ts';
import { expandRows } from '../mirror/expand-sources.ts';
import { type StoredEvent, toStoredRows } from '../mirror/stored-rows.ts';
import type { Moment } from './moment.ts';

/** Fields of an item that no occurrence shows, and that make up most of its size. */
const NOT_EXPANDED = ['description', 'location', 'conferenceData', 'attachments', 'extendedProperties'];

export interface PastCalendar {
  id: string;
  timeZone: string;
}

/** Single events and series that have changed since a moment, and their occurrences at that moment. */
export interface PastSources {
  /** Parallel arrays: calendar and event ID of each. */
  calendarIds: string[];
  sourceEventIds: string[];
  /** By calendar. */
  expansions: Map<string, Expansion>;
  /** Calendars of which the log has lost content, because it was purged. */
  purgedCalendarIds: string[];
}

interface Source {
  calendarId: string;
  sourceEventId: string;
  /** Number of changed events, up to one more than allowed. */
  changed: number;
}

interface PastItem extends StoredEvent {
  calendarId: string;
}

/** Null: the content was purged since. */
type PastRow = PastItem | (Pick<PastItem, 'calendarId'> & { resource: null });

/** Events that have changed since the moment. */
const changedSince = ({ workspaceId, position }: Moment, calendarIds: readonly string[]) => Prisma.sql`
  select distinct c.calendar_id, c.google_event_id from calendar_changes c
  where c.workspace_id = ${workspaceId} and c.position > ${position}::bigint
    and c.calendar_id = any(${calendarIds}::uuid[])`;

/** The last change of a changed event `s` up to the moment. */
const lastUntil = ({ position }: Moment) => Prisma.sql`
  select p.operation, p.resource from calendar_changes p
  where p.calendar_id = s.calendar_id and p.google_event_id = s.google_event_id
    and p.position > 0 and p.position <= ${position}::bigint
  order by p.position desc limit 1`;

async function listSources(
  transaction: Transaction,
  moment: Moment,
  calendarIds: readonly string[],
): Promise<Source[]> {
  const sources = await transaction.$queryRaw<Source[]>`
    with since as materialized (${changedSince(moment, calendarIds)} limit ${MAX_PAST_EVENTS + 1}::int)
    select distinct calendar_id as "calendarId", coalesce(c.series_id, google_event_id) as "sourceEventId",
      (select count(*)::int from since) as changed
    from since join calendar_changes c using (calendar_id, google_event_id)
    where c.operation <> 'delete'`;
  if (sources.some(({ changed }) => changed > MAX_PAST_EVENTS)) throw tooMuch();
  return sources;
}

/** Items of the sources as they were, from the log or, where unchanged, from the mirror, and what was purged. */
async function readItems(
  transaction: Transaction,
  moment: Moment,
  calendarIds: readonly string[],
  sources: { calendarIds: string[]; sourceEventIds: string[] },
): Promise<{ items: PastItem[]; purgedCalendarIds: string[] }> {
  const rows = await transaction.$queryRaw<PastRow[]>`
    with since as materialized (${changedSince(moment, calendarIds)}),
    source as materialized (
      select * from unnest(${sources.calendarIds}::uuid[], ${sources.sourceEventIds}::text[]) as x(calendar_id, id)),
    stored as (
      select e.* from source x join calendar_events e on e.calendar_id = x.calendar_id and e.google_event_id = x.id
      union
      select e.* from source x join calendar_events e
        on e.calendar_id = x.calendar_id and e.series_id = x.id and e.kind = 'exception')
    select s.calendar_id as "calendarId", past.resource - ${NOT_EXPANDED}::text[] as resource
    from since s cross join lateral (${lastUntil(moment)}) past
    where past.operation <> 'delete'
    union all
    select e.calendar_id, e.resource - ${NOT_EXPANDED}::text[] from stored e
    where not exists (
      select from since s where s.calendar_id = e.calendar_id and s.google_event_id = e.google_event_id)
    limit ${2 * MAX_PAST_EVENTS + 1}::int`;
  // At most as many rows are purged as events have changed.
  const items = rows.filter((row): row is PastItem => row.resource !== null);
  if (items.length > MAX_PAST_EVENTS) throw tooMuch();
  const purged = rows.flatMap(({ calendarId, resource }) => (resource === null ? [calendarId] : []));
  return { items, purgedCalendarIds: [...new Set(purged)].toSorted() };
}

/** Bounds the memory and the time of one request. */
function tooMuch(): InvalidInputError {
  return new InvalidInputError(
    'asOf',
    `must be a moment since which at most ${MAX_PAST_EVENTS} events have changed, counting the exceptions of changed series: choose a later one, or fewer calendarIds`,
  );
}

/**
 * Occurrences at a past moment of everything that has changed since. Whatever has not changed is still in the
 * read model. Cost follows the number of changes since the moment, not the size of the mirror.
 * @param span instants; occurrences outside it, and a day around it, are left out
 * @throws InvalidInputError when more than `MAX_PAST_EVENTS` events have changed since the moment
 */
export async function readPastSources(
  transaction: Transaction,
  moment: Moment,
  calendars: readonly PastCalendar[],
  span: { fromMs: number; toMs: number },
): Promise<PastSources> {
  const asked = calendars.map(({ id }) => id);
  const sources = await listSources(transaction, moment, asked);
  const calendarIds = sources.map(({ calendarId }) => calendarId);
  const sourceEventIds = sources.map(({ sourceEventId }) => sourceEventId);
  const { items, purgedCalendarIds } = await readItems(transaction, moment, asked, {
    calendarIds,
    sourceEventIds,
  });
  // A day counts as that day in UTC here, and in the workspace's zone when the range is applied.
  const horizon = { from: new Date(span.fromMs - DAY_MS), to: new Date(span.toMs + DAY_MS) };
  const expansions = new Map<string, Expansion>();
  for (const { id, timeZone } of calendars) {
    const ids = sources.flatMap((source) => (source.calendarId === id ? [source.sourceEventId] : []));
    if (ids.length === 0) continue;
    const ofCalendar = items.filter(({ calendarId }) => calendarId === id);
    expansions.set(id, await expandRows(ids, toStoredRows(ofCalendar, timeZone), horizon));
  }
  return { calendarIds, sourceEventIds, expansions, purgedCalendarIds };
}
