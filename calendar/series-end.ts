import type { EventRow } from './event-row.ts';
import { formatInstant } from './event-time.ts';
import { lastRuleStart } from './recurrence-rule.ts';
import { parseRecurrence } from './recurrence-set.ts';
import { anchorSeries } from './series-anchor.ts';

/**
 * End of the four-digit years. It is later than any horizon, so a series that reaches it counts as endless.
 */
const LATEST_MS = Date.parse('9999-12-31T23:59:59Z');

/**
 * The instant after which a series has no occurrence; null for an endless series, and for one that is too
 * costly to expand. It may be too late but never too early, because EXDATE and EXRULE are ignored. An all-day
 * date counts as UTC, like the horizon. Exceptions are not included: they have their own `end`.
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
