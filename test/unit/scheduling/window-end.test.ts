import { describe, expect, it } from 'vitest';
import { plan } from '../../../scheduling/index.ts';
import { agenda, at, current, worldOf } from './world-of.ts';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const everyDay = (start: string, end: string) => Object.fromEntries(DAYS.map((day) => [day, [[start, end]]]));

const sleep = {
  id: 'sleep',
  rrule: 'FREQ=WEEKLY;BYDAY=SU',
  durationMinutes: 480,
  idealTime: '22:30',
  hours: 'night',
};
const night = { night: { sun: [['22:00', '08:00']] } };

describe('the last evening of the window', () => {
  it('holds a habit at its ideal time that ends after the window', () => {
    const found = plan(worldOf({ hours: night, habits: [sleep] }));
    expect(agenda(found)).toEqual(['sleep 11 22:30–06:30']);
    expect(found.blocks[0]?.reason).toEqual({ code: 'ideal-time', deviationMinutes: 0 });
  });

  it('has a habit at its ideal time on every day, however often it is planned', () => {
    const habits = [
      { id: 'read', rrule: 'FREQ=DAILY', durationMinutes: 60, idealTime: '23:30', hours: 'late' },
    ];
    let blocks: ReturnType<typeof current> = [];
    for (let day = 5; day <= 19; day++) {
      const found = plan(
        worldOf({
          now: at(day, '08:00'),
          hours: { late: everyDay('20:00', '02:00') },
          habits,
          current: blocks,
        }),
      );
      expect(found.objective.moved).toBe(0);
      expect(new Set(found.blocks.map(({ start }) => start.slice(11, 16)))).toEqual(new Set(['23:30']));
      blocks = current(found);
    }
  });

  it('does not let a block run into busy time after the window, nor too close to it', () => {
    const busy = [[at(12, '06:00'), at(12, '07:00')]];
    expect(agenda(plan(worldOf({ hours: night, habits: [sleep], busy })))).toEqual(['sleep 11 22:00–06:00']);
    const buffered = worldOf({
      hours: night,
      habits: [{ ...sleep, minMinutes: 300 }],
      busy,
      policy: { bufferMinutes: 15 },
    });
    expect(agenda(plan(buffered))).toEqual(['sleep 11 22:00–05:45']);
  });

  it('does not let a block run into a pinned one after the window', () => {
    const pinned = [
      {
        id: 'p',
        kind: 'habit',
        refId: 'sleep',
        start: at(12, '05:30'),
        end: at(12, '06:00'),
        pinned: true,
        habitDay: '2026-01-12',
      },
    ];
    expect(
      agenda(plan(worldOf({ hours: night, habits: [{ ...sleep, minMinutes: 60 }], current: pinned }))),
    ).toEqual(['sleep 11 22:00–05:30', 'sleep 12 05:30–06:00']);
  });

  it('holds a task that starts in it, and none that would start after the window', () => {
    const whole = { id: 'migrate', durationMinutes: 180, splittable: false, hours: 'late' };
    const hours = { late: { sun: [['23:00', '03:00']] } };
    expect(agenda(plan(worldOf({ hours, tasks: [whole] })))).toEqual(['migrate 11 23:00–02:00']);
    const chunks = {
      id: 'migrate',
      durationMinutes: 180,
      minChunkMinutes: 60,
      maxChunkMinutes: 60,
      hours: 'late',
    };
    expect(agenda(plan(worldOf({ hours, tasks: [chunks] })))).toEqual(['migrate 11 23:00–00:00']);
  });

  it('ends by the clock where that changes in the night after it', () => {
    const found = plan(
      worldOf({
        timeZone: 'America/New_York',
        now: '2026-03-01T15:00:00Z',
        hours: { night: { sat: [['22:00', '08:00']] } },
        habits: [{ ...sleep, rrule: 'FREQ=WEEKLY;BYDAY=SA' }],
      }),
    );
    // 22:30 to 07:30 on the wall clock, of which an hour is skipped.
    expect(found.blocks.map(({ start, end }) => [start, end])).toEqual([
      ['2026-03-08T03:30:00Z', '2026-03-08T11:30:00Z'],
    ]);
  });
});
