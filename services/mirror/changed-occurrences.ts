import { formatInstant } from '../../contracts/instants.ts';
import { OCCURRENCE_TYPES } from '../../contracts/delivery.ts';
import { MAX_NAMED_OCCURRENCES } from '../../contracts/limits.ts';
import type { Transaction } from '../../prisma/client.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import { type BusySpan, joinSpans } from './busy-span.ts';

/** Change of an occurrence, as Postgres has it. */
interface OccurrenceEntry {
  type: (typeof OCCURRENCE_TYPES)[number];
  occurrenceId: string;
  googleEventId: string;
  allDay: boolean;
  start: string;
  end: string;
  withinDays: number;
}

/** Changes of a calendar's occurrences in the days ahead that webhooks ask for. */
export interface ChangedOccurrences {
  /** All of them, or one more than are named. */
  entries: readonly OccurrenceEntry[];
  /** Span from the first start to the last end. */
  span: BusySpan;
  /** Whole days until the first of them. */
  withinDays: number;
}

/** What the statement that replaces occurrences answers. Null: no webhook asks, or nothing has changed. */
export type OccurrencesRow = {
  entries: OccurrenceEntry[];
  from: string;
  to: string;
  withinDays: number;
} | null;

export function fromRow(row: OccurrencesRow): ChangedOccurrences | null {
  if (row === null) return null;
  const { entries, from, to, withinDays } = row;
  return { entries, withinDays, span: { from: new Date(from), to: new Date(to) } };
}

export function joinOccurrences(
  one: ChangedOccurrences | null,
  other: ChangedOccurrences | null,
): ChangedOccurrences | null {
  if (one === null || other === null) return one ?? other;
  return {
    entries: [...one.entries, ...other.entries].slice(0, MAX_NAMED_OCCURRENCES + 1),
    span: joinSpans(one.span, other.span) ?? one.span,
    withinDays: Math.min(one.withinDays, other.withinDays),
  };
}

const COLUMNS = Prisma.sql`all_day, start_at, end_at, start_date, end_date, status, busy`;

/**
 * Common table expressions that end in `told`: occurrences of `sourceEventIds` that begin to be, change or go,
 * from now until the last day that a webhook asks for. Where none asks, they read nothing but the webhooks. A
 * paused one counts, because it misses nothing. `incoming` is what will be stored.
 * @param span starts and ends of an occurrence
 */
export function changedOccurrences(
  { workspaceId, calendarId }: { workspaceId: string; calendarId: string },
  sourceEventIds: readonly string[],
  span: Prisma.Sql,
): Prisma.Sql {
  const isAsked = Prisma.sql`(select until from asked) is not null`;
  return Prisma.sql`
    asked as materialized (
      select now() + max(occurrence_days) * interval '24 hours' as until from webhook_subscriptions
      where (workspace_id = ${workspaceId} or workspace_id is null) and types && ${[...OCCURRENCE_TYPES]}::text[]
    ), was as materialized (
      select id, google_event_id as event, ${COLUMNS}, ${span} from workspace_calendar_events
      where calendar_id = ${calendarId}::uuid and source_event_id = any(${sourceEventIds}::text[]) and ${isAsked}
    ), became as materialized (
      select id, event, ${COLUMNS}, ${span} from incoming
      where cardinality(${sourceEventIds}::text[]) > 0 and ${isAsked}
    ), differing as (
      select b.*, case when w.id is null then 'occurrence.created' else 'occurrence.updated' end as type,
        w.starts as former_starts, w.ends as former_ends
      from became b left join was w on w.id = b.id
      where w.id is null or (w.starts, w.ends, w.all_day, w.status, w.busy)
        is distinct from (b.starts, b.ends, b.all_day, b.status, b.busy)
      union all
      select w.*, 'occurrence.deleted', null, null
      from was w where not exists (select from became b where b.id = w.id)
    ), told as (
      select *, least(starts, former_starts) as first_start, greatest(ends, former_ends) as last_end,
        greatest(1, ceil(extract(epoch from near - now()) / 86400))::int as within_days,
        row_number() over (order by starts, id) as number
      from differing cross join lateral (
        select least(case when ends > now() then starts end, case when former_ends > now() then former_starts end) as near
      ) n
      where near < (select until from asked)
    )`;
}

/** An {@link OccurrencesRow} of `told`. */
export const TOLD = Prisma.sql`(
  select jsonb_build_object('from', min(first_start), 'to', max(last_end), 'withinDays', min(within_days),
    'entries', jsonb_agg(jsonb_build_object('type', type, 'occurrenceId', id, 'googleEventId', event, 'allDay', all_day,
      'start', coalesce(to_jsonb(start_date), to_jsonb(start_at)), 'end', coalesce(to_jsonb(end_date), to_jsonb(end_at)),
      'withinDays', within_days) order by number) filter (where number <= ${MAX_NAMED_OCCURRENCES + 1}::int))
  from told having count(*) > 0)`;

/**
 * Appends changes of a calendar's occurrences to the workspace's own log: each of them, or the span of them all
 * where they are too many. Call it after `noteBusySpan`, which takes the same lock.
 */
export async function noteOccurrences(
  transaction: Transaction,
  { workspaceId, calendarId }: { workspaceId: string; calendarId: string },
  changed: ChangedOccurrences | null,
): Promise<void> {
  if (changed === null) return;
  const { entries, span, withinDays } = changed;
  const from = span.from.toISOString();
  const noted =
    entries.length > MAX_NAMED_OCCURRENCES
      ? [{ type: 'occurrence.updated', calendarId, from, to: span.to.toISOString(), withinDays }]
      : entries.map((entry) => ({ ...entry, calendarId, ...timesOf(entry) }));
  await transaction.$executeRaw`
    select append_workspace_change(${workspaceId}, entry ->> 'type', entry - 'type')
    from jsonb_array_elements(${JSON.stringify(noted)}::jsonb) as e(entry)`;
}

/** Times in the form in which an occurrence is read. */
function timesOf({ allDay, start, end }: OccurrenceEntry) {
  const [from, to] = [start, end].map((time) => (allDay ? time : formatInstant(Date.parse(time))));
  return { start: from, end: to };
}
