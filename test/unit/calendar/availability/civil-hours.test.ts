import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { civilHours, type ClockSpan } from '../../../../calendar/availability/civil-hours.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'America/Santiago',
];
/** Days around changes of clocks in one of the zones, and an ordinary one. */
const DAYS = [
  '2026-03-08',
  '2026-03-29',
  '2026-04-05',
  '2026-09-06',
  '2026-10-04',
  '2026-10-25',
  '2026-11-01',
  '2026-06-10',
];

const formats = new Map<string, Intl.DateTimeFormat>();

/** Local date and minute of the day, read off the platform's own wall clock. */
function wallClock(timeZone: string, instant: number): { date: string; weekday: number; minute: number } {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('en-CA', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    });
  formats.set(timeZone, format);
  const parts = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]));
  const date = `${parts['year']}-${parts['month']}-${parts['day']}`;
  return {
    date,
    weekday: (new Date(date).getUTCDay() + 6) % 7,
    minute: Number(parts['hour']) * 60 + Number(parts['minute']),
  };
}

const clocks = new Map<string, ReturnType<typeof readClock>>();

function readClock(timeZone: string, start: number, end: number) {
  return Array.from({ length: (end - start + 4 * DAY) / MINUTE }, (_, index) => {
    const at = start - 2 * DAY + index * MINUTE;
    return { at, ...wallClock(timeZone, at) };
  });
}

/** Minutes of a few days that are open, found by looking at the clock of each. */
function openMinutes(hours: ClockSpan[][], timeZone: string, start: number, end: number): number[] {
  const key = `${timeZone} ${start}`;
  const clock = clocks.get(key) ?? readClock(timeZone, start, end);
  clocks.set(key, clock);
  const dates = [...new Set(clock.map(({ date }) => date))];
  /** First minute at which the clock shows it; if it is skipped, as long after the jump as it is after the gap's begin. */
  const showing = (date: string, minute: number): number | undefined => {
    if (minute === 1_440) {
      const next = dates[dates.indexOf(date) + 1];
      return next === undefined ? undefined : showing(next, 0);
    }
    const shown = clock.find((one) => one.date === date && one.minute === minute);
    if (shown !== undefined) return shown.at;
    const after = clock.find((one) => one.date === date && one.minute > minute);
    const gap = clock.findIndex((one) => one === after);
    const before = clock[gap - 1];
    if (after === undefined || before === undefined) return undefined;
    return after.at + (minute - (before.date === date ? before.minute + 1 : 0)) * MINUTE;
  };
  const open = new Set<number>();
  dates.forEach((date, index) => {
    for (const { from, until } of hours[(new Date(date).getUTCDay() + 6) % 7]!) {
      const begin = showing(date, from);
      const finish = until > from ? showing(date, until) : showing(dates[index + 1] ?? '', until);
      if (begin === undefined || finish === undefined) continue;
      for (let at = begin; at < finish; at += MINUTE) open.add(at);
    }
  });
  return [...open].filter((at) => at >= start && at < end).toSorted((a, b) => a - b);
}

const span = fc.record({
  from: fc.integer({ min: 0, max: 47 }).map((halves) => halves * 30),
  until: fc.integer({ min: 0, max: 48 }).map((halves) => halves * 30),
});

describe('civilHours', () => {
  it('are the minutes at which the clock of the zone shows them, over changes of clocks too', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.constantFrom(...DAYS),
        fc.array(fc.array(span, { maxLength: 2 }), { minLength: 7, maxLength: 7 }),
        (timeZone, day, hours) => {
          const start = Date.parse(day) - DAY / 2;
          const end = start + 2 * DAY;
          const minutes = civilHours(hours, timeZone, { start, end }).flatMap((open) =>
            Array.from(
              { length: (open.end - open.start) / MINUTE },
              (_, index) => open.start + index * MINUTE,
            ),
          );
          expect(minutes).toEqual(openMinutes(hours, timeZone, start, end));
        },
      ),
      { numRuns: 120 },
    );
  });

  it('has none on a date that its zone skipped', () => {
    const friday = [[], [], [], [], [{ from: 540, until: 1_020 }], [], []];
    const week = { start: Date.parse('2011-12-29T00:00:00Z'), end: Date.parse('2012-01-02T00:00:00Z') };
    expect(civilHours(friday, 'Pacific/Apia', week)).toEqual([]);
  });
});
