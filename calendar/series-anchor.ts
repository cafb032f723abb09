import type { EventRow } from './event-row.ts';
import { isAllDay, toMs } from './event-time.ts';
import { instantToWall, resolveTimeZone } from './time-zone.ts';

/**
 * The first occurrence of a series, which everything else is counted from. All-day series run on UTC: their
 * "instants" are UTC midnights that stand for dates.
 */
export interface SeriesAnchor {
  allDay: boolean;
  /** IANA zone whose wall clock the series keeps; `UTC` for an all-day series. */
  timeZone: string;
  startMs: number;
  /** What the wall clock shows at `startMs`, as if it were UTC. */
  startWallMs: number;
  durationMs: number;
}

/** Null for a row without a start. */
export function anchorSeries(row: EventRow): SeriesAnchor | null {
  if (!row.start || !row.end) return null;
  const startMs = toMs(row.start);
  const timeZone = isAllDay(row.start) ? 'UTC' : resolveTimeZone(row.start.timeZone, 'UTC');
  return {
    allDay: isAllDay(row.start),
    timeZone,
    startMs,
    startWallMs: instantToWall(timeZone, startMs),
    durationMs: toMs(row.end) - startMs,
  };
}
