import type { EventRow } from './event-row.ts';
import { formatInstant } from './event-time.ts';
import { lastRuleStart } from './recurrence-rule.ts';
import { parseRecurrence } from './recurrence-set.ts';
import { anchorSeries } from './series-anchor.ts';

/** The last millisecond whose year has four digits. Later than any horizon, so a series that gets there is endless. */
const LATEST_MS = Date.parse('9999-12-31T23:59:59Z');

/**
 * The instant after which a series has no occurrence any more; null for an endless one, and wherever finding out would
 * be too costly. Never too early, perhaps too late: EXDATE and EXRULE are not looked at. An all-day date counts as
 * UTC, like the horizon. Exceptions are not included: they have an `end` of their own.
 */
export function seriesEnd(row: EventRow): string | null {
  const anchor = anchorSeries(row);
  if (!anchor) return null;
  const set = parseRecurrence(row.recurrence ?? [], anchor);
  if (set.isTooCostly) return null;
  let endMs = anchor.startMs + anchor.durationMs;
  for (const rule of set.rules) {
    const lastMs = lastRuleStart(rule, anchor);
    if (lastMs === null) return null;
    endMs = Math.max(endMs, lastMs + anchor.durationMs);
  }
  for (const { startMs, durationMs } of set.additions) endMs = Math.max(endMs, startMs + durationMs);
  return endMs > LATEST_MS ? null : formatInstant(endMs);
}
