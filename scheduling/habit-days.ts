import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';
import { DAY_MS } from '../contracts/durations.ts';

const DAILY_OR_RARER = new Set(['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY']);
const MAX_ITERATIONS = 100_000;

/**
 * Parses the rule of a habit. Its dates run as midnights in UTC. Null if the text is not a rule that names
 * days.
 */
export function parseHabitRule(text: string, startDate: string): RRuleTemporal | null {
  const parts = new Map<string, string>();
  for (const part of text
    .toUpperCase()
    .replace(/^RRULE:/, '')
    .split(';')) {
    const [key = '', value = ''] = part.split('=');
    if (key.trim()) parts.set(key.trim(), value.trim());
  }
  const freq = parts.get('FREQ') ?? '';
  if (!DAILY_OR_RARER.has(freq) || ['BYHOUR', 'BYMINUTE', 'BYSECOND'].some((key) => parts.has(key)))
    return null;
  const dtstart = Temporal.PlainDate.from(startDate).toZonedDateTime('UTC');
  // Only the date of UNTIL counts.
  const until = parts.get('UNTIL');
  if (until !== undefined) {
    if (!/^\d{8}(T\d{6}Z?)?$/.test(until)) return null;
    parts.set('UNTIL', `${until.slice(0, 8)}T235959Z`);
  }
  // Without BYMONTHDAY the library takes 50 times as long.
  if (freq === 'MONTHLY' && ![...parts.keys()].some((key) => key.startsWith('BY')))
    parts.set('BYMONTHDAY', String(dtstart.day));
  try {
    const rruleString = `RRULE:${[...parts].map(([key, value]) => `${key}=${value}`).join(';')}`;
    return new RRuleTemporal({
      rruleString,
      dtstart,
      tzid: 'UTC',
      maxIterations: MAX_ITERATIONS,
      cache: false,
    });
  } catch {
    return null;
  }
}

/** The dates from `firstDate` to `lastDate`, both inclusive, that a rule names. */
export function habitDates(rule: string, startDate: string, firstDate: string, lastDate: string): string[] {
  const library = parseHabitRule(rule, startDate);
  if (!library || lastDate < startDate) return [];
  const from = Date.parse(firstDate > startDate ? firstDate : startDate);
  try {
    return library
      .between(new Date(from), new Date(Date.parse(lastDate) + DAY_MS - 1), true)
      .map((at) => at.toPlainDate().toString());
  } catch {
    // The library throws for rules that match nothing within its limit, such as 30 February.
    return [];
  }
}
