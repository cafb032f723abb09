import { Temporal } from 'temporal-polyfill';
import { parseDateValue } from './date-value.ts';
import { DAY_MS } from '../contracts/durations.ts';
import { parseRule, type Rule } from './recurrence-rule.ts';
import { MOST_STEPS_PER_SERIES, STEPS_PER_DATE, STEPS_PER_LINE, StepMeter } from './rule-cost.ts';
import type { SeriesAnchor } from './series-anchor.ts';
import { wallToInstant } from './time-zone.ts';

/** A line of `recurrence` that was ignored. The series shows without it, at least its first occurrence. */
interface RecurrenceWarning {
  /** Index of the line, from 0. Warnings are logged, so they do not contain the text. */
  line: number;
  code: WarningCode;
}

type WarningCode = 'empty-rule' | 'unparsable-rule' | 'unparsable-date' | 'unknown-property' | 'too-costly';

/** The parsed `recurrence` of a series. Times are instants in milliseconds. */
export interface RecurrenceSet {
  rules: Rule[];
  excludingRules: Rule[];
  /** Extra starts by RDATE, each with its duration. */
  additions: { startMs: number; durationMs: number }[];
  exclusions: Set<number>;
  /** Midnights, in wall time, of days that are excluded as a whole. */
  excludedWallDays: Set<number>;
  /** Expanding it would cost more than {@link MOST_STEPS_PER_SERIES}. */
  isTooCostly: boolean;
  warnings: RecurrenceWarning[];
}

/** Parses an RDATE: a date-time, a date (at the series' time of day), or a period with its own length. */
export function parseAddition(value: string, tzid: string | undefined, anchor: SeriesAnchor) {
  const [from = '', to] = value.split('/');
  const start = parseDateValue(from, tzid, anchor);
  if (!start) return null;
  let { startMs, durationMs } = { startMs: start.instantMs, durationMs: anchor.durationMs };
  if (start.isDate && !anchor.allDay) {
    const timeOfDayMs = anchor.startWallMs - Math.floor(anchor.startWallMs / DAY_MS) * DAY_MS;
    startMs = wallToInstant(anchor.timeZone, start.wallMs + timeOfDayMs);
  }
  if (to?.toUpperCase().startsWith('P')) {
    try {
      durationMs = Temporal.Duration.from(to).total({ unit: 'milliseconds', relativeTo: '2000-01-01' });
    } catch {
      return null;
    }
  } else if (to !== undefined) {
    const end = parseDateValue(to, tzid, anchor);
    if (!end) return null;
    durationMs = end.instantMs - startMs;
  }
  return { startMs, durationMs: Math.max(durationMs, anchor.allDay ? DAY_MS : 0) };
}

function splitOutsideQuotes(head: string): string[] {
  const parts: string[] = [];
  let quoted = false;
  let from = 0;
  for (let index = 0; index < head.length; index += 1) {
    if (head[index] === '"') quoted = !quoted;
    else if (head[index] === ';' && !quoted) {
      parts.push(head.slice(from, index));
      from = index + 1;
    }
  }
  return [...parts, head.slice(from)];
}

/**
 * Splits `NAME;KEY=VALUE:value`; the name and parameter keys are returned in capitals. Splits at the last
 * colon: values contain none, but zones do, quoted (`TZID="GMT+02:00":…`) or not.
 */
export function splitLine(line: string) {
  const colon = line.lastIndexOf(':');
  const [name = '', ...parameters] = splitOutsideQuotes(colon < 0 ? line : line.slice(0, colon));
  const byKey = new Map(
    parameters.map((parameter) => {
      const equals = parameter.indexOf('=');
      const [key, value] =
        equals < 0 ? [parameter, ''] : [parameter.slice(0, equals), parameter.slice(equals + 1)];
      return [key.trim().toUpperCase(), value.trim().replaceAll('"', '')] as const;
    }),
  );
  return {
    name: name.trim().toUpperCase(),
    parameters: byKey,
    value: colon < 0 ? '' : line.slice(colon + 1).trim(),
  };
}

function emptySet(): RecurrenceSet {
  return {
    rules: [],
    excludingRules: [],
    additions: [],
    exclusions: new Set(),
    excludedWallDays: new Set(),
    isTooCostly: false,
    warnings: [],
  };
}

function parseLine(line: string, anchor: SeriesAnchor, meter: StepMeter, set: RecurrenceSet): WarningCode[] {
  const { name, parameters, value } = splitLine(line);
  const tzid = parameters.get('TZID');
  if (name === 'RRULE' || name === 'EXRULE') {
    const rule = value ? parseRule(value, anchor, meter) : 'empty-rule';
    if (typeof rule === 'string') return [rule];
    (name === 'RRULE' ? set.rules : set.excludingRules).push(rule);
    return [];
  }
  if (name !== 'RDATE' && name !== 'EXDATE') return ['unknown-property'];
  const dates = value.split(',');
  if (!meter.take(dates.length * STEPS_PER_DATE)) return ['too-costly'];
  return dates.flatMap((text) => {
    if (name === 'RDATE') {
      const addition = parseAddition(text, tzid, anchor);
      if (addition) set.additions.push(addition);
      return addition ? [] : ['unparsable-date'];
    }
    const excluded = parseDateValue(text, tzid, anchor);
    if (!excluded) return ['unparsable-date'];
    if (excluded.isDate && !anchor.allDay && parameters.get('VALUE') === 'DATE') {
      set.excludedWallDays.add(excluded.wallMs);
    } else set.exclusions.add(excluded.instantMs);
    return [];
  });
}

/**
 * Parses the `recurrence` of a series. Never throws: lines that cannot be parsed are left out and named in
 * `warnings`. A series over the budget keeps only its first occurrence.
 *
 * A date in an EXDATE of a timed series excludes that whole day if it has `VALUE=DATE`. Without it, the date
 * means midnight and excludes nothing else: users report that Google keeps showing such an occurrence.
 */
export function parseRecurrence(lines: readonly string[], anchor: SeriesAnchor): RecurrenceSet {
  const set = emptySet();
  const meter = new StepMeter(MOST_STEPS_PER_SERIES);
  for (const [line, text] of lines.entries()) {
    const codes: WarningCode[] = meter.take(STEPS_PER_LINE + text.length)
      ? parseLine(text, anchor, meter, set)
      : ['too-costly'];
    set.warnings.push(...codes.map((code) => ({ line, code })));
    // The lines parsed so far would show occurrences that the rest may exclude.
    if (codes.includes('too-costly')) return { ...emptySet(), isTooCostly: true, warnings: set.warnings };
  }
  return set;
}
