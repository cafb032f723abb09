/** Parts of a rule by their names, in upper case. */
export type RuleParts = ReadonlyMap<string, string>;

/**
 * The recurrence library builds all times of a period (a year, a month, a week, a day) before it looks at any. Rules
 * that name more are not read: hourly on every day of a month is 744, each minute of a day 1,440.
 */
export const MOST_TIMES_PER_PERIOD = 1_500;

const DAYS_OF_PERIOD: Record<string, number> = { YEARLY: 366, MONTHLY: 31, WEEKLY: 7 };
const DAY_PARTS = ['BYDAY', 'BYMONTHDAY', 'BYYEARDAY', 'BYWEEKNO', 'BYMONTH'];
const DAYS_OF_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const listOf = (parts: RuleParts, key: string): string[] => parts.get(key)?.split(',') ?? [];
const countOf = (parts: RuleParts, key: string): number => listOf(parts, key).length || 1;

/** An upper bound of the times that a rule names within one of its periods. */
export function timesPerPeriod(parts: RuleParts): number {
  const times = countOf(parts, 'BYHOUR') * countOf(parts, 'BYMINUTE') * countOf(parts, 'BYSECOND');
  const days = DAYS_OF_PERIOD[parts.get('FREQ') ?? ''] ?? 1;
  // A plain year has 366 days: only times on each of them multiply.
  return times === 1 || !DAY_PARTS.some((key) => parts.has(key)) ? times : times * days;
}

/** Whether a rule names only days that no month has, such as 30 February: the library would look for ever. */
export function namesNoDay(parts: RuleParts): boolean {
  const days = listOf(parts, 'BYMONTHDAY').map(Number);
  if (days.length === 0) return false;
  const named = listOf(parts, 'BYMONTH').map(Number);
  const months = named.length === 0 ? DAYS_OF_MONTH.map((_, index) => index + 1) : named;
  return !months.some((month) => days.some((day) => Math.abs(day) <= (DAYS_OF_MONTH[month - 1] ?? 0)));
}
