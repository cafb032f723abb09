import { describe, expect, it } from 'vitest';
import { dollarsOf, monthOf, startsADay } from '../../../bench/actions/month.ts';
import { SCHEDULE_DEFINITIONS } from '../../../client/schedule-definitions.ts';

describe('the month of a bill', () => {
  it('prices actions tier by tier, as the example of the price list does', () => {
    expect(dollarsOf(11_250_000)).toBe(525);
    expect(dollarsOf(0)).toBe(0);
    expect(dollarsOf(100_000_000)).toBe(250 + 225 + 400 + 1_050 + 1_500);
  });

  it('counts the starts of every schedule', () => {
    expect(Object.fromEntries(SCHEDULE_DEFINITIONS.map(({ id, cron }) => [id, startsADay(cron)]))).toEqual({
      'calendar-provider-sync': 96,
      'calendar-smart-schedule': 4,
      'calendar-horizon-roll': 1,
      'calendar-dead-letter-notices': 288,
      'calendar-drift-audit': 1,
      'calendar-retention': 1,
      'calendar-watch-renewal': 24,
    });
    expect(() => startsADay('0 9 * * 1')).toThrow();
  });

  it('adds polls, lists, channels, changes and plans up', () => {
    const each = { poll: 3, list: 2, change: 3, channels: 2, plan: 10 };
    expect(monthOf(each, 10)).toEqual({ polled: 8_700, pushedAtRest: 430, pushed: 1_330, planned: 1_200 });
  });
});
