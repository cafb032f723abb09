import { describe, expect, it } from 'vitest';
import { habitDates, parseHabitRule } from '../../../scheduling/habit-days.ts';

const inJanuary = (rule: string, startDate = '2026-01-05') =>
  habitDates(rule, startDate, '2026-01-05', '2026-01-14');

describe('habitDates', () => {
  it('names the days of a rule in the window', () => {
    expect(inJanuary('FREQ=WEEKLY;BYDAY=MO,WE')).toEqual([
      '2026-01-05',
      '2026-01-07',
      '2026-01-12',
      '2026-01-14',
    ]);
    expect(inJanuary('RRULE:FREQ=DAILY;INTERVAL=4', '2026-01-04')).toEqual(['2026-01-08', '2026-01-12']);
    expect(inJanuary('FREQ=MONTHLY', '2025-03-10')).toEqual(['2026-01-10']);
  });

  it('starts at the start date, counts from it and ends with UNTIL, whose day is included', () => {
    expect(inJanuary('FREQ=DAILY;COUNT=3', '2026-01-03')).toEqual(['2026-01-05']);
    expect(inJanuary('FREQ=DAILY;UNTIL=20260106')).toEqual(['2026-01-05', '2026-01-06']);
    expect(inJanuary('FREQ=DAILY;UNTIL=20260106T000000Z')).toEqual(['2026-01-05', '2026-01-06']);
    expect(inJanuary('FREQ=DAILY', '2026-02-01')).toEqual([]);
  });

  it('names nothing where a rule never matches', () => {
    expect(inJanuary('FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30')).toEqual([]);
  });
});

describe('parseHabitRule', () => {
  it.each([
    '',
    'daily',
    'FREQ=HOURLY',
    'FREQ=DAILY;BYHOUR=9',
    'FREQ=DAILY;UNTIL=soon',
    'FREQ=DAILY;INTERVAL=-1',
  ])('refuses %j', (rule) => expect(parseHabitRule(rule, '2026-01-05')).toBeNull());
});
