import type { Expansion } from '../../calendar/occurrence.ts';
import type { Transaction } from '../../prisma/client.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import { changedOccurrences, fromRow, type OccurrencesRow, TOLD } from './changed-occurrences.ts';
import { incomingOccurrences } from './incoming-occurrences.ts';
import { type ReadModelChanges, UNCHANGED } from './read-model-changes.ts';

/** Outcome of a change of the read model. */
export interface Replaced extends ReadModelChanges {
  /** Number of rows written or deleted. */
  changed: number;
}

/** Start and end of an occurrence. Days begin and end within these, in whichever zone. */
const SPAN = Prisma.sql`
  coalesce(start_at, start_date::timestamp at time zone 'UTC' - interval '14 hours') as starts,
  coalesce(end_at, end_date::timestamp at time zone 'UTC' + interval '12 hours') as ends`;

/**
 * Replaces the read model of the given single events and series with `expansion`: one statement inserts new
 * rows, rewrites rows that differ, and deletes the rest. Without sources it only adds.
 */
export async function replaceOccurrences(
  transaction: Transaction,
  target: { workspaceId: string; calendarId: string },
  sourceEventIds: readonly string[],
  expansion: Expansion,
): Promise<Replaced> {
  if (sourceEventIds.length === 0 && expansion.plain.length + expansion.own.length === 0)
    return { changed: 0, ...UNCHANGED };
  const { workspaceId, calendarId } = target;
  const [row] = await transaction.$queryRaw<
    { changed: number; from: Date | null; to: Date | null; told: OccurrencesRow }[]
  >`
    with incoming as materialized (
      ${incomingOccurrences(calendarId, expansion)}
    ), before as materialized (
      select ${SPAN} from workspace_calendar_events
      where calendar_id = ${calendarId}::uuid and source_event_id = any(${sourceEventIds}::text[]) and busy
    ), after as materialized (
      select ${SPAN} from incoming where busy and cardinality(${sourceEventIds}::text[]) > 0
    ), moved as (
      (select * from before except all select * from after)
      union all (select * from after except all select * from before)
    ), ${changedOccurrences(target, sourceEventIds, SPAN)}, gone as (
      delete from workspace_calendar_events o
      where o.calendar_id = ${calendarId}::uuid and o.source_event_id = any(${sourceEventIds}::text[])
        and not exists (select from incoming i where i.id = o.id)
      returning 1
    ), written as (
      insert into workspace_calendar_events as o (id, workspace_id, calendar_id, google_event_id, source_event_id,
        title, status, traits, busy, event_type, all_day, start_at, end_at, start_date, end_date,
        original_start_at, original_start_date)
      select id, ${workspaceId}, ${calendarId}::uuid, event, source, title, status, traits, busy, type, all_day,
        start_at, end_at, start_date, end_date, original_at, original_date
      from incoming
      on conflict (id) do update
      set google_event_id = excluded.google_event_id, source_event_id = excluded.source_event_id,
        title = excluded.title, status = excluded.status, traits = excluded.traits, busy = excluded.busy,
        event_type = excluded.event_type, all_day = excluded.all_day, start_at = excluded.start_at, end_at = excluded.end_at,
        start_date = excluded.start_date, end_date = excluded.end_date,
        original_start_at = excluded.original_start_at, original_start_date = excluded.original_start_date
      where (o.google_event_id, o.source_event_id, o.title, o.status, o.traits, o.busy, o.event_type, o.all_day,
          o.start_at, o.end_at, o.start_date, o.end_date, o.original_start_at, o.original_start_date)
        is distinct from (excluded.google_event_id, excluded.source_event_id, excluded.title, excluded.status,
          excluded.traits, excluded.busy, excluded.event_type, excluded.all_day, excluded.start_at, excluded.end_at,
          excluded.start_date, excluded.end_date, excluded.original_start_at, excluded.original_start_date)
      returning 1
    )
    select ((select count(*) from gone) + (select count(*) from written))::int as changed,
      min(starts) as from, max(ends) as to, ${TOLD} as told
    from moved where ends > now()`;
  const { changed = 0, from = null, to = null, told = null } = row ?? {};
  const busy = from === null || to === null ? null : { from, to };
  return { changed, busy, occurrences: fromRow(told) };
}
