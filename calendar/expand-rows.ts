import type { EventRow } from './event-row.ts';
import { expandOrphans, expandSeries, expandSingle, type Horizon } from './expand.ts';
import type { Expansion } from './occurrence.ts';

/** Expands one source: a single event, a series with its exceptions, or exceptions of a hidden series. */
export function expandSource(sourceId: string, rows: readonly EventRow[], horizon: Horizon): Expansion {
  const source = rows.find((row) => row.googleEventId === sourceId);
  if (source?.kind === 'single') return { plain: [], own: expandSingle(source, horizon), tooCostly: [] };
  const exceptions = rows.filter((row) => row.kind === 'exception');
  return source === undefined
    ? { plain: [], own: expandOrphans(sourceId, exceptions, horizon), tooCostly: [] }
    : expandSeries(source, exceptions, horizon);
}

/**
 * Groups rows by the given sources (IDs of single events and series). Rows of other sources are ignored.
 * @param rows must include all exceptions of every series
 */
export function rowsBySource(
  sourceIds: readonly string[],
  rows: readonly EventRow[],
): Map<string, EventRow[]> {
  const bySource = new Map<string, EventRow[]>(sourceIds.map((id) => [id, []]));
  for (const row of rows) bySource.get(row.seriesId ?? row.googleEventId)?.push(row);
  return bySource;
}
