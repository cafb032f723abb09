import { describe, expect, it } from 'vitest';
import { parsePlanInput, plan } from '../../../scheduling/index.ts';
import { agenda, at, current, worldOf } from './world-of.ts';

const gym = {
  id: 'gym',
  rrule: 'FREQ=WEEKLY;BYDAY=MO',
  durationMinutes: 60,
  idealTime: '18:00',
  startDate: '2026-01-05',
};
const read = {
  id: 'read',
  rrule: 'FREQ=DAILY',
  durationMinutes: 60,
  idealTime: '21:00',
  startDate: '2026-01-01',
};

const pinned = (refId: string, start: string, end: string, overrides: object = {}) => ({
  id: 'pin',
  kind: 'habit',
  refId,
  start,
  end,
  pinned: true,
  ...overrides,
});

describe('a habit that was dragged to another day', () => {
  it('is not planned again on the day that it was made for', () => {
    const block = pinned('gym', at(6, '19:00'), at(6, '20:00'), { habitDay: '2026-01-05' });
    const found = plan(worldOf({ habits: [gym], current: [block] }));
    expect(agenda(found)).toEqual(['gym 06 19:00–20:00']);
    expect(found.unscheduled).toEqual([]);
  });

  it('leaves that day the block of its own', () => {
    const block = pinned('read', at(6, '07:00'), at(6, '08:00'), { habitDay: '2026-01-05' });
    const own = { id: 'own', kind: 'habit', refId: 'read', start: at(6, '21:00'), end: at(6, '22:00') };
    const found = plan(worldOf({ habits: [read], current: [block, own] }));
    expect(agenda(found)).toEqual([
      'read 06 07:00–08:00',
      'read 06 21:00–22:00',
      'read 07 21:00–22:00',
      'read 08 21:00–22:00',
      'read 09 21:00–22:00',
      'read 10 21:00–22:00',
      'read 11 21:00–22:00',
    ]);
    expect(found.blocks[1]).toMatchObject({ id: 'own', kept: true });
  });

  it('is not planned again where it lies before or after the window', () => {
    const later = pinned('gym', at(26, '19:00'), at(26, '20:00'), { habitDay: '2026-01-05' });
    expect(agenda(plan(worldOf({ habits: [gym], current: [later] })))).toEqual(['gym 26 19:00–20:00']);
    const friday = { ...gym, rrule: 'FREQ=WEEKLY;BYDAY=FR', startDate: '2026-01-01' };
    const earlier = pinned('gym', at(3, '19:00'), at(3, '20:00'), { habitDay: '2026-01-09' });
    expect(agenda(plan(worldOf({ habits: [friday], current: [earlier] })))).toEqual(['gym 03 19:00–20:00']);
  });

  it('from before the window does not stand for a day in it', () => {
    const block = pinned('read', at(5, '09:00'), at(5, '10:00'), { habitDay: '2026-01-04' });
    const mondays = agenda(plan(worldOf({ habits: [read], current: [block] }))).slice(0, 2);
    expect(mondays).toEqual(['read 05 09:00–10:00', 'read 05 21:00–22:00']);
  });
});

describe('a block of a habit without the day that it was made for', () => {
  it('belongs to the nearest day that the recurrence names, where it lies on none', () => {
    const block = pinned('gym', at(6, '19:00'), at(6, '20:00'));
    expect(agenda(plan(worldOf({ habits: [gym], current: [block] })))).toEqual(['gym 06 19:00–20:00']);
  });

  it('belongs to a day before the window where that is nearest', () => {
    const input = worldOf({
      now: at(6, '08:00'),
      habits: [gym],
      current: [pinned('gym', at(6, '19:00'), at(6, '20:00'))],
    });
    expect(agenda(plan(input))).toEqual(['gym 06 19:00–20:00', 'gym 12 18:00–19:00']);
  });

  it('belongs to the next nearest where another was dragged from the nearest', () => {
    const twice = { ...gym, rrule: 'FREQ=WEEKLY;BYDAY=MO,FR' };
    const blocks = [
      pinned('gym', at(6, '19:00'), at(6, '20:00')),
      pinned('gym', at(7, '19:00'), at(7, '20:00'), { id: 'other' }),
    ];
    const found = plan(worldOf({ habits: [twice], current: blocks }));
    expect(agenda(found)).toEqual(['gym 06 19:00–20:00', 'gym 07 19:00–20:00']);
    expect(agenda(plan(worldOf({ habits: [twice], current: current(found) })))).toEqual(agenda(found));
  });

  it('is refused where it is a task', () => {
    const block = { ...pinned('t', at(6, '19:00'), at(6, '20:00')), kind: 'task', habitDay: '2026-01-05' };
    expect(() =>
      parsePlanInput({
        timeZone: 'UTC',
        now: at(5, '08:00'),
        tasks: [{ id: 't', durationMinutes: 60 }],
        current: [block],
      }),
    ).toThrow('current[0].habitDay must be left out for a task.');
  });
});

describe('a habit that is shorter than it should be', () => {
  const lunch = {
    id: 'lunch',
    rrule: 'FREQ=WEEKLY;BYDAY=MO',
    durationMinutes: 60,
    minMinutes: 30,
    hours: 'noon',
  };
  const world = { hours: { noon: { mon: [['09:00', '09:45']] } }, habits: [lunch] };

  it('says so also when its block has become fixed', () => {
    const first = plan(worldOf(world));
    expect(first.unscheduled).toMatchObject([{ refId: 'lunch', date: '2026-01-05', minutes: 15 }]);
    const again = plan(worldOf({ ...world, current: current(first) }));
    expect(agenda(again)).toEqual(agenda(first));
    expect(again.unscheduled).toEqual([
      { refId: 'lunch', date: '2026-01-05', minutes: 15, reason: { code: 'one-block-only', placed: 45 } },
    ]);
  });
});
