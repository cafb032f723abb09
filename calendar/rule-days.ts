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

/** Whether the list is empty, or names a value by its place from either end. */
function names(list: ReadonlySet<number>, place: number, length: number): boolean {
  return list.size === 0 || list.has(place) || list.has(place - length - 1);
}

function inOrder(days: number[]): number[] {
  return [...new Set(days)].toSorted((a, b) => a - b);
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
  }

  /** Candidate days of one year. With week numbers, the year is the one that its weeks belong to. */
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
    const named = months.length > 0 ? months : Array.from({ length: 12 }, (_, index) => index + 1);
    return named.flatMap((month) => this.candidatesOfMonth(year, month));
  }

  candidatesOfMonth(year: number, month: number): number[] {
    if (this.months.size > 0 && !this.months.has(month)) return [];
    const { monthDays } = this.parts;
    const [first, length] = [dayNumber(year, month, 1), daysOfMonth(year, month)];
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
