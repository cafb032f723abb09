import { describe, expect, it } from 'vitest';
import { reportDayAt } from '../../../../services/notifier/report-day.ts';

const dayAt = (at: string, timeZone: string, hour: number) =>
  reportDayAt(new Date(at), timeZone, { notice: 'daily-agenda', hour, weekday: 'mon' });

describe('an agenda', () => {
  it.each([
    ['2026-12-01T05:59:59Z', null],
    ['2026-12-01T06:00:00Z', '2026-12-01'],
    ['2026-12-01T09:59:59Z', '2026-12-01'],
    ['2026-12-01T10:00:00Z', null],
  ])('of 07:00 in Berlin is due for four hours: at %s %s', (at, day) => {
    expect(dayAt(at, 'Europe/Berlin', 7)).toBe(day);
  });

  it('is that of the next day from noon on, also after midnight', () => {
    expect(dayAt('2026-12-01T11:00:00Z', 'UTC', 11)).toBe('2026-12-01');
    expect(dayAt('2026-12-01T12:00:00Z', 'UTC', 12)).toBe('2026-12-02');
    expect(dayAt('2026-12-01T23:30:00Z', 'UTC', 22)).toBe('2026-12-02');
    expect(dayAt('2026-12-02T01:30:00Z', 'UTC', 22)).toBe('2026-12-02');
    expect(dayAt('2026-12-02T02:00:00Z', 'UTC', 22)).toBeNull();
  });

  it('follows the day of its zone, not that of UTC', () => {
    expect(dayAt('2026-11-30T18:00:00Z', 'Pacific/Auckland', 7)).toBe('2026-12-01');
    expect(dayAt('2026-12-01T15:00:00Z', 'America/Los_Angeles', 7)).toBe('2026-12-01');
  });

  it('keeps its hour when the clocks change', () => {
    expect(dayAt('2026-03-28T06:00:00Z', 'Europe/Berlin', 7)).toBe('2026-03-28');
    expect(dayAt('2026-03-29T05:00:00Z', 'Europe/Berlin', 7)).toBe('2026-03-29');
    expect(dayAt('2026-03-29T04:59:59Z', 'Europe/Berlin', 7)).toBeNull();
    expect(dayAt('2026-10-25T05:59:59Z', 'Europe/Berlin', 7)).toBeNull();
    expect(dayAt('2026-10-25T06:00:00Z', 'Europe/Berlin', 7)).toBe('2026-10-25');
  });

  it('of an hour that is left out is due with the next one', () => {
    expect(dayAt('2026-03-29T00:59:59Z', 'Europe/Berlin', 2)).toBeNull();
    expect(dayAt('2026-03-29T01:00:00Z', 'Europe/Berlin', 2)).toBe('2026-03-29');
  });

  it('of an hour that comes twice is that of one day', () => {
    expect(dayAt('2026-10-25T00:30:00Z', 'Europe/Berlin', 2)).toBe('2026-10-25');
    expect(dayAt('2026-10-25T01:30:00Z', 'Europe/Berlin', 2)).toBe('2026-10-25');
  });
});

it('of the installation is due for half a day, by UTC', () => {
  const dayOf = (at: string) =>
    reportDayAt(new Date(at), 'UTC', { notice: 'health-report', hour: 7, weekday: 'mon' });
  expect(dayOf('2026-12-01T06:59:59Z')).toBeNull();
  expect(dayOf('2026-12-01T07:00:00Z')).toBe('2026-12-01');
  expect(dayOf('2026-12-01T18:59:59Z')).toBe('2026-12-01');
  expect(dayOf('2026-12-01T19:00:00Z')).toBeNull();
});

describe('a summary', () => {
  const weekAt = (at: string, timeZone: string, hour: number, weekday: 'mon' | 'sun' = 'mon') =>
    reportDayAt(new Date(at), timeZone, { notice: 'weekly-summary', hour, weekday });

  it.each([
    ['2026-11-30T05:59:59Z', null],
    ['2026-11-30T06:00:00Z', '2026-11-23'],
    ['2026-12-01T05:59:59Z', '2026-11-23'],
    ['2026-12-01T06:00:00Z', null],
  ])('of Monday, 07:00 in Berlin is due for a day: at %s the week of %s', (at, monday) => {
    expect(weekAt(at, 'Europe/Berlin', 7)).toBe(monday);
  });

  it('is that of the last full week, also on a Sunday and after midnight', () => {
    expect(weekAt('2026-11-29T18:00:00Z', 'UTC', 18, 'sun')).toBe('2026-11-16');
    expect(weekAt('2026-11-30T17:00:00Z', 'UTC', 18, 'sun')).toBe('2026-11-16');
    expect(weekAt('2026-11-30T18:00:00Z', 'UTC', 18, 'sun')).toBeNull();
  });

  it('follows the week of its zone, not that of UTC', () => {
    expect(weekAt('2026-11-29T18:00:00Z', 'Pacific/Auckland', 7)).toBe('2026-11-23');
    expect(weekAt('2026-11-29T18:00:00Z', 'UTC', 7)).toBeNull();
  });
});
