import { describe, expect, it } from 'vitest';
import { plan } from '../../../scheduling/index.ts';
import { agenda, at, worldOf } from './world-of.ts';

const hourOf = (id: string) => ({ id, durationMinutes: 60, splittable: false });

describe('the buffer of 30 minutes', () => {
  const policy = { bufferMinutes: 30 };
  const apart = { work: { wed: [['09:00', '10:00'] as const, ['10:15', '12:00'] as const] } };

  it('is kept between two chunks of one task in two spans of hours', () => {
    const tasks = [{ id: 'report', durationMinutes: 120, maxChunkMinutes: 60 }];
    const found = plan(worldOf({ hours: apart, tasks, policy }));
    expect(agenda(found)).toEqual(['report 07 09:00–10:00', 'report 07 10:30–11:30']);
  });

  it('is kept between two chunks at both sides of a declined slot', () => {
    const declined = [{ refId: 'report', start: at(7, '10:00'), end: at(7, '10:10') }];
    const found = plan(
      worldOf({
        hours: { work: { wed: [['09:00', '12:00']] } },
        tasks: [{ id: 'report', durationMinutes: 120, maxChunkMinutes: 60 }],
        policy: { ...policy, declined },
      }),
    );
    expect(agenda(found)).toEqual(['report 07 09:00–10:00', 'report 07 10:30–11:30']);
  });

  it('is kept between chunks of which not all fit', () => {
    const tasks = [{ id: 'report', durationMinutes: 170, minChunkMinutes: 60, maxChunkMinutes: 120 }];
    const found = plan(worldOf({ hours: apart, tasks, policy }));
    expect(agenda(found)).toEqual(['report 07 09:00–10:00', 'report 07 10:30–12:00']);
  });

  it('is kept between a task and a habit, and around pinned and frozen blocks', () => {
    const found = plan(
      worldOf({
        hours: { work: { mon: [['09:00', '17:00']] } },
        tasks: [hourOf('a'), hourOf('b'), hourOf('c')],
        habits: [
          { id: 'walk', rrule: 'FREQ=DAILY;COUNT=1', durationMinutes: 30, idealTime: '11:00', hours: 'work' },
        ],
        current: [
          { id: 'p', kind: 'task', refId: 'a', start: at(5, '13:07'), end: at(5, '14:07'), pinned: true },
          { id: 'f', kind: 'task', refId: 'b', start: at(5, '09:15'), end: at(5, '10:15') },
        ],
        policy,
      }),
    );
    expect(agenda(found)).toEqual([
      'b 05 09:15–10:15',
      'walk 05 11:00–11:30',
      'a 05 13:07–14:07',
      'c 05 14:45–15:45',
    ]);
  });
});
