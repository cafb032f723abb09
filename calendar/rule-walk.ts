import { civilDay, dayNumber, weekdayOf } from './civil-day.ts';
import { DAY_MS } from '../contracts/durations.ts';
import { RuleDays } from './rule-days.ts';
import { namedUnitsPerDay, type StepMeter, STEPS_PER_DAY } from './rule-cost.ts';
import { type RulePattern, SHORT_PERIOD_MS } from './rule-pattern.ts';

const MONTHS_OF_YEAR = 12;
const DAYS_OF_WEEK = 7;

const every = (length: number): number[] => Array.from({ length }, (_, index) => index);

/** Positions within a set, from either end, as indexes in order; all indexes if no position is named. */
function indexesOf(positions: readonly number[], length: number): number[] {
  if (positions.length === 0) return every(length);
  const indexes = positions.map((position) => (position > 0 ? position - 1 : length + position));
  return [...new Set(indexes.filter((index) => index >= 0 && index < length))].toSorted((x, y) => x - y);
}

/** The first number not below `from` that is a multiple of `interval` away from `origin`. */
function aligned(from: number, origin: number, interval: number): number {
  return origin + Math.ceil((from - origin) / interval) * interval;
}

/** First day and candidate days of each period of a day or longer, from the one that holds `fromDay`. */
function* periods(
  { freq, interval, weekStart, startWallMs }: RulePattern,
  days: RuleDays,
  fromDay: number,
): Generator<{ firstDay: number; candidates: number[] }> {
  const startDay = Math.floor(startWallMs / DAY_MS);
  const [start, from] = [civilDay(startDay), civilDay(fromDay)];
  if (freq === 'YEARLY') {
    // The weeks of a year begin up to three days before it and end up to three days after it.
    for (let year = aligned(from.year - 1, start.year, interval); ; year += interval) {
      yield { firstDay: dayNumber(year, 1, 1) - DAYS_OF_WEEK, candidates: days.candidatesOfYear(year) };
    }
  } else if (freq === 'MONTHLY') {
    const monthOf = ({ year, month }: typeof start) => year * MONTHS_OF_YEAR + month - 1;
    for (let month = aligned(monthOf(from), monthOf(start), interval); ; month += interval) {
      const year = Math.floor(month / MONTHS_OF_YEAR);
      const ofYear = month - year * MONTHS_OF_YEAR + 1;
      yield { firstDay: dayNumber(year, ofYear, 1), candidates: days.candidatesOfMonth(year, ofYear) };
    }
  } else if (freq === 'WEEKLY') {
    const weekOf = (day: number) => day - ((weekdayOf(day) - weekStart + DAYS_OF_WEEK) % DAYS_OF_WEEK);
    const step = interval * DAYS_OF_WEEK;
    for (let day = aligned(weekOf(fromDay), weekOf(startDay), step); ; day += step) {
      yield { firstDay: day, candidates: days.candidatesOfWeek(day) };
    }
  } else {
    for (let day = aligned(fromDay, startDay, interval); ; day += interval) {
      yield { firstDay: day, candidates: [day] };
    }
  }
}

function* longPeriodStarts(
  pattern: RulePattern,
  fromWallMs: number,
  toWallMs: number,
  meter: StepMeter,
): Generator<number> {
  const days = new RuleDays(pattern);
  const { offsetsMs, positions } = pattern;
  for (const { firstDay, candidates } of periods(pattern, days, Math.floor(fromWallMs / DAY_MS))) {
    if (firstDay * DAY_MS > toWallMs || !meter.take(STEPS_PER_DAY + candidates.length)) return;
    const onWeekday = candidates.filter((day) => days.namesWeekdayOf(day));
    if (!meter.take(STEPS_PER_DAY * onWeekday.length)) return;
    const matching = onWeekday.filter((day) => days.matches(day));
    if (positions.length > 0) {
      for (const index of indexesOf(positions, matching.length * offsetsMs.length)) {
        if (!meter.take(1)) return;
        const day = matching[Math.floor(index / offsetsMs.length)] ?? 0;
        yield day * DAY_MS + (offsetsMs[index % offsetsMs.length] ?? 0);
      }
      continue;
    }
    for (const day of matching) {
      for (const offsetMs of offsetsMs) {
        if (!meter.take(1)) return;
        yield day * DAY_MS + offsetMs;
      }
    }
  }
}

const names = (list: readonly number[], value: number): boolean => list.length === 0 || list.includes(value);

/** Hours, minutes or seconds of a day that a rule names and that match its interval. */
function unitsOfDay(
  pattern: RulePattern,
  firstUnit: number,
  startUnit: number,
  unitsPerDay: number,
): number[] {
  const found: number[] = [];
  const { interval, hours, minutes, seconds } = pattern;
  const perHour = unitsPerDay / 24;
  const perMinute = unitsPerDay / 1_440;
  if (Math.ceil(unitsPerDay / interval) <= namedUnitsPerDay(pattern)) {
    for (
      let unit = aligned(firstUnit, startUnit, interval);
      unit < firstUnit + unitsPerDay;
      unit += interval
    ) {
      const ofDay = unit - firstUnit;
      const hour = Math.floor(ofDay / perHour);
      const minute = perMinute < 1 ? 0 : Math.floor(ofDay / perMinute) % 60;
      if (!names(hours, hour) || (perMinute >= 1 && !names(minutes, minute))) continue;
      if (perMinute < 60 || names(seconds, ofDay % 60)) found.push(unit);
    }
    return found;
  }
  for (const hour of hours.length > 0 ? hours : every(24)) {
    for (const minute of perHour === 1 ? [0] : minutes.length > 0 ? minutes : every(60)) {
      for (const second of perMinute <= 1 ? [0] : seconds.length > 0 ? seconds : every(60)) {
        const unit = firstUnit + hour * perHour + minute * perMinute + second;
        if ((unit - startUnit) % interval === 0) found.push(unit);
      }
    }
  }
  return found;
}

function* shortPeriodStarts(
  pattern: RulePattern,
  unitMs: number,
  fromWallMs: number,
  toWallMs: number,
  meter: StepMeter,
): Generator<number> {
  const days = new RuleDays(pattern);
  const { interval, startWallMs, offsetsMs, positions } = pattern;
  const unitsPerDay = DAY_MS / unitMs;
  const startUnit = Math.floor(startWallMs / unitMs);
  const chosenMs = indexesOf(positions, offsetsMs.length).map((index) => offsetsMs[index] ?? 0);
  const candidates = Math.min(Math.ceil(unitsPerDay / interval), namedUnitsPerDay(pattern));
  let day = Math.floor(fromWallMs / DAY_MS);
  while (day * DAY_MS <= toWallMs) {
    const looksInside = days.namesWeekdayOf(day) && days.matches(day);
    if (!meter.take(STEPS_PER_DAY + (looksInside ? candidates : 0))) return;
    for (const unit of looksInside ? unitsOfDay(pattern, day * unitsPerDay, startUnit, unitsPerDay) : []) {
      for (const offsetMs of chosenMs) {
        if (!meter.take(1)) return;
        yield unit * unitMs + offsetMs;
      }
    }
    day = Math.max(day + 1, Math.floor(aligned((day + 1) * unitsPerDay, startUnit, interval) / unitsPerDay));
  }
}

/**
 * The starts that a rule names, as wall times from `fromWallMs` to `toWallMs`, both inclusive, in order, none
 * before the first occurrence. Ends early when the meter is empty.
 */
export function* walkRule(
  pattern: RulePattern,
  fromWallMs: number,
  toWallMs: number,
  meter: StepMeter,
): Generator<number> {
  const unitMs = SHORT_PERIOD_MS[pattern.freq];
  const firstMs = Math.max(fromWallMs, pattern.startWallMs);
  const starts =
    unitMs === undefined
      ? longPeriodStarts(pattern, firstMs, toWallMs, meter)
      : shortPeriodStarts(pattern, unitMs, firstMs, toWallMs, meter);
  for (const start of starts) {
    if (start > toWallMs) return;
    if (start >= firstMs) yield start;
  }
}
