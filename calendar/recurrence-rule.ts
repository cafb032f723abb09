import { parseDateValue } from './date-value.ts';
import { DAY_MS } from '../contracts/durations.ts';
import { expansionSteps, StepMeter } from './rule-cost.ts';
import { parseRuleParts } from './rule-parts.ts';
import { patternOf, type RulePattern, withDefaultDays } from './rule-pattern.ts';
import { walkRule } from './rule-walk.ts';
import type { SeriesAnchor } from './series-anchor.ts';
import { wallToInstant } from './time-zone.ts';

/** An RRULE or EXRULE bound to its series. */
export interface Rule {
  pattern: RulePattern;
  /** Instant of UNTIL, inclusive; null without UNTIL. */
  untilMs: number | null;
  /** Wall time of the last start by COUNT; null without COUNT, or if it lies beyond every horizon. */
  lastWallMs: number | null;
}

/** Later than any horizon, so a COUNT that ends after it counts as endless. */
const LATEST_WALL_MS = Date.parse('2500-01-01T00:00:00Z');

/** The start at which COUNT ends; null if that is beyond every horizon. */
function lastCounted(pattern: RulePattern, count: number, meter: StepMeter): number | null | 'too-costly' {
  let counted = 0;
  for (const start of walkRule(pattern, pattern.startWallMs, LATEST_WALL_MS, meter)) {
    counted += 1;
    if (counted === count) return start;
  }
  return meter.isEmpty ? 'too-costly' : null;
}

/**
 * Parses one rule.
 *
 * Rules run on the wall clock as if it were UTC, and the zone is applied to the result. So a time that a zone
 * skips is moved, not lost, and still counts towards COUNT, as in dateutil and rrule (RFC 5545 contradicts
 * itself in 3.8.5.3 and 3.3.10).
 * @param meter remaining budget of the series; `too-costly` if the rule exceeds it
 */
export function parseRule(
  text: string,
  anchor: SeriesAnchor,
  meter: StepMeter,
): Rule | 'unparsable-rule' | 'too-costly' {
  const named = parseRuleParts(text);
  if (named === null) return 'unparsable-rule';
  const { until, count } = named;
  const untilMs = until === null ? null : (parseDateValue(until, undefined, anchor)?.instantMs ?? null);
  if (until !== null && untilMs === null) return 'unparsable-rule';
  const parts = withDefaultDays(named, anchor.startWallMs);
  const seriesDays = untilMs === null ? Infinity : Math.max(0, untilMs - anchor.startMs) / DAY_MS + 2;
  if (!meter.take(expansionSteps(parts, seriesDays))) return 'too-costly';
  const pattern = patternOf(parts, anchor.startWallMs);
  if (count === null) return { pattern, untilMs, lastWallMs: null };
  const lastWallMs = lastCounted(pattern, count, meter);
  return lastWallMs === 'too-costly' ? lastWallMs : { pattern, untilMs, lastWallMs };
}

/**
 * Starts of a rule, as instants from `fromMs` to `toMs`, both inclusive; unsorted around jumps of the zone.
 */
export function ruleStarts(rule: Rule, anchor: SeriesAnchor, fromMs: number, toMs: number): number[] {
  const lastMs = Math.min(toMs, rule.untilMs ?? Infinity);
  // Wall clock and UTC differ by less than a day.
  const fromWallMs = fromMs - DAY_MS;
  const toWallMs = Math.min(lastMs + DAY_MS, rule.lastWallMs ?? Infinity);
  const starts: number[] = [];
  for (const wallMs of walkRule(rule.pattern, fromWallMs, toWallMs, new StepMeter(Infinity))) {
    // In the repeated hour of autumn, the first occurrence may be the later of two instants: use Google's.
    const ms = wallMs === anchor.startWallMs ? anchor.startMs : wallToInstant(anchor.timeZone, wallMs);
    if (ms >= fromMs && ms <= lastMs) starts.push(ms);
  }
  return starts;
}

/** The last start of a rule, or a later instant; null for an endless rule. */
export function lastRuleStart(rule: Rule, anchor: SeriesAnchor): number | null {
  const { untilMs, lastWallMs } = rule;
  if (lastWallMs === null) return untilMs;
  return Math.min(wallToInstant(anchor.timeZone, lastWallMs), untilMs ?? Infinity);
}
