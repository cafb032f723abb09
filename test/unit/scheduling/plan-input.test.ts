import { describe, expect, it } from 'vitest';
import { parsePlanInput, PlanInputError } from '../../../scheduling/index.ts';

const LEAST = { timeZone: 'Europe/Berlin', now: '2026-01-05T08:00:00Z' };
const task = (overrides: object = {}) => ({ id: 't1', durationMinutes: 60, ...overrides });
const habit = (overrides: object = {}) => ({
  id: 'h1',
  rrule: 'FREQ=DAILY',
  durationMinutes: 30,
  ...overrides,
});

function messageFor(overrides: object): string {
  try {
    parsePlanInput({ ...LEAST, ...overrides });
  } catch (error) {
    if (error instanceof PlanInputError) return error.message;
    throw error;
  }
  return 'nothing';
}

describe('parsePlanInput', () => {
  it('fills in every default', () => {
    expect(parsePlanInput({ ...LEAST, tasks: [task()], habits: [habit()] })).toMatchObject({
      days: 30,
      granularityMinutes: 15,
      tasks: [
        { priority: 'normal', splittable: true, minChunkMinutes: 30, maxChunkMinutes: 120, hours: 'work' },
      ],
      habits: [{ minMinutes: 30, hours: 'personal', skippedDates: [] }],
      policy: { bufferMinutes: 0, maxMinutesPerDay: {}, freezeMinutes: 120, declined: [] },
    });
  });

  it('reads its own result as the same', () => {
    const input = parsePlanInput({
      ...LEAST,
      tasks: [task()],
      policy: { declined: [[LEAST.now, LEAST.now]] },
    });
    expect(parsePlanInput(JSON.parse(JSON.stringify(input)))).toEqual(input);
  });

  it('gives work and personal their default hours where nothing is said of them', () => {
    const { hours } = parsePlanInput({ ...LEAST, hours: { personal: {}, deep: {} } });
    expect(hours.work).toMatchObject({ fri: [['09:00', '17:00']] });
    expect(hours.work?.sat).toBeUndefined();
    expect(hours.personal?.sun).toEqual([['07:00', '23:00']]);
    expect(hours.deep).toEqual({});
  });

  it('gives the other weekdays no hours where some are named', () => {
    expect(parsePlanInput({ ...LEAST, hours: { work: { tue: [] } } }).hours.work).toEqual({ tue: [] });
  });

  it.each([
    [{ timeZone: 'Berlin' }, 'timeZone must be an IANA time zone such as Europe/Berlin.'],
    [{ now: 'today' }, 'now must be an instant such as 2026-01-05T09:00:00Z.'],
    [{ days: 6 }, 'days must be a whole number from 7 to 90.'],
    [{ granularityMinutes: 7 }, 'granularityMinutes must be one of 5, 10, 15, 30.'],
    [{ hours: { work: { mon: [['9:00', '12:00']] } } }, 'hours.work.mon[0][0] must be a time such as 07:30.'],
    [{ busy: [['2026-01-05T10:00:00Z', '2026-01-05T09:00:00Z']] }, 'busy[0] must not end before it starts.'],
    [
      { tasks: [task({ priority: 'urgent' })] },
      'tasks[0].priority must be one of critical, high, normal, low.',
    ],
    [
      { tasks: [task({ minChunkMinutes: 180 })] },
      'tasks[0].minChunkMinutes must not be above maxChunkMinutes.',
    ],
    [{ tasks: [task(), task()] }, 'tasks[1].id repeats "t1".'],
    [{ tasks: [task({ after: ['t2'] })] }, 'tasks[0].after names "t2", which is not a task.'],
    [{ tasks: [task({ hours: 'deep' })] }, 'tasks[0].hours names "deep", for which no hours are given.'],
    [
      { habits: [habit({ durationMinutes: 32 })] },
      'habits[0].durationMinutes must be a multiple of 5 minutes.',
    ],
    [
      { habits: [habit({ rrule: 'every day' })] },
      'habits[0].rrule must be a recurrence rule such as FREQ=WEEKLY;BYDAY=MO,WE.',
    ],
    [
      { policy: { declined: [['yesterday', 'today']] } },
      'policy.declined[0] must be [start, end] or {refId, start, end} in instants, and not end before it starts.',
    ],
  ])('refuses %j', (overrides, message) => expect(messageFor(overrides)).toBe(message));

  it('refuses tasks and habits that wait for themselves', () => {
    const tasks = [
      task({ after: ['t2'] }),
      task({ id: 't2', after: ['t3'] }),
      task({ id: 't3', after: ['t1'] }),
    ];
    expect(messageFor({ tasks })).toBe('tasks[0].after makes the task wait for itself.');
    const habits = [habit({ before: 'h2' }), habit({ id: 'h2', before: 'h1' })];
    expect(messageFor({ habits })).toBe('habits[0].before makes the habit wait for itself.');
  });
});
