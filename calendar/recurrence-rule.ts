import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';
import { parseDateValue } from './date-value.ts';
import { DAY_MS } from './event-time.ts';
import { MOST_TIMES_PER_PERIOD, namesNoDay, timesPerPeriod } from './rule-cost.ts';
import type { SeriesAnchor } from './series-anchor.ts';
import { wallToInstant } from './time-zone.ts';

/** An RRULE or EXRULE bound to its series. */
export interface Rule {
  library: RRuleTemporal;
  /** Instant of UNTIL, inclusive; null without UNTIL. */
  untilMs: number | null;
  hasCount: boolean;
  /** Whether a day can hold several occurrences. */
  dense: boolean;
  /** The window is asked for in slices of this length, so that a rule by the second stops early. */
  sliceMs: number;
  /** It names only days that do not exist. */
  isEmpty: boolean;
}

/**
 * Rules by the hour, minute or second (which Google's own clients never make) give at most this many occurrences per
 * window, the earliest ones. An hourly series fits into 400 days.
 */
export const MAX_DENSE_OCCURRENCES = 10_000;

/** A larger COUNT is taken for endless: daily, it would last 270 years. */
const MAX_COUNT = 100_000;

/** A rule by the second that names nothing else fills each slice: so many are enough. */
const SECONDS_SLICE_MS = 1_800_000;
const LONG_PERIODS = new Set(['YEARLY', 'MONTHLY', 'WEEKLY']);

/** Some thousand occurrences at most. Periods of a week and more are built as a whole by the library. */
function sliceOf(freq: string, namesMore: boolean): number {
  if (LONG_PERIODS.has(freq)) return Infinity;
  return freq === 'SECONDLY' && !namesMore ? SECONDS_SLICE_MS : DAY_MS;
}

const DENSE_FREQUENCIES = new Set(['HOURLY', 'MINUTELY', 'SECONDLY']);
const DENSE_PARTS = new Set(['BYHOUR', 'BYMINUTE', 'BYSECOND']);

/** Later than any horizon. */
const LATEST_WALL_MS = Date.parse('9990-01-01T00:00:00Z');

const WHOLE_NUMBER = /^[1-9]\d*$/;

/**
 * Parses one rule; null where that is impossible, or where expanding it would keep the process from anything else.
 *
 * The library runs on the wall clock as if that were UTC, and the zone is applied to what comes out. So a time that a
 * zone skips is moved, not lost, and still counts in COUNT, as dateutil and rrule have it; left to zones of its own, the
 * library drops it (RFC 5545 says both, in 3.8.5.3 and 3.3.10). It is also the fastest path of the library. UNTIL never reaches it: as an instant, it can only be compared with
 * instants.
 */
export function parseRule(text: string, anchor: SeriesAnchor): Rule | null {
  const parts = new Map<string, string>();
  for (const part of text.toUpperCase().split(';')) {
    const [key = '', value = ''] = part.split('=');
    if (key.trim()) parts.set(key.trim(), value.trim());
  }

  const until = parts.get('UNTIL');
  const untilMs = until === undefined ? null : (parseDateValue(until, undefined, anchor)?.instantMs ?? null);
  if (until !== undefined && untilMs === null) return null;
  parts.delete('UNTIL');

  for (const key of ['COUNT', 'INTERVAL']) {
    const value = parts.get(key);
    if (value !== undefined && !WHOLE_NUMBER.test(value)) return null;
  }
  const freq = parts.get('FREQ') ?? '';
  const mostCounted = DENSE_FREQUENCIES.has(freq) ? MAX_DENSE_OCCURRENCES : MAX_COUNT;
  if (Number(parts.get('COUNT') ?? 0) > mostCounted) parts.delete('COUNT');
  if (timesPerPeriod(parts) > MOST_TIMES_PER_PERIOD) return null;

  const dtstart = Temporal.Instant.fromEpochMilliseconds(anchor.startWallMs).toZonedDateTimeISO('UTC');
  const byParts = [...parts.keys()].filter((key) => key.startsWith('BY'));
  // Without it, the library counts months one by one and takes 50 times as long (2.2.7).
  if (freq === 'MONTHLY' && byParts.length === 0) parts.set('BYMONTHDAY', String(dtstart.day));

  const dense = DENSE_FREQUENCIES.has(freq) || byParts.some((key) => DENSE_PARTS.has(key));
  const rruleString = `RRULE:${[...parts].map(([key, value]) => `${key}=${value}`).join(';')}`;
  try {
    return {
      library: new RRuleTemporal({
        rruleString,
        dtstart,
        tzid: 'UTC',
        maxIterations: MAX_COUNT,
        cache: false,
      }),
      untilMs,
      hasCount: parts.has('COUNT'),
      dense,
      sliceMs: dense && !parts.has('COUNT') ? sliceOf(freq, byParts.length > 0) : Infinity,
      isEmpty: namesNoDay(parts),
    };
  } catch {
    return null;
  }
}

function between(rule: Rule, fromWallMs: number, toWallMs: number): Temporal.ZonedDateTime[] {
  try {
    return rule.library.between(new Date(fromWallMs), new Date(toWallMs), true);
  } catch {
    // The library gives up on rules that match nothing within its limit, such as 30 February.
    return [];
  }
}

/** Starts of a rule's occurrences, as instants from `fromMs` to `toMs`, both inclusive, not sorted where a zone jumps. */
export function ruleStarts(rule: Rule, anchor: SeriesAnchor, fromMs: number, toMs: number): number[] {
  const lastMs = Math.min(toMs, rule.untilMs ?? Infinity);
  // Wall clock and UTC differ by less than a day.
  const fromWallMs = Math.max(fromMs - DAY_MS, anchor.startWallMs);
  const toWallMs = lastMs + DAY_MS;
  // COUNT is counted from the start each time, and bounds itself.
  const { sliceMs } = rule;
  if (rule.isEmpty) return [];
  const starts: number[] = [];
  for (let sliceFrom = fromWallMs; sliceFrom <= toWallMs; sliceFrom += sliceMs) {
    const sliceTo = Math.min(sliceFrom + sliceMs - 1, toWallMs);
    for (const occurrence of between(rule, sliceFrom, sliceTo)) {
      const wallMs = occurrence.epochMilliseconds;
      // A first occurrence in the repeated hour of autumn may be the second of two: Google gave its instant.
      const ms = wallMs === anchor.startWallMs ? anchor.startMs : wallToInstant(anchor.timeZone, wallMs);
      if (ms < fromMs || ms > lastMs) continue;
      starts.push(ms);
      if (rule.dense && starts.length >= MAX_DENSE_OCCURRENCES) return starts;
    }
  }
  return starts;
}

/** The last start of a rule, or null where it has none or finding it would take too long. */
export function lastRuleStart(rule: Rule, anchor: SeriesAnchor): number | null {
  if (rule.untilMs !== null) return rule.untilMs;
  if (!rule.hasCount || rule.isEmpty) return null;
  try {
    const last = rule.library.previous(new Date(LATEST_WALL_MS), true);
    return last && wallToInstant(anchor.timeZone, last.epochMilliseconds);
  } catch {
    return null;
  }
}
