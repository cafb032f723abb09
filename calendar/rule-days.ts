import {
  civilDay,
  type CivilDay,
  dayNumber,
  dayOfYear,
  daysOfMonth,
  daysOfYear,
  firstWeekOf,
  weekdayOf,
} from './civil-day.ts';
import type { RuleParts } from './rule-parts.ts';

const DAYS_OF_WEEK = 7;
/** Most times that a weekday occurs in a month and in a year. */
const WEEKS_OF_MONTH = 5;
const WEEKS_OF_YEAR = 53;

/** Whether the list is empty, or names a value by its place from either end. */
function names(list: ReadonlySet<number>, place: number, length: number): boolean {
  return list.size === 0 || list.has(place) || list.has(place - length - 1);
}

function inOrder(days: number[]): number[] {
  return [...new Set(days)].toSorted((a, b) => a - b);
}

/** The days of a month or year that ordinals name. */
function ordinalDays(ordinals: RuleParts['weekdays'], first: number, length: number): number[] {
  const last = first + length - 1;
  const days = ordinals.map(({ weekday, ordinal }) => {
    const weeks = (Math.abs(ordinal) - 1) * DAYS_OF_WEEK;
    if (ordinal > 0) return first + ((weekday - weekdayOf(first) + DAYS_OF_WEEK) % DAYS_OF_WEEK) + weeks;
    return last - ((weekdayOf(last) - weekday + DAYS_OF_WEEK) % DAYS_OF_WEEK) - weeks;
  });
  return inOrder(days.filter((day) => day >= first && day <= last));
}

/** The days that a rule names, period by period. Days are numbers (see {@link dayNumber}). */
export class RuleDays {
  private readonly months: ReadonlySet<number>;
  private readonly weekNumbers: ReadonlySet<number>;
  private readonly yearDays: ReadonlySet<number>;
  private readonly monthDays: ReadonlySet<number>;
  /** Named ordinals by weekday. */
  private readonly ordinals = new Map<number, Set<number>>();
  private readonly parts: RuleParts;
  /** The ordinals that a period can hold, if the rule narrows its days by ordinals alone; otherwise null. */
  private readonly onlyOrdinals: RuleParts['weekdays'] | null;

  constructor(parts: RuleParts) {
    this.parts = parts;
    this.months = new Set(parts.months);
    this.weekNumbers = new Set(parts.weekNumbers);
    this.yearDays = new Set(parts.yearDays);
    this.monthDays = new Set(parts.monthDays);
    for (const { weekday, ordinal } of parts.weekdays) {
      const known = this.ordinals.get(weekday) ?? new Set();
      this.ordinals.set(weekday, known.add(ordinal));
    }
    this.onlyOrdinals = this.listOrdinals();
  }

  /**
   * Candidate days of one year. With week numbers, the year is the one that its weeks belong to. Without
   * BYMONTH, ordinals count within the year.
   */
  candidatesOfYear(year: number): number[] {
    const { weekNumbers, yearDays, months, weekStart } = this.parts;
    if (weekNumbers.length > 0) {
      const first = firstWeekOf(year, weekStart);
      const weeks = (firstWeekOf(year + 1, weekStart) - first) / DAYS_OF_WEEK;
      const starts = weekNumbers
        .map((week) => (week > 0 ? week - 1 : weeks + week))
        .filter((week) => week >= 0 && week < weeks)
        .map((week) => first + week * DAYS_OF_WEEK);
      return inOrder(starts.flatMap((start) => this.candidatesOfWeek(start)));
    }
    if (yearDays.length > 0) {
      const [first, length] = [dayNumber(year, 1, 1), daysOfYear(year)];
      const places = yearDays.map((day) => (day > 0 ? day : length + day + 1));
      return inOrder(places.filter((day) => day >= 1 && day <= length).map((day) => first + day - 1));
    }
    if (months.length === 0 && this.onlyOrdinals !== null) {
      return ordinalDays(this.onlyOrdinals, dayNumber(year, 1, 1), daysOfYear(year));
    }
    const named = months.length > 0 ? months : Array.from({ length: 12 }, (_, index) => index + 1);
    return named.flatMap((month) => this.candidatesOfMonth(year, month));
  }

  candidatesOfMonth(year: number, month: number): number[] {
    if (this.months.size > 0 && !this.months.has(month)) return [];
    const { monthDays } = this.parts;
    const [first, length] = [dayNumber(year, month, 1), daysOfMonth(year, month)];
    if (this.onlyOrdinals !== null) return ordinalDays(this.onlyOrdinals, first, length);
    if (monthDays.length === 0) return Array.from({ length }, (_, index) => first + index);
    const places = monthDays.map((day) => (day > 0 ? day : length + day + 1));
    return inOrder(places.filter((day) => day >= 1 && day <= length).map((day) => first + day - 1));
  }

  candidatesOfWeek(start: number): number[] {
    return Array.from({ length: DAYS_OF_WEEK }, (_, index) => start + index);
  }

  /** Whether the rule names the weekday of a day, with any ordinal. */
  namesWeekdayOf(day: number): boolean {
    return this.ordinals.size === 0 || this.ordinals.has(weekdayOf(day));
  }

  /** Whether the rule names a candidate day. Its weekday has been checked by `namesWeekdayOf`. */
  matches(day: number): boolean {
    const { freq, weekNumbers } = this.parts;
    const ordinals = this.ordinals.get(weekdayOf(day));
    const civil = civilDay(day);
    if (this.months.size > 0 && !this.months.has(civil.month)) return false;
    if (!names(this.monthDays, civil.day, daysOfMonth(civil.year, civil.month))) return false;
    if (this.yearDays.size > 0 && !names(this.yearDays, dayOfYear(civil), daysOfYear(civil.year)))
      return false;
    // The candidates of a year already are in its named weeks.
    if (freq !== 'YEARLY' && weekNumbers.length > 0 && !this.isInNamedWeek(day, civil.year)) return false;
    return ordinals === undefined || this.isNamedOrdinal(ordinals, civil);
  }

  private listOrdinals(): RuleParts['weekdays'] | null {
    const { freq, months, weekdays, monthDays, weekNumbers } = this.parts;
    const others = monthDays.length > 0 || weekNumbers.length > 0;
    if (others || weekdays.length === 0 || weekdays.some(({ ordinal }) => ordinal === 0)) return null;
    const weeks = freq === 'MONTHLY' || months.length > 0 ? WEEKS_OF_MONTH : WEEKS_OF_YEAR;
    return [...this.ordinals].flatMap(([weekday, ordinals]) =>
      [...ordinals].filter((each) => Math.abs(each) <= weeks).map((ordinal) => ({ weekday, ordinal })),
    );
  }

  private isInNamedWeek(day: number, year: number): boolean {
    const { weekStart } = this.parts;
    const starts = [year, year + 1].map((each) => firstWeekOf(each, weekStart));
    const [own = 0, next = 0] = starts;
    const from = day < own ? firstWeekOf(year - 1, weekStart) : day < next ? own : next;
    const until = day < own ? own : day < next ? next : firstWeekOf(year + 2, weekStart);
    const week = Math.floor((day - from) / DAYS_OF_WEEK) + 1;
    return names(this.weekNumbers, week, (until - from) / DAYS_OF_WEEK);
  }

  /** Ordinals count within a month if the rule is monthly or names months, otherwise within a year. */
  private isNamedOrdinal(ordinals: ReadonlySet<number>, civil: CivilDay): boolean {
    const { freq, weekNumbers } = this.parts;
    if (ordinals.has(0) || (freq !== 'YEARLY' && freq !== 'MONTHLY') || weekNumbers.length > 0) return true;
    const ofYear = freq === 'YEARLY' && this.months.size === 0;
    const place = ofYear ? dayOfYear(civil) : civil.day;
    const length = ofYear ? daysOfYear(civil.year) : daysOfMonth(civil.year, civil.month);
    const fromStart = Math.floor((place - 1) / DAYS_OF_WEEK) + 1;
    const fromEnd = Math.floor((length - place) / DAYS_OF_WEEK) + 1;
    return ordinals.has(fromStart) || ordinals.has(-fromEnd);
  }
}
