import { civilDay, weekdayOf } from './civil-day.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../contracts/durations.ts';
import type { RuleParts } from './rule-parts.ts';

/** A rule bound to its first occurrence, with the times of day that it names. */
export interface RulePattern extends RuleParts {
  /** Wall time of the series' first occurrence, as if it were UTC. */
  startWallMs: number;
  /** Offsets in milliseconds within a day, or for a shorter frequency within its hour, minute or second. */
  offsetsMs: number[];
}

/** Periods shorter than a day, in milliseconds. */
export const SHORT_PERIOD_MS: Partial<Record<RuleParts['freq'], number>> = {
  HOURLY: HOUR_MS,
  MINUTELY: MINUTE_MS,
  SECONDLY: SECOND_MS,
};

/** Fills in days from the first occurrence if the rule names none (RFC 5545 3.3.10). */
export function withDefaultDays(parts: RuleParts, startWallMs: number): RuleParts {
  const { freq, months, weekNumbers, yearDays, monthDays, weekdays } = parts;
  const saysDay = yearDays.length > 0 || monthDays.length > 0 || weekdays.length > 0;
  if (saysDay || SHORT_PERIOD_MS[freq] !== undefined || freq === 'DAILY') return parts;
  const startDay = Math.floor(startWallMs / DAY_MS);
  const first = civilDay(startDay);
  const weekday = weekdayOf(startDay);
  if (freq === 'WEEKLY' || weekNumbers.length > 0) return { ...parts, weekdays: [{ weekday, ordinal: 0 }] };
  const month = freq === 'YEARLY' && months.length === 0 ? [first.month] : months;
  return { ...parts, months: month, monthDays: [first.day] };
}

function offsetsOf({ freq, hours, minutes, seconds }: RuleParts, startWallMs: number): number[] {
  const periodMs = SHORT_PERIOD_MS[freq] ?? DAY_MS;
  const own = (values: number[], unitMs: number, perLonger: number) => {
    if (periodMs <= unitMs) return [0];
    const first = Math.floor(startWallMs / unitMs);
    return values.length > 0 ? values : [first - Math.floor(first / perLonger) * perLonger];
  };
  const ofHour = own(minutes, MINUTE_MS, 60);
  const ofMinute = own(seconds, SECOND_MS, 60);
  const subSecondMs = startWallMs - Math.floor(startWallMs / SECOND_MS) * SECOND_MS;
  return own(hours, HOUR_MS, 24).flatMap((hour) =>
    ofHour.flatMap((minute) =>
      ofMinute.map((second) => hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS + subSecondMs),
    ),
  );
}

/** Binds a rule, whose days are filled in, to the first occurrence. */
export function patternOf(parts: RuleParts, startWallMs: number): RulePattern {
  return { ...parts, startWallMs, offsetsMs: offsetsOf(parts, startWallMs) };
}
