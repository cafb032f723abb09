import type { EventRow } from '../../calendar/event-row.ts';
import { expandOrphans, expandSeries, expandSingle } from '../../calendar/expand.ts';
import type { Expansion } from '../../calendar/occurrence.ts';
import type { Transaction } from '../../prisma/client.ts';
import { type HorizonSpan, toHorizon } from './horizon.ts';
import { type StoredEvent, toStoredRows } from './stored-rows.ts';
import { replaceOccurrences } from './write-occurrences.ts';

/** A daily series has some 500 occurrences in the horizon: this bounds memory and the size of a statement. */
export const SOURCES_PER_STATEMENT = 100;

export interface ExpansionTarget {
  workspaceId: string;
  calendarId: string;
  timeZone: string;
  horizon: HorizonSpan;
}

/** Occurrences of one source: a single event, a series with its exceptions, or exceptions whose series is hidden. */
function expandSource(
  sourceId: string,
  rows: readonly EventRow[],
  horizon: { from: string; to: string },
): Expansion {
  const source = rows.find((row) => row.googleEventId === sourceId);
  if (source?.kind === 'single') return { plain: [], own: expandSingle(source, horizon) };
  const exceptions = rows.filter((row) => row.kind === 'exception');
  return source === undefined
    ? { plain: [], own: expandOrphans(sourceId, exceptions, horizon) }
    : expandSeries(source, exceptions, horizon);
}

/** What the read model should have of the given sources. */
export async function expandStored(
  transaction: Transaction,
  target: ExpansionTarget,
  ids: readonly string[],
): Promise<Expansion> {
  const stored = await transaction.$queryRaw<StoredEvent[]>`
    select resource from calendar_events
    where calendar_id = ${target.calendarId}::uuid and google_event_id = any(${ids}::text[])
    union all
    select resource from calendar_events
    where calendar_id = ${target.calendarId}::uuid and kind = 'exception' and series_id = any(${ids}::text[])`;
  const bySource = new Map<string, EventRow[]>(ids.map((id) => [id, []]));
  const rows = toStoredRows(stored, target.timeZone);
  for (const row of rows) bySource.get(row.seriesId ?? row.googleEventId)?.push(row);
  const horizon = toHorizon(target.horizon);
  const expansions = [...bySource].map(([id, ofSource]) => expandSource(id, ofSource, horizon));
  return {
    plain: expansions.flatMap(({ plain }) => plain),
    own: expansions.flatMap(({ own }) => own),
  };
}

/**
 * Brings the read model of the given sources (IDs of single events and series) in line with `calendar_events`, as
 * they are in this transaction. A source that is no longer stored loses its occurrences.
 * @param mode `replace` within the whole horizon; `add` what a new edge of the horizon shows
 * @returns how many rows it has written or deleted
 */
export async function expandSources(
  transaction: Transaction,
  target: ExpansionTarget,
  sourceEventIds: readonly string[],
  mode: 'replace' | 'add',
): Promise<number> {
  let changed = 0;
  for (let first = 0; first < sourceEventIds.length; first += SOURCES_PER_STATEMENT) {
    const ids = sourceEventIds.slice(first, first + SOURCES_PER_STATEMENT);
    const expansion = await expandStored(transaction, target, ids);
    changed += await replaceOccurrences(transaction, target, mode === 'replace' ? ids : [], expansion);
  }
  return changed;
}
