import type { Transaction } from '../../prisma/client.ts';
import { expandStored, type ExpansionTarget, SOURCES_PER_STATEMENT } from '../mirror/expand-sources.ts';
import { incomingOccurrences } from '../mirror/incoming-occurrences.ts';

/**
 * IDs of the given sources (single events and series) whose occurrences differ from the expansion of
 * `calendar_events`, both as this transaction sees them.
 */
export async function compareSources(
  transaction: Transaction,
  target: ExpansionTarget,
  sourceIds: readonly string[],
): Promise<string[]> {
  const differing: string[] = [];
  for (let first = 0; first < sourceIds.length; first += SOURCES_PER_STATEMENT) {
    const ids = sourceIds.slice(first, first + SOURCES_PER_STATEMENT);
    differing.push(...(await compareChunk(transaction, target, ids)));
  }
  return differing;
}

async function compareChunk(
  transaction: Transaction,
  target: ExpansionTarget,
  ids: readonly string[],
): Promise<string[]> {
  const { calendarId } = target;
  const expected = await expandStored(transaction, target, ids);
  const rows = await transaction.$queryRaw<{ id: string }[]>`
    with expected as materialized (
      ${incomingOccurrences(calendarId, expected)}
    ), stored as materialized (
      select * from workspace_calendar_events
      where calendar_id = ${calendarId}::uuid and source_event_id = any(${ids}::text[])
    )
    select distinct coalesce(e.source, o.source_event_id) as id
    from expected e full join stored o on o.id = e.id
    where (e.id, e.event, e.source, e.title, e.status, e.traits, e.busy, e.type, e.all_day, e.start_at, e.end_at,
        e.start_date, e.end_date, e.original_at, e.original_date)
      is distinct from (o.id, o.google_event_id, o.source_event_id, o.title, o.status, o.traits, o.busy,
        o.event_type, o.all_day, o.start_at, o.end_at, o.start_date, o.end_date, o.original_start_at, o.original_start_date)`;
  return rows.map(({ id }) => id);
}
