const FREQUENCIES = ['YEARLY', 'MONTHLY', 'WEEKLY', 'DAILY', 'HOURLY', 'MINUTELY', 'SECONDLY'] as const;
const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const ORDINAL_WEEKDAY = /^([+-]?\d{1,3})?(MO|TU|WE|TH|FR|SA|SU)$/;
const WHOLE_NUMBER = /^[1-9]\d*$/;

type Frequency = (typeof FREQUENCIES)[number];

/** The parts of an RRULE. Lists are sorted and without duplicates; an empty list sets no limit. */
export interface RuleParts {
  freq: Frequency;
  interval: number;
  count: number | null;
  /** Text of UNTIL as written. */
  until: string | null;
  /** First day of a week, Monday is 0. */
  weekStart: number;
  months: number[];
  weekNumbers: number[];
  yearDays: number[];
  monthDays: number[];
  /** Monday is 0. `ordinal` 0 means every such weekday. */
  weekdays: { weekday: number; ordinal: number }[];
  hours: number[];
  minutes: number[];
  seconds: number[];
  positions: number[];
}

/** Parses a list of numbers and ignores values outside the range. */
function numbers(text: string | undefined, min: number, max: number): number[] {
  const values = (text ?? '')
    .split(',')
    .filter((value) => /^\s*[+-]?\d+\s*$/.test(value))
    .map(Number)
    .filter((value) => value >= min && value <= max && (min === 0 || value !== 0));
  return [...new Set(values)].toSorted((a, b) => a - b);
}

/** Null if a value is not a weekday. */
function parseWeekdays(text: string | undefined): RuleParts['weekdays'] | null {
  const weekdays: RuleParts['weekdays'] = [];
  for (const value of (text ?? '').split(',')) {
    if (!value) continue;
    const match = ORDINAL_WEEKDAY.exec(value.trim());
    if (!match) return null;
    const ordinal = Number(match[1] ?? 0);
    if (match[1] !== undefined && ordinal === 0) return null;
    weekdays.push({ weekday: WEEKDAYS.indexOf(match[2] ?? ''), ordinal });
  }
  return weekdays;
}

/** Parses the value of an RRULE or EXRULE; null if it is malformed or unsupported. */
export function parseRuleParts(text: string): RuleParts | null {
  const parts = new Map<string, string>();
  for (const part of text.toUpperCase().split(';')) {
    const [key = '', value = ''] = part.split('=');
    if (key.trim()) parts.set(key.trim(), value.trim());
  }
  const freq = FREQUENCIES.find((name) => name === parts.get('FREQ'));
  const weekdays = parseWeekdays(parts.get('BYDAY'));
  const weekStart = WEEKDAYS.indexOf(parts.get('WKST') || 'MO');
  const [interval = '1', count = null] = [parts.get('INTERVAL'), parts.get('COUNT')];
  const positions = parts.get('BYSETPOS') ?? '';
  if (freq === undefined || weekdays === null || weekStart < 0) return null;
  if (!WHOLE_NUMBER.test(interval) || (count !== null && !WHOLE_NUMBER.test(count))) return null;
  if (positions.split(',').some((value) => value !== '' && Number(value) === 0)) return null;
  // Months of other calendar systems begin on other days.
  if ((parts.get('RSCALE') || 'GREGORIAN') !== 'GREGORIAN') return null;
  return {
    freq,
    interval: Number(interval),
    count: count === null ? null : Number(count),
    until: parts.get('UNTIL') ?? null,
    weekStart,
    months: numbers(parts.get('BYMONTH'), 1, 12),
    weekNumbers: numbers(parts.get('BYWEEKNO'), -53, 53),
    yearDays: numbers(parts.get('BYYEARDAY'), -366, 366),
    monthDays: numbers(parts.get('BYMONTHDAY'), -31, 31),
    weekdays,
    hours: numbers(parts.get('BYHOUR'), 0, 23),
    minutes: numbers(parts.get('BYMINUTE'), 0, 59),
    seconds: numbers(parts.get('BYSECOND'), 0, 59),
    positions: numbers(positions, -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
  };
}
