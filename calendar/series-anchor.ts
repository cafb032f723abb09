import type { EventRow } from './event-row.ts';
import { isAllDay, toMs } from './event-time.ts';
import { instantToWall, resolveTimeZone } from './time-zone.ts';

/**
 * The first occurrence of a series, from which all others are derived. All-day series run on UTC: their
 * instants are the UTC midnights of their dates.
 */
export interface SeriesAnchor {
  allDay: boolean;
  /** IANA zone whose wall clock the series follows; `UTC` for an all-day series. */
  timeZone: string;
  startMs: number;
  /** Wall time at `startMs`, as if it were UTC. */
  startWallMs: number;
  durationMs: number;
}

/** Null for a row without a start. */
export function anchorSeries(row: Pick<EventRow, 'start' | 'end'>): SeriesAnchor | null {
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
