import { DAY_MS } from '../contracts/durations.ts';
import type { RuleParts } from './rule-parts.ts';
import { SHORT_PERIOD_MS } from './rule-pattern.ts';

/**
 * What all rules of one series may cost. A step is a time of day looked at, and takes some 50 ns: the whole is
 * well below 50 ms. An hourly series without end is just within. It is counted in steps and not in time, so that a series shows the same on every machine.
 */
export const MOST_STEPS_PER_SERIES = 250_000;

/** A line of `recurrence`, whatever it says. */
export const STEPS_PER_LINE = 100;
/** A date of an RDATE or EXDATE. */
export const STEPS_PER_DATE = 50;
/** A period, or a day that is compared with all that a rule says of days. */
export const STEPS_PER_DAY = 3;
/** An occurrence of the horizon: its zone is applied to it, and it is sorted among the others. */
const STEPS_PER_OCCURRENCE = 20;
/** What a horizon holds; what a rule costs must not depend on the day on which it is expanded. */
const HORIZON_DAYS = 500;

const YEAR_DAYS = 365;
const PERIOD_DAYS: Partial<Record<RuleParts['freq'], number>> = { YEARLY: YEAR_DAYS, MONTHLY: 30, WEEKLY: 7 };

/** Counts steps down. */
export class StepMeter {
  private left: number;

  constructor(steps: number) {
    this.left = steps;
  }

  /** False where there are not as many left; then there are none. */
  take(steps: number): boolean {
    this.left -= steps;
    return this.left >= 0;
  }

  get isEmpty(): boolean {
    return this.left < 0;
  }
}

/** How many hours, minutes or seconds of a day a rule of so short a frequency names. */
export function namedUnitsPerDay({ freq, hours, minutes, seconds }: RuleParts): number {
  const hoursNamed = hours.length || 24;
  if (freq === 'HOURLY') return hoursNamed;
  const minutesNamed = hoursNamed * (minutes.length || 60);
  return freq === 'MINUTELY' ? minutesNamed : minutesNamed * (seconds.length || 60);
}

function namedTimes({ hours, minutes, seconds }: RuleParts): number {
  return (hours.length || 1) * (minutes.length || 1) * (seconds.length || 1);
}

/** How many times of a day a rule names, or looks at. */
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

/** What part of all values a list leaves; all of them where it says nothing. */
function share(named: number, of: number): number {
  return named === 0 ? 1 : Math.min(1, named / of);
}

/** How many starts a rule names in a horizon at most, on average over the years. */
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

/** What it costs to expand a rule over a horizon, in steps, its COUNT apart. */
export function expansionSteps(parts: RuleParts, seriesDays: number): number {
  const ofHorizon = Math.min(1, seriesDays / HORIZON_DAYS);
  const starts = Math.min(namedStarts(parts) * ofHorizon, parts.count ?? Infinity);
  const looked = SHORT_PERIOD_MS[parts.freq] === undefined ? namedTimes(parts) : 0;
  return HORIZON_DAYS * STEPS_PER_DAY + looked + Math.ceil(starts) * STEPS_PER_OCCURRENCE;
}
