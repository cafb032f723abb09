import { horizonAt, toHorizon } from '../../activities/mirror/horizon.ts';
import type { EventRow } from '../../calendar/event-row.ts';
import { expandOrphans, expandSeries, expandSingle } from '../../calendar/expand.ts';
import type { Expansion } from '../../calendar/occurrence.ts';

/** All occurrences of rows that are complete, source by source: every series has its exceptions with it. */
export function expandRows(rows: readonly EventRow[]): Expansion[] {
  const horizon = toHorizon(horizonAt(new Date()));
  const exceptions = new Map<string, EventRow[]>();
  for (const row of rows) {
    if (row.seriesId === null) continue;
    const siblings = exceptions.get(row.seriesId);
    if (siblings) siblings.push(row);
    else exceptions.set(row.seriesId, [row]);
  }
  const expansions: Expansion[] = [];
  for (const row of rows) {
    if (row.kind === 'single') expansions.push({ plain: [], own: expandSingle(row, horizon) });
    if (row.kind !== 'series') continue;
    expansions.push(expandSeries(row, exceptions.get(row.googleEventId) ?? [], horizon));
    exceptions.delete(row.googleEventId);
  }
  for (const [seriesId, orphans] of exceptions)
    expansions.push({ plain: [], own: expandOrphans(seriesId, orphans, horizon) });
  return expansions;
}
