import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { expect, it } from 'vitest';
import { workHoursWithin } from '../../../../services/availability/work-hours.ts';
import { makeSummary, type SummaryEvent } from '../../../../services/reports/summary.ts';
import { summaryWeek } from './summary-week.ts';

const MINUTE = 60_000;
const HOURS = { from: 9, until: 17 };

/** Weeks in which clocks go forward, go back, and do neither. */
const anyWeek = fc.constantFrom(
  { timeZone: 'Europe/Berlin', from: '2026-03-23' },
  { timeZone: 'Europe/Berlin', from: '2026-10-19' },
  { timeZone: 'America/New_York', from: '2026-03-02' },
  { timeZone: 'Australia/Lord_Howe', from: '2026-03-30' },
  { timeZone: 'Asia/Tokyo', from: '2026-01-05' },
);
const anyEvent = fc.record({
  day: fc.integer({ min: -2, max: 8 }),
  minute: fc.integer({ min: 0, max: 1_439 }),
  length: fc.integer({ min: 1, max: 400 }),
  days: fc.option(fc.integer({ min: 1, max: 2 })),
  hasGuests: fc.boolean(),
});

it('counts every minute of a week as its clock shows it', () => {
  fc.assert(
    fc.property(anyWeek, fc.array(anyEvent, { maxLength: 12 }), ({ timeZone, from }, drawn) => {
      const monday = Temporal.PlainDate.from(from);
      const events = drawn.map(({ day, minute, length, days, hasGuests }): SummaryEvent => {
        const date = monday.add({ days: day });
        const guests = hasGuests ? { attendees: [{ email: 'grace@example.com' }] } : {};
        if (days !== null) return { start: date.toString(), end: date.add({ days }).toString(), ...guests };
        const start = date.toZonedDateTime(timeZone).toInstant().add({ minutes: minute });
        return { start: start.toString(), end: start.add({ minutes: length }).toString(), ...guests };
      });
      const week = summaryWeek({ timeZone, from, events });
      const workHours = workHoursWithin([week.span])({ timeZone, hours: [] });
      const { busyMinutes, meetingMinutes, workMinutes, focusMinutes } = makeSummary({ ...week, workHours });
      expect({ busyMinutes, meetingMinutes, workMinutes, focusMinutes }).toEqual(
        countMinutes(events, monday, timeZone),
      );
    }),
    { numRuns: 100 },
  );
});

interface LocalMinute {
  at: number;
  date: string;
  isWork: boolean;
}

const localMinutes = new Map<string, LocalMinute[]>();

/** Every minute of a week with the date and the clock of the zone. */
function minutesOf(monday: Temporal.PlainDate, timeZone: string): LocalMinute[] {
  const key = `${monday.toString()} ${timeZone}`;
  const known = localMinutes.get(key);
  if (known) return known;
  const minutes: LocalMinute[] = [];
  const sunday = monday.add({ days: 6 }).toString();
  for (let at = monday.toZonedDateTime(timeZone).epochMilliseconds; ; at += MINUTE) {
    const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
    const date = local.toPlainDate().toString();
    if (date > sunday) break;
    const isWork = local.dayOfWeek <= 5 && local.hour >= HOURS.from && local.hour < HOURS.until;
    minutes.push({ at, date, isWork });
  }
  localMinutes.set(key, minutes);
  return minutes;
}

/** Asks each minute of the week what it is. Knows no interval arithmetic. */
function countMinutes(events: readonly SummaryEvent[], monday: Temporal.PlainDate, timeZone: string) {
  const counts = { busyMinutes: 0, meetingMinutes: 0, workMinutes: 0, focusMinutes: 0 };
  const known = events.map(({ start = '', end = '', attendees }) => ({
    start,
    end,
    isMeeting: attendees !== undefined,
    span: start.includes('T') ? [Date.parse(start), Date.parse(end)] : null,
  }));
  let stretch = 0;
  const endStretch = () => {
    if (stretch >= 60) counts.focusMinutes += stretch;
    stretch = 0;
  };
  for (const { at, date, isWork } of minutesOf(monday, timeZone)) {
    const taking = known.filter(({ start, end, span }) =>
      span === null ? start <= date && date < end : span[0]! <= at && at < span[1]!,
    );
    if (taking.length > 0) counts.busyMinutes += 1;
    if (taking.some(({ isMeeting }) => isMeeting)) counts.meetingMinutes += 1;
    if (isWork) counts.workMinutes += 1;
    if (isWork && taking.length === 0) stretch += 1;
    else endStretch();
  }
  endStretch();
  return counts;
}
