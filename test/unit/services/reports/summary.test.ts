import { describe, expect, it } from 'vitest';
import { reportHtml } from '../../../../services/reports/report-html.ts';
import { reportText } from '../../../../services/reports/report-text.ts';
import { summaryReport } from '../../../../services/reports/summary-lines.ts';
import { makeSummary, type SummaryEvent } from '../../../../services/reports/summary.ts';
import { isoWeekSchema, requireMonday, weekOf } from '../../../../services/reports/iso-week.ts';
import { summaryWeek } from './summary-week.ts';

const HOUR = 3_600_000;
const on = (day: number, time: string) => `2026-01-0${day}T${time}:00Z`;
const ms = (day: number, time: string) => Date.parse(on(day, time));
const week = (data: Parameters<typeof summaryWeek>[0] = {}) => makeSummary(summaryWeek(data));

describe('the meetings of a week', () => {
  const own = { self: true };
  const [start, end] = [on(5, '09:00'), on(5, '10:00')];
  const meetingMinutes = (event: Partial<SummaryEvent>) =>
    week({ events: [{ start, end, ...event }] }).meetingMinutes;

  it('have other guests, hidden ones included', () => {
    expect(meetingMinutes({ attendees: [own, { email: 'grace@example.com' }] })).toBe(60);
    expect(meetingMinutes({ attendees: [own], attendeesOmitted: true })).toBe(60);
    expect(meetingMinutes({ attendees: [own], organizer: { email: 'grace@example.com' } })).toBe(60);
  });

  it('are no events of the owner alone, or with a room', () => {
    expect(meetingMinutes({})).toBe(0);
    expect(meetingMinutes({ attendees: [own, { resource: true }], organizer: own })).toBe(0);
    expect(meetingMinutes({ organizer: { email: 'team@group.calendar.google.com' } })).toBe(0);
  });

  it('are unknown where guests are not kept, but busy time is not', () => {
    expect(week({ events: [{ start, end }], keepsGuests: false })).toMatchObject({
      meetingMinutes: null,
      busyMinutes: 60,
    });
  });

  it('are unknown like busy time and focus time where the mirror lacks days of the week', () => {
    expect(week({ events: null })).toMatchObject({
      meetingMinutes: null,
      busyMinutes: null,
      focusMinutes: null,
    });
  });
});

describe('the focus time of a week', () => {
  const workHours = [{ start: ms(5, '09:00'), end: ms(5, '13:00') }];

  it('consists of free stretches of an hour at least', () => {
    const events = [
      { start: on(5, '09:30'), end: on(5, '10:30') },
      { start: on(5, '10:00'), end: on(5, '11:00') },
      { start: on(5, '12:00'), end: on(5, '12:01') },
    ];
    expect(week({ workHours, events })).toMatchObject({
      workMinutes: 240,
      busyMinutes: 91,
      focusMinutes: 60,
    });
  });

  it('ends where an all-day event takes up the day, from midnight in the zone', () => {
    const events = [{ start: '2026-01-05', end: '2026-01-06' }];
    expect(week({ workHours, events })).toMatchObject({ busyMinutes: 24 * 60, focusMinutes: 0 });
  });
});

describe('the plan of a week', () => {
  const planned = { start: ms(5, '09:00'), end: ms(5, '10:00') };
  const block = { ...planned, status: 'written' as const, planned };
  const now = ms(6, '00:00');
  const planOf = (...blocks: NonNullable<Parameters<typeof summaryWeek>[0]>['blocks'] & object) =>
    week({ blocks, now }).plan;

  it('is kept by a block that is over where it was planned', () => {
    expect(planOf(block)).toEqual({ placed: 1, kept: 1, moved: 0, missed: 0, ahead: 0 });
  });

  it('is changed by people who move, resize and delete', () => {
    const moved = { ...block, start: planned.start + HOUR, end: planned.end + HOUR };
    const resized = { ...block, end: planned.end + HOUR };
    const deleted = { ...block, status: 'declined' as const };
    expect(planOf(moved, resized, deleted)).toEqual({ placed: 3, kept: 0, moved: 2, missed: 1, ahead: 0 });
  });

  it('has blocks ahead, but none that Almanac takes back', () => {
    const later = { start: now + HOUR, end: now + 2 * HOUR };
    const ahead = { ...block, ...later, planned: later };
    expect(planOf(ahead, { ...ahead, status: 'released' })).toMatchObject({ placed: 1, ahead: 1 });
  });
});

describe('a summary', () => {
  const summary = week({
    events: [{ start: on(5, '09:00'), end: on(5, '10:30') }],
    keepsGuests: false,
    workHours: [{ start: ms(5, '09:00'), end: ms(5, '17:00') }],
    blocks: [{ start: 0, end: 1, status: 'written', planned: { start: 0, end: 1 } }],
    habits: [
      {
        id: 'run',
        title: '<Run>',
        wanted: ['2026-01-05', '2026-01-06', '2026-01-07'],
        skipped: ['2026-01-07'],
        done: ['2026-01-05', '2026-01-05'],
      },
    ],
  });

  it('is written as text', () => {
    expect(reportText(summaryReport(summary))).toBe(`2026-W02, Europe/Berlin

Time
  Meetings: unknown, because guests of some events are not kept
  Busy: 1 h 30 min
  Focus time: 6 h 30 min
  Working hours: 8 h

Planned blocks
  1 placed
  1 kept
  0 moved by people
  0 deleted by people

Habits
  <Run>: 1 of 3 (1 skipped)
`);
  });

  it('is HTML in which no title is markup', () => {
    expect(reportHtml(summaryReport(summary))).toContain('<li>&lt;Run&gt;: 1 of 3 (1 skipped)</li>');
  });
});

describe('an ISO week', () => {
  it('begins with its Monday, also in another year', () => {
    expect(requireMonday('2026-W01').toString()).toBe('2025-12-29');
    expect(requireMonday('2020-W53').toString()).toBe('2020-12-28');
    expect(weekOf(requireMonday('2026-W48'))).toBe('2026-W48');
  });

  it.each(['2026-W00', '2026-W54', '2021-W53', '2026-48', '0000-W01', '9999-W01', '2026-W48x'])(
    'is not %s',
    (text) => expect(isoWeekSchema.safeParse(text).success).toBe(false),
  );
});
