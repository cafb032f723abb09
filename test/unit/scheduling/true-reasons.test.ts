import { describe, expect, it } from 'vitest';
import { plan } from '../../../scheduling/index.ts';
import { agenda, at, worldOf } from './world-of.ts';

const once = (overrides: object) => ({
  id: 'read',
  rrule: 'FREQ=DAILY;COUNT=1',
  durationMinutes: 60,
  startDate: '2026-01-05',
  ...overrides,
});
const personal = { personal: { mon: [['05:00', '24:00']] } };
const now = at(5, '00:00');
const only = (overrides: object) => plan(worldOf({ now, hours: personal, ...overrides }));
const deviations = (overrides: object) =>
  only(overrides).blocks.map(({ start, reason }) => [
    start.slice(11, 16),
    reason.code === 'ideal-time' ? reason.deviationMinutes : reason.code,
  ]);

describe('a preferred part of the day', () => {
  it('has to hold the whole block to be ideal', () => {
    const morning = once({ preference: 'morning' });
    expect(deviations({ habits: [morning] })).toEqual([['06:00', 0]]);
    expect(deviations({ habits: [morning], busy: [[at(5, '05:30'), at(5, '11:00')]] })).toEqual([
      ['11:00', 0],
    ]);
    expect(deviations({ habits: [morning], busy: [[at(5, '05:30'), at(5, '11:30')]] })).toEqual([
      ['11:30', 30],
    ]);
    expect(deviations({ habits: [morning], busy: [[at(5, '05:30'), at(5, '12:00')]] })).toEqual([
      ['12:00', 60],
    ]);
    expect(
      deviations({
        habits: [once({ preference: 'evening', durationMinutes: 120 })],
        busy: [[at(5, '16:00'), at(5, '21:00')]],
      }),
    ).toEqual([['21:00', 120]]);
  });

  it('is chosen before a time that begins at its end', () => {
    const busy = [[at(5, '06:00'), at(5, '12:00')]];
    expect(deviations({ habits: [once({ preference: 'morning' })], busy })).toEqual([['05:00', 60]]);
  });

  it('is measured by the block where that is shorter than wished', () => {
    const busy = [
      [at(5, '05:00'), at(5, '11:30')],
      [at(5, '12:00'), at(5, '24:00').replace('05T24:00', '06T00:00')],
    ];
    expect(deviations({ habits: [once({ preference: 'morning', minMinutes: 30 })], busy })).toEqual([
      ['11:30', 0],
    ]);
  });

  it('is best from its beginning for what is longer than it', () => {
    expect(deviations({ habits: [once({ preference: 'night', durationMinutes: 180 })] })).toEqual([
      ['21:00', 0],
    ]);
    expect(deviations({ habits: [once({ preference: 'evening', durationMinutes: 300 })] })).toEqual([
      ['17:00', 0],
    ]);
  });
});

describe('a reason for minutes without a place', () => {
  it('is never the habit itself on another day', () => {
    // Sunday's eight hours from 22:00 leave Monday none that begin on it.
    const found = plan(
      worldOf({
        hours: { night: { sun: [['22:00', '08:00']] } },
        habits: [
          {
            id: 'sleep',
            rrule: 'FREQ=DAILY',
            durationMinutes: 480,
            minMinutes: 480,
            idealTime: '22:30',
            hours: 'night',
          },
        ],
      }),
    );
    expect(found.unscheduled.length).toBeGreaterThan(0);
    for (const { refId, reason } of found.unscheduled)
      if (reason.code === 'displaced-by') expect(reason.refId).not.toBe(refId);
  });

  it('names a gap that is shorter than what is needed', () => {
    const gaps = [
      ['09:00', '09:25'],
      ['11:00', '11:25'],
    ];
    const found = plan(
      worldOf({ hours: { work: { mon: gaps } }, tasks: [{ id: 'a', durationMinutes: 50 }] }),
    );
    expect(agenda(found)).toEqual([]);
    expect(found.unscheduled).toEqual([
      { refId: 'a', minutes: 50, reason: { code: 'no-gap-long-enough', longest: 25, needed: 30 } },
    ]);
  });
});
