import { DAY_MS } from '../contracts/durations.ts';
import type { RuleParts } from './rule-parts.ts';
import { SHORT_PERIOD_MS } from './rule-pattern.ts';

/**
 * Budget for all rules of one series. A step checks one time of day and takes about 50 ns, so a series takes
 * well below 50 ms. An endless hourly series is just within the budget. It counts steps instead of time, so
 * that a series shows the same on every machine.
 */
export const MOST_STEPS_PER_SERIES = 250_000;

/** Cost of a line of `recurrence`, besides one step per character. */
export const STEPS_PER_LINE = 100;
/** Cost of a date of an RDATE or EXDATE. */
export const STEPS_PER_DATE = 50;
/** Cost of a period, or of a day compared with all parts of a rule that name days. */
export const STEPS_PER_DAY = 3;
/** Cost of an occurrence within the horizon, for its zone and for sorting. */
const STEPS_PER_OCCURRENCE = 20;
/** Longest horizon: a constant, so that a rule's cost does not depend on the day of its expansion. */
const HORIZON_DAYS = 500;

const YEAR_DAYS = 365;
const PERIOD_DAYS: Partial<Record<RuleParts['freq'], number>> = { YEARLY: YEAR_DAYS, MONTHLY: 30, WEEKLY: 7 };

/** Counts steps down. */
export class StepMeter {
  private left: number;

  constructor(steps: number) {
    this.left = steps;
  }

  /** Takes steps off the budget. False if it was exceeded: then the meter stays empty. */
  take(steps: number): boolean {
    this.left -= steps;
    return this.left >= 0;
  }

  get isEmpty(): boolean {
    return this.left < 0;
  }
}

/** Number of hours, minutes or seconds of a day that a rule with such a frequency names. */
export function namedUnitsPerDay({ freq, hours, minutes, seconds }: RuleParts): number {
  const hoursNamed = hours.length || 24;
  if (freq === 'HOURLY') return hoursNamed;
  const minutesNamed = hoursNamed * (minutes.length || 60);
  return freq === 'MINUTELY' ? minutesNamed : minutesNamed * (seconds.length || 60);
}

function namedTimes({ hours, minutes, seconds }: RuleParts): number {
  return (hours.length || 1) * (minutes.length || 1) * (seconds.length || 1);
}

/** Number of times of a day that a rule names or checks. */
function timesPerDay(parts: RuleParts): number {
  const { freq, interval, minutes, seconds, positions } = parts;
  const unitMs = SHORT_PERIOD_MS[freq];
  if (unitMs === undefined) return namedTimes(parts);
  const ofMinute = seconds.length || 1;
  const ofHour = (minutes.length || 1) * ofMinute;
  const units = Math.min(Math.ceil(DAY_MS / unitMs / interval), namedUnitsPerDay(parts));
  const perUnit = freq === 'HOURLY' ? ofHour : freq === 'MINUTELY' ? ofMinute : 1;
  return units * (positions.length > 0 ? Math.min(perUnit, positions.length) : perUnit);
}

/** Share of all values that a list names; 1 for an empty list. */
function share(named: number, of: number): number {
  return named === 0 ? 1 : Math.min(1, named / of);
}

/** Most starts that a rule names in a horizon, on average over the years. */
function namedStarts(parts: RuleParts): number {
  const { freq, interval, months, weekNumbers, yearDays, monthDays, weekdays, positions } = parts;
  const days = new Set(weekdays.map(({ weekday }) => weekday)).size;
  const ofMonth = share(months.length, 12) * Math.min(share(days, 7), share(monthDays.length, 28));
  const ofYear = Math.min(ofMonth, share(weekNumbers.length, 52), share(yearDays.length, YEAR_DAYS));
  const isShort = SHORT_PERIOD_MS[freq] !== undefined;
  const namedDays = isShort ? HORIZON_DAYS : Math.max(1, HORIZON_DAYS / interval);
  const starts = Math.ceil(namedDays * ofYear) * timesPerDay(parts);
  const periods = Math.ceil(HORIZON_DAYS / (PERIOD_DAYS[freq] ?? 1) / interval);
  return positions.length > 0 && !isShort ? Math.min(starts, positions.length * periods) : starts;
}

/** Cost in steps of expanding a rule over a horizon, without the cost of COUNT. */
export function expansionSteps(parts: RuleParts, seriesDays: number): number {
  const ofHorizon = Math.min(1, seriesDays / HORIZON_DAYS);
  const starts = Math.min(namedStarts(parts) * ofHorizon, parts.count ?? Infinity);
  const looked = SHORT_PERIOD_MS[parts.freq] === undefined ? namedTimes(parts) : 0;
  return HORIZON_DAYS * STEPS_PER_DAY + looked + Math.ceil(starts) * STEPS_PER_OCCURRENCE;
}
