import { describe, expect, it } from 'vitest';
import { renderPlan } from '../../../terminal/render-plan.ts';
import { parsePlanInput, plan, type Plan } from '../../../scheduling/index.ts';

/** A Monday in Berlin, an hour before the hours begin. */
const NOW = '2026-01-05T07:00:00Z';
const input = (more: object = {}) =>
  parsePlanInput({
    timeZone: 'Europe/Berlin',
    now: NOW,
    days: 7,
    hours: { work: { mon: [['09:00', '12:00']] } },
    ...more,
  });
const report = { id: 't1', title: 'Report', durationMinutes: 60 };

/** The agenda of an input, as its engine plans it, without colours. */
function show(given: ReturnType<typeof input>, options: object = {}): string {
  return renderPlan(plan(given), { input: given, color: false, ...options });
}

describe('the agenda', () => {
  it('shows blocks, busy time and what is free, in local time', () => {
    const busy = [
      ['2026-01-05T09:00:00Z', '2026-01-05T09:30:00Z'],
      ['2026-01-05T09:15:00Z', '2026-01-05T10:00:00Z'],
    ];
    const lines = show(input({ tasks: [report], busy })).split('\n');
    expect(lines.slice(0, 6)).toEqual([
      'Mon 5 Jan  1 h planned, 1 h busy, 1 h free',
      '  09:00–10:00  Report  The earliest time that fits.',
      '  10:00–11:00  busy',
      '  11:00–12:00  free',
      'Tue 6 Jan – Sun 11 Jan  nothing',
      '',
    ]);
  });

  it('names the parts of a task, and the days that have nothing but free time', () => {
    const hours = {
      work: { mon: [['09:00', '10:00']], wed: [['09:00', '10:00']], sun: [['09:00', '10:30']] },
    };
    const text = show(input({ hours, tasks: [{ ...report, durationMinutes: 120 }] }));
    expect(text).toContain('Report (1 of 2)');
    expect(text).toContain('Tue 6 Jan  nothing\nWed 7 Jan  1 h planned');
    expect(text).toContain('Thu 8 Jan – Sun 11 Jan  nothing, 1 h 30 min free');
  });

  it('shows an event of several days on each, and a block over midnight on the day it starts', () => {
    const hours = { work: { mon: [['22:00', '02:00']] } };
    const busy = [['2026-01-07T00:00:00Z', '2026-01-08T12:00:00Z']];
    const text = show(
      input({ hours, busy, tasks: [{ ...report, durationMinutes: 240, splittable: false }] }),
    );
    expect(text).toContain('  22:00–02:00  Report');
    expect(text).toContain('  01:00–24:00  busy');
    expect(text).toContain('  00:00–13:00  busy');
  });

  it('has days of 23 hours', () => {
    const text = show(
      input({
        timeZone: 'America/New_York',
        now: '2026-03-08T05:30:00Z',
        hours: { work: { sun: [['01:00', '05:00']] } },
        tasks: [{ ...report, durationMinutes: 180, splittable: false }],
      }),
    );
    expect(text).toContain('Sun 8 Mar  3 h planned\n  01:00–05:00  Report');
  });

  it('lets no control character of a title through, and does without a title', () => {
    const text = show(
      input({
        tasks: [
          { ...report, title: 'red \u001B[31malert' },
          { id: 't2', durationMinutes: 30 },
        ],
      }),
    );
    expect(text).toContain('red  [31malert');
    expect(text).toContain('  t2  ');
  });
});

describe('a change', () => {
  const current = [
    { id: 'b1', kind: 'task', refId: 't1', start: '2026-01-05T09:00:00Z', end: '2026-01-05T10:00:00Z' },
    { id: 'b2', kind: 'task', refId: 't1', start: '2026-01-05T10:00:00Z', end: '2026-01-05T11:00:00Z' },
  ];
  const busy = [['2026-01-05T09:00:00Z', '2026-01-05T10:00:00Z']];

  it('is shown with from and to, in the agenda and on its own', () => {
    const text = show(input({ tasks: [report], current: [current[0]], busy }));
    expect(text).toContain('  09:00–10:00  Report  moved from Mon 5 Jan 10:00');
    expect(text).toContain(
      'Changed since last time\n  Report: Mon 5 Jan 10:00–11:00 → Mon 5 Jan 09:00–10:00',
    );
    expect(text).toContain('1 block, 1 h: 0 new, 1 moved, 0 gone, everything fits.');
  });

  it('is nothing where nothing has', () => {
    const text = show(input({ tasks: [report], current: [current[0]] }));
    expect(text).not.toContain('Changed since last time');
    expect(text).toContain('Stays where it was.');
  });

  it('counts what is gone, and may be told against other blocks', () => {
    const given = input({ tasks: [report] });
    const text = show(given, { previous: current });
    expect(text).toContain('→ no longer planned');
    expect(text).toContain('1 new, 0 moved, 2 gone');
  });
});

describe('unplaced work', () => {
  it('is shown with the reason', () => {
    const hours = {
      work: {
        mon: [
          ['09:00', '10:00'],
          ['11:00', '12:00'],
        ],
      },
    };
    const text = show(input({ hours, tasks: [{ ...report, durationMinutes: 120, splittable: false }] }));
    expect(text).toContain(
      'Did not fit\n  Report, 2 h: The longest gap is 1 h, and 2 h at a stretch are needed.',
    );
    expect(text).toContain('0 blocks, 0 min: 0 new, 0 moved, 0 gone, 2 h did not fit.');
  });

  it('of a habit is shown by day', () => {
    const habits = [{ id: 'h1', title: 'Run', rrule: 'FREQ=DAILY', durationMinutes: 45, hours: 'work' }];
    expect(show(input({ habits }))).toContain('  Run on Tue 6 Jan, 45 min: ');
  });

  it('or is late, is flagged with its deadline', () => {
    const text = show(input({ tasks: [{ ...report, deadline: '2026-01-05T08:30:00Z' }] }));
    expect(text).toContain('Late\n  Report, 30 min after its deadline, Mon 5 Jan 09:30');
  });
});

it('warns of what the user has put over something else', () => {
  const start = '2026-01-05T09:00:00Z';
  const end = '2026-01-05T10:00:00Z';
  const current = [{ id: 'b1', kind: 'task', refId: 't1', start, end, pinned: true }];
  const text = show(input({ tasks: [report], current, busy: [[start, end]] }));
  expect(text).toContain('  10:00–11:00  Report  pinned');
  expect(text).toContain('Worth a look\n  Report, Mon 5 Jan 10:00–11:00, is pinned over an event.');
});

it('says how much of what can be on time is, and never rounds up to all of it', () => {
  const given = input({ tasks: [report] });
  const planned = plan(given);
  const share = (onTime: number, ceiling: number) => {
    const changed: Plan = { ...planned, objective: { ...planned.objective, onTime, ceiling } };
    return /on time, (\d+) % is/.exec(renderPlan(changed, { input: given, color: false }))?.[1];
  };
  expect(share(999, 1_000)).toBe('99');
  expect(share(1_000, 1_000)).toBe('100');
  expect(share(0, 0)).toBeUndefined();
});

it('uses colour on request', () => {
  const given = input({ tasks: [report] });
  expect(show(given)).not.toContain('\u001B[');
  expect(show(given, { color: true })).toContain('\u001B[36mReport\u001B[39m');
});
