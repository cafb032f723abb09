import type { PlanInput } from '../../../scheduling/index.ts';
import { dateAt, existsIn, instantOf, type Span, union } from './civil-time.ts';

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** From the first midnight of today to the one after the last day. */
export function windowOf({ timeZone, now, days }: PlanInput): Span {
  const today = dateAt(timeZone, Date.parse(now));
  return {
    start: instantOf(timeZone, today, '00:00'),
    end: instantOf(timeZone, today.add({ days }), '00:00'),
  };
}

/**
 * The hours of one type that begin before the window ends, cut off at its start and a day after its end.
 * Yesterday's may run over midnight into today, the last day's into the one after.
 */
export function openHours(input: PlanInput, type: string): Span[] {
  const { timeZone, now, days } = input;
  const today = dateAt(timeZone, Date.parse(now));
  const window = windowOf(input);
  const end = windowOf({ ...input, days: days + 1 }).end;
  // Where the day after the window is one that the zone skips, the one after that counts.
  const horizon = end > window.end ? end : windowOf({ ...input, days: days + 2 }).end;
  const spans: Span[] = [];
  for (let offset = -1; offset <= days + 1; offset++) {
    const date = today.add({ days: offset });
    if (!existsIn(timeZone, date)) continue;
    for (const [from, to] of input.hours[type]?.[WEEKDAYS[date.dayOfWeek - 1]!] ?? []) {
      const lastDate = to <= from ? date.add({ days: 1 }) : date;
      spans.push({
        start: Math.max(window.start, instantOf(timeZone, date, from)),
        end: Math.min(horizon, instantOf(timeZone, lastDate, to)),
      });
    }
  }
  return union(spans).filter(({ start }) => start < window.end);
}
