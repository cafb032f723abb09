import { describe, expect, it } from 'vitest';
import { canonicalInstant, civilWindow, clockMinute } from '../../../scheduling/civil-time.ts';
import { openHours } from '../../../scheduling/open-hours.ts';

const lengths = (now: string, timeZone: string) =>
  civilWindow(now, timeZone, 7).days.map(({ startMinute, endMinute }) => (endMinute - startMinute) / 60);

describe('civilWindow', () => {
  it('starts at the local midnight of the day of now', () => {
    const window = civilWindow('2026-01-05T23:30:00Z', 'Europe/Berlin', 7);
    expect(new Date(window.startMs).toISOString()).toBe('2026-01-05T23:00:00.000Z');
    expect(window.days[0]).toMatchObject({ date: '2026-01-06', weekday: 2, startMinute: 0 });
  });

  it('has days of 23, 24 and 25 hours', () => {
    expect(lengths('2026-03-27T12:00:00Z', 'Europe/Berlin')).toEqual([24, 24, 23, 24, 24, 24, 24]);
    expect(lengths('2026-10-24T12:00:00Z', 'Europe/Berlin')).toEqual([24, 25, 24, 24, 24, 24, 24]);
  });

  it('has a day that lacks half an hour where a zone shifts by that', () => {
    expect(lengths('2026-10-04T12:00:00Z', 'Australia/Lord_Howe')[0]).toBe(23.5);
  });
});

describe('civilWindow over the date line', () => {
  it('has no day of a date that its zone skipped, nor hours on it', () => {
    const window = civilWindow('2011-12-29T12:00:00Z', 'Pacific/Apia', 7);
    expect(window.days.map(({ date, index }) => [index, date]).slice(0, 3)).toEqual([
      [0, '2011-12-29'],
      [1, '2011-12-31'],
      [2, '2012-01-01'],
    ]);
    // The 30th was to be a Friday; the day after the 29th is a Saturday.
    expect(openHours(window, { fri: [['09:00', '17:00']] })).toEqual([]);
  });
});

describe('clockMinute', () => {
  const window = civilWindow('2026-03-29T12:00:00Z', 'Europe/Berlin', 7);
  const day = window.days[0]!;

  it('counts elapsed minutes after a shift', () => {
    expect(clockMinute(window, day, '01:30')).toBe(90);
    expect(clockMinute(window, day, '09:00')).toBe(8 * 60);
    expect(clockMinute(window, day, '24:00')).toBe(23 * 60);
  });

  it('moves a time that is skipped forward by the gap', () => {
    expect(clockMinute(window, day, '02:30')).toBe(clockMinute(window, day, '03:30'));
  });
});

describe('openHours', () => {
  const monday = civilWindow('2026-01-05T08:00:00Z', 'UTC', 7);

  it('runs over midnight where a block does not end after its start, also into the window and out of it', () => {
    const night = openHours(monday, { mon: [['22:00', '02:00']], sun: [['23:00', '01:00']] });
    expect(night).toEqual([
      { start: 0, end: 60 },
      { start: 22 * 60, end: 26 * 60 },
      { start: (6 * 24 + 23) * 60, end: (7 * 24 + 1) * 60 },
    ]);
  });

  it('leaves out what begins after the window', () => {
    const mornings = openHours(monday, { mon: [['00:30', '02:00']], sun: [['22:00', '24:00']] });
    expect(mornings).toEqual([
      { start: 30, end: 120 },
      { start: (6 * 24 + 22) * 60, end: 7 * 24 * 60 },
    ]);
  });

  it('takes a block that ends where it starts for a whole day', () => {
    expect(openHours(monday, { mon: [['08:00', '08:00']] })).toEqual([{ start: 8 * 60, end: 32 * 60 }]);
  });

  it('unites blocks that touch', () => {
    expect(
      openHours(monday, {
        mon: [
          ['09:00', '12:00'],
          ['12:00', '24:00'],
        ],
        tue: [['00:00', '01:00']],
      }),
    ).toEqual([{ start: 9 * 60, end: 25 * 60 }]);
  });
});

describe('canonicalInstant', () => {
  it('reads any offset and refuses what names no instant', () => {
    expect(canonicalInstant('2026-01-05T10:00:00+01:00')).toBe('2026-01-05T09:00:00Z');
    expect(canonicalInstant('2026-01-05T09:00Z')).toBe('2026-01-05T09:00:00Z');
    expect(canonicalInstant('2026-01-05T09:00:00.500Z')).toBe('2026-01-05T09:00:00.500Z');
    expect(canonicalInstant('2026-02-30T09:00:00Z')).toBeNull();
    expect(canonicalInstant('2026-01-05T09:00:00')).toBeNull();
    expect(canonicalInstant('tomorrow')).toBeNull();
  });
});
