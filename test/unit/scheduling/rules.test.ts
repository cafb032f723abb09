import { describe, expect, it } from 'vitest';
import { plan } from '../../../scheduling/index.ts';
import { agenda, at, worldOf } from './world-of.ts';

const task = (id: string, overrides: object = {}) => ({ id, durationMinutes: 60, ...overrides });
const habit = (id: string, overrides: object = {}) => ({
  id,
  rrule: 'FREQ=DAILY;COUNT=1',
  durationMinutes: 60,
  hours: 'work',
  ...overrides,
});

describe('dependencies', () => {
  it('let a task start when the last block of another has ended', () => {
    const tasks = [task('b', { after: ['a'], priority: 'critical' }), task('a', { durationMinutes: 240 })];
    const found = plan(worldOf({ tasks }));
    expect(agenda(found)).toEqual(['a 05 09:00–11:00', 'a 05 13:00–15:00', 'b 05 15:00–16:00']);
    expect(found.blocks[2]?.reason).toEqual({ code: 'waiting-for', refId: 'a' });
  });

  it('leave out what waits for a task that is not placed in full', () => {
    const tasks = [task('a', { durationMinutes: 600, splittable: false }), task('b', { after: ['a'] })];
    const found = plan(worldOf({ tasks }));
    expect(found.blocks).toEqual([]);
    expect(found.unscheduled).toEqual([
      { refId: 'a', minutes: 600, reason: { code: 'no-gap-long-enough', longest: 240, needed: 600 } },
      { refId: 'b', minutes: 60, reason: { code: 'waiting-for', refId: 'a' } },
    ]);
  });

  it('are met by a task that is done', () => {
    const tasks = [task('a', { doneMinutes: 60 }), task('b', { after: ['a'] })];
    expect(agenda(plan(worldOf({ tasks })))).toEqual(['b 05 09:00–10:00']);
  });

  it('order the habits of a day', () => {
    const habits = [
      habit('shower', { after: 'run', idealTime: '09:00' }),
      habit('run', { idealTime: '10:00' }),
    ];
    const found = plan(worldOf({ habits }));
    expect(found.blocks.map(({ refId }) => refId)).toEqual(['run', 'shower']);
    expect(found.blocks[1]!.start >= found.blocks[0]!.end).toBe(true);
    // Together two hours from their ideal times, whichever of the two gives way.
    expect(found.objective.spread).toBe(4);
  });
});

describe('policy', () => {
  it('keeps the buffer around busy time and between blocks, not to the ends of hours', () => {
    const input = worldOf({
      tasks: [task('a', { splittable: false }), task('b', { splittable: false })],
      busy: [[at(5, '09:00'), at(5, '09:30')]],
      policy: { bufferMinutes: 10 },
    });
    expect(agenda(plan(input)).map((line) => line.slice(2))).toEqual(['05 09:45–10:45', '05 11:00–12:00']);
  });

  it('allows only so many minutes a day for a type of hours', () => {
    const input = worldOf({
      tasks: [task('a', { durationMinutes: 180 })],
      policy: { maxMinutesPerDay: { work: 90 } },
    });
    expect(agenda(plan(input))).toEqual(['a 05 09:00–10:30', 'a 06 09:00–10:30']);
  });

  it('names the limit where it is what leaves minutes over', () => {
    const input = worldOf({
      habits: [habit('h', { minMinutes: 30 })],
      policy: { maxMinutesPerDay: { work: 45 } },
    });
    const found = plan(input);
    expect(agenda(found)).toEqual(['h 05 09:00–09:45']);
    expect(found.unscheduled).toEqual([
      { refId: 'h', date: '2026-01-05', minutes: 15, reason: { code: 'daily-limit', limit: 45, needed: 15 } },
    ]);
  });

  it('puts nothing into a slot declined for it, but others may have it', () => {
    const declined = [{ refId: 'a', start: at(5, '09:00'), end: at(5, '10:00') }];
    const input = worldOf({ tasks: [task('a')], policy: { declined } });
    expect(agenda(plan(input))).toEqual(['a 05 10:00–11:00']);
    const both = worldOf({ tasks: [task('a'), task('b')], policy: { declined } });
    expect(agenda(plan(both))).toEqual(['b 05 09:00–10:00', 'a 05 10:00–11:00']);
    const forAll = worldOf({ tasks: [task('a')], policy: { declined: [[at(5, '09:00'), at(5, '10:00')]] } });
    expect(agenda(plan(forAll))).toEqual(['a 05 10:00–11:00']);
  });
});

describe('habits', () => {
  it('shrink to the time available, down to their minimum', () => {
    const hours = { work: { mon: [['09:00', '09:40']], tue: [['09:00', '09:20']] } };
    const habits = [habit('h', { rrule: 'FREQ=DAILY;COUNT=2', minMinutes: 30 })];
    const found = plan(worldOf({ hours, habits }));
    expect(agenda(found)).toEqual(['h 05 09:00–09:40']);
    expect(found.unscheduled.map(({ date, minutes, reason }) => [date, minutes, reason.code])).toEqual([
      ['2026-01-05', 20, 'hours-exhausted-before-deadline'],
      ['2026-01-06', 60, 'hours-exhausted-before-deadline'],
    ]);
  });

  it('leave out skipped dates', () => {
    const habits = [habit('h', { rrule: 'FREQ=DAILY;COUNT=2', skippedDates: ['2026-01-05'] })];
    expect(agenda(plan(worldOf({ habits })))).toEqual(['h 06 09:00–10:00']);
  });

  it('take the preferred part of the day', () => {
    const habits = [habit('h', { preference: 'afternoon' })];
    expect(agenda(plan(worldOf({ habits })))).toEqual(['h 05 13:00–14:00']);
  });
});

describe('the objective', () => {
  it('says how much of the possible a plan is', () => {
    const hours = { work: { mon: [['09:00', '10:30']] } };
    const tasks = [task('a', { splittable: false }), task('b', { splittable: false, priority: 'high' })];
    expect(plan(worldOf({ hours, tasks })).objective).toEqual({
      onTime: 240,
      ceiling: 300,
      late: 0,
      moved: 0,
      blocks: 1,
      spread: 4 * 60 * (9 / 24),
    });
  });
});
