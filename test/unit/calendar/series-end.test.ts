import { describe, expect, it } from 'vitest';
import { seriesEnd } from '../../../calendar/series-end.ts';
import { allDaySeries, timedSeries } from './fixtures.ts';

function end(...recurrence: string[]): string | null {
  return seriesEnd(
    timedSeries('Europe/Berlin', '2026-01-05T09:00:00+01:00', '2026-01-05T10:00:00+01:00', ...recurrence),
  );
}

describe('seriesEnd', () => {
  it.each([
    ['of an endless rule: never', ['RRULE:FREQ=DAILY'], null],
    [
      'of COUNT: the end of the last occurrence, on its own wall clock',
      ['RRULE:FREQ=MONTHLY;COUNT=7'],
      '2026-07-05T08:00:00Z',
    ],
    [
      'of UNTIL: no later than an occurrence that begins with it',
      ['RRULE:FREQ=DAILY;UNTIL=20260201T080000Z'],
      '2026-02-01T09:00:00Z',
    ],
    [
      'of several rules: the latest',
      ['RRULE:FREQ=DAILY;COUNT=2', 'RRULE:FREQ=YEARLY;COUNT=2'],
      '2027-01-05T09:00:00Z',
    ],
    ['of several rules with an endless one: never', ['RRULE:FREQ=DAILY;COUNT=2', 'RRULE:FREQ=YEARLY'], null],
    [
      'of an RDATE after the rule',
      ['RRULE:FREQ=DAILY;COUNT=2', 'RDATE:20300101T000000Z'],
      '2030-01-01T01:00:00Z',
    ],
    ['of a rule that cannot be read: the first occurrence', ['RRULE:'], '2026-01-05T09:00:00Z'],
    [
      'of a COUNT that is never reached: never, rather than too early',
      ['RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=3'],
      null,
    ],
    [
      'of a COUNT that is too far away to look for: never, rather than too early',
      ['RRULE:FREQ=DAILY;COUNT=90000'],
      null,
    ],
    ['of an UNTIL at the end of time: never', ['RRULE:FREQ=DAILY;UNTIL=99991231T235959Z'], null],
  ])('%s', (_name, recurrence, expected) => {
    expect(end(...recurrence)).toBe(expected);
  });

  it('counts the exclusive end of an all-day series as that day in UTC', () => {
    expect(seriesEnd(allDaySeries('2026-01-05', '2026-01-07', 'RRULE:FREQ=WEEKLY;COUNT=2'))).toBe(
      '2026-01-14T00:00:00Z',
    );
  });
});
