import { horizonAt, toHorizon } from '../../activities/mirror/horizon.ts';
import type { EventRow } from '../../calendar/event-row.ts';
import { expandOrphans, expandSeries, expandSingle } from '../../calendar/expand.ts';
import type { Occurrence } from '../../calendar/occurrence.ts';

/** All occurrences of rows that are complete: every series has its exceptions with it. */
export function expandRows(rows: readonly EventRow[]): Occurrence[] {
  const horizon = toHorizon(horizonAt(new Date()));
  const exceptions = new Map<string, EventRow[]>();
  for (const row of rows) {
    if (row.seriesId === null) continue;
    const siblings = exceptions.get(row.seriesId);
    if (siblings) siblings.push(row);
    else exceptions.set(row.seriesId, [row]);
  }
  const occurrences: Occurrence[] = [];
  for (const row of rows) {
    if (row.kind === 'single') occurrences.push(...expandSingle(row, horizon));
    if (row.kind !== 'series') continue;
    occurrences.push(...expandSeries(row, exceptions.get(row.googleEventId) ?? [], horizon));
    exceptions.delete(row.googleEventId);
  }
  for (const [seriesId, orphans] of exceptions)
    occurrences.push(...expandOrphans(seriesId, orphans, horizon));
  return occurrences;
}
