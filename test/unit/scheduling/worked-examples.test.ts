import { describe, expect, it } from 'vitest';
import { parsePlanInput, plan } from '../../../scheduling/index.ts';

const EVERY_DAY = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const DAYS = 7;

type Hours = [start: string, end: string][];

function everyDay(...hours: Hours) {
  return Object.fromEntries(EVERY_DAY.map((day) => [day, hours]));
}

function world(overrides: object = {}) {
  return parsePlanInput({
    timeZone: 'UTC',
    now: '2025-12-15T08:00:00Z',
    days: DAYS,
    hours: { work: everyDay(['09:00', '12:00'], ['13:00', '17:00']) },
    ...overrides,
  });
}

function workHours(...hours: Hours) {
  return { work: everyDay(...hours) };
}

function onDays(days: number, ...hours: Hours) {
  return { work: Object.fromEntries(EVERY_DAY.slice(0, days).map((day) => [day, hours])) };
}

function task(overrides: object = {}) {
  return { id: 'task', title: 'Report', durationMinutes: 60, hours: 'work', ...overrides };
}

function habit(overrides: object = {}) {
  return {
    id: 'habit',
    title: 'Run',
    rrule: 'FREQ=DAILY;COUNT=1',
    startDate: '2025-12-15',
    durationMinutes: 30,
    hours: 'work',
    ...overrides,
  };
}

/** `10:15–11:15` on the wall clock of UTC, with the day before it where it is not the first. */
function times(input: ReturnType<typeof world>): string[] {
  return plan(input).blocks.map(({ start, end }) => {
    const day = start.slice(0, 10) === input.now.slice(0, 10) ? '' : `${start.slice(8, 10)} `;
    return `${day}${start.slice(11, 16)}–${end.slice(11, 16)}`;
  });
}

describe('the worked examples', () => {
  it('task 4 h, chunks 60–120', () => {
    const input = world({
      tasks: [task({ durationMinutes: 240, splittable: true, minChunkMinutes: 60, maxChunkMinutes: 120 })],
    });
    expect(times(input)).toEqual(['09:00–11:00', '13:00–15:00']);
    expect(plan(input).objective.blocks).toBe(2);
  });

  it('task 2.5 h, chunks 60–120', () => {
    const input = world({
      tasks: [task({ durationMinutes: 150, splittable: true, minChunkMinutes: 60, maxChunkMinutes: 120 })],
    });
    const { blocks } = plan(input);
    expect(blocks).toHaveLength(2);
    expect(blocks[0]?.start).toBe('2025-12-15T09:00:00Z');
    expect(blocks[0]?.end).toBe(blocks[1]?.start);
    expect(blocks[1]?.end).toBe('2025-12-15T11:30:00Z');
    for (const { start, end } of blocks) {
      const minutes = (Date.parse(end) - Date.parse(start)) / 60_000;
      expect(minutes).toBeGreaterThanOrEqual(60);
      expect(minutes).toBeLessThanOrEqual(120);
    }
  });

  it('task 2 h not splittable, hours 09–10 and 11–12 only, one day', () => {
    const { blocks, unscheduled } = plan(
      world({
        hours: onDays(1, ['09:00', '10:00'], ['11:00', '12:00']),
        tasks: [task({ durationMinutes: 120, splittable: false })],
      }),
    );
    expect(blocks).toEqual([]);
    expect(unscheduled).toEqual([
      { refId: 'task', minutes: 120, reason: { code: 'no-gap-long-enough', longest: 60, needed: 120 } },
    ]);
  });

  it('task 2 h, chunks 30–120, deadline 10:30', () => {
    const input = world({
      tasks: [
        task({
          durationMinutes: 120,
          splittable: true,
          minChunkMinutes: 30,
          maxChunkMinutes: 120,
          deadline: '2025-12-15T10:30:00Z',
        }),
      ],
    });
    expect(times(input)).toEqual(['09:00–11:00']);
    const { late, objective } = plan(input);
    expect(objective).toMatchObject({ onTime: 2 * 90, late: 2 * 30 });
    expect(JSON.stringify(late)).toContain('"task"');
    expect(JSON.stringify(late)).toContain('30');
  });

  it('task 1 h, overdue', () => {
    const input = world({ tasks: [task({ deadline: '2025-12-14T17:00:00Z' })] });
    expect(times(input)).toEqual(['09:00–10:00']);
    expect(plan(input).objective).toMatchObject({ onTime: 0, late: 2 * 60 });
    expect(JSON.stringify(plan(input).late)).toContain('"task"');
  });

  it('task 1 h, earliestStart today 10:00', () => {
    expect(times(world({ tasks: [task({ earliestStart: '2025-12-15T10:00:00Z' })] }))).toEqual([
      '10:00–11:00',
    ]);
  });

  it('task 1 h, busy 09–10:07', () => {
    const busy = [['2025-12-15T09:00:00Z', '2025-12-15T10:07:00Z']];
    expect(times(world({ busy, tasks: [task({ splittable: false })] }))).toEqual(['10:15–11:15']);
    expect(times(world({ busy, tasks: [task()] }))).toEqual(['10:15–11:15']);
  });

  it('task 1 h, hours 09–17, busy 09–12 with 10–11 nested in it', () => {
    const busy = [
      ['2025-12-15T09:00:00Z', '2025-12-15T12:00:00Z'],
      ['2025-12-15T10:00:00Z', '2025-12-15T11:00:00Z'],
    ];
    const hours = workHours(['09:00', '17:00']);
    expect(times(world({ hours, busy, tasks: [task()] }))).toEqual(['12:00–13:00']);
    expect(times(world({ hours, busy: busy.toReversed(), tasks: [task()] }))).toEqual(['12:00–13:00']);
  });

  it('task 1 h, opaque event 09–10 that is not locked', () => {
    const busy = [['2025-12-15T09:00:00Z', '2025-12-15T10:00:00Z']];
    expect(times(world({ busy, tasks: [task()] }))).toEqual(['10:00–11:00']);
  });

  it('habit 30 min, ideal 08:00, hours from 09:00', () => {
    expect(times(world({ habits: [habit({ idealTime: '08:00' })] }))).toEqual(['09:00–09:30']);
  });

  it('habit 30 min, ideal 10:00, busy 09:30–10:30', () => {
    const busy = [['2025-12-15T09:30:00Z', '2025-12-15T10:30:00Z']];
    expect(times(world({ busy, habits: [habit({ idealTime: '10:00' })] }))).toEqual(['10:30–11:00']);
  });

  const ONE_FREE_HOUR = {
    hours: onDays(1, ['09:00', '10:00']),
    habits: [habit({ priority: 'normal', durationMinutes: 45, minMinutes: 45 })],
  };
  const short = { durationMinutes: 45, splittable: false };

  it('one free hour in the whole window, normal habit 45 min and low task 45 min due 12:00', () => {
    const tasks = [task({ ...short, priority: 'low', deadline: '2025-12-15T12:00:00Z' })];
    const { blocks, unscheduled } = plan(world({ ...ONE_FREE_HOUR, tasks }));
    expect(blocks.map(({ refId }) => refId)).toEqual(['habit']);
    expect(unscheduled).toMatchObject([{ refId: 'task', minutes: 45 }]);
  });

  it('same, task critical without deadline', () => {
    const tasks = [task({ ...short, priority: 'critical' })];
    const { blocks, unscheduled } = plan(world({ ...ONE_FREE_HOUR, tasks }));
    expect(blocks.map(({ refId }) => refId)).toEqual(['task']);
    expect(unscheduled).toMatchObject([{ refId: 'habit', minutes: 45 }]);
  });

  it('hours 09–10 on 3 days: high, no deadline; normal, due tomorrow 10:00; low, overdue — each 1 h', () => {
    const { blocks, late } = plan(
      world({
        hours: onDays(3, ['09:00', '10:00']),
        tasks: [
          task({ id: 'low', priority: 'low', deadline: '2025-12-14T17:00:00Z' }),
          task({ id: 'normal', priority: 'normal', deadline: '2025-12-16T10:00:00Z' }),
          task({ id: 'high', priority: 'high' }),
        ],
      }),
    );
    expect(blocks.map(({ refId, start }) => [refId, start])).toEqual([
      ['high', '2025-12-15T09:00:00Z'],
      ['normal', '2025-12-16T09:00:00Z'],
      ['low', '2025-12-17T09:00:00Z'],
    ]);
    expect(JSON.stringify(late)).toContain('"low"');
    expect(JSON.stringify(late)).not.toContain('"normal"');
  });

  it('America/New_York, daily habit, 7 days', () => {
    const { blocks } = plan(
      world({
        timeZone: 'America/New_York',
        hours: { personal: everyDay(['07:00', '23:00']) },
        habits: [habit({ rrule: 'FREQ=DAILY', idealTime: '22:00', hours: 'personal' })],
      }),
    );
    expect(blocks.map(({ start }) => start)).toEqual(
      // 22:00 in New York is 03:00 of the day after in UTC.
      [16, 17, 18, 19, 20, 21, 22].map((day) => `2025-12-${day}T03:00:00Z`),
    );
  });

  it('Asia/Ho_Chi_Minh, hours 05–23, habit ideal 06:00', () => {
    const { blocks } = plan(
      world({
        timeZone: 'Asia/Ho_Chi_Minh',
        hours: { personal: everyDay(['05:00', '23:00']) },
        habits: [habit({ rrule: 'FREQ=DAILY', idealTime: '06:00', hours: 'personal' })],
      }),
    );
    // 06:00 there is 23:00 of the day before in UTC; today's has passed, so that today's is as early as can be.
    expect(blocks.map(({ start }) => start)).toEqual([
      '2025-12-15T08:00:00Z',
      ...[15, 16, 17, 18, 19, 20].map((day) => `2025-12-${day}T23:00:00Z`),
    ]);
  });

  it('New York 2026-03-08, task 3 h not splittable, hours 01–05', () => {
    const { blocks } = plan(
      world({
        timeZone: 'America/New_York',
        now: '2026-03-08T05:00:00Z',
        hours: { work: { sun: [['01:00', '05:00']] } },
        days: 7,
        tasks: [task({ durationMinutes: 180, splittable: false })],
      }),
    );
    expect(blocks).toMatchObject([{ start: '2026-03-08T06:00:00Z', end: '2026-03-08T09:00:00Z' }]);
  });
});
