import * as fc from 'fast-check';
import { parsePlanInput, type PlanInput } from '../../../scheduling/index.ts';
import { arbitrarySpan, instantsOf } from './arbitrary-span.ts';
import { arbitraryCurrent, arbitraryHabits, arbitraryTasks } from './arbitrary-work.ts';
import { MINUTE_MS } from './civil-time.ts';

const DAY_MINUTES = 1_440;
const MAX_DAYS = 12;
const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/**
 * Zones beside a date around which their clocks change: at night, at midnight itself, by half an hour, by a
 * day.
 */
const PLACES = [
  ['UTC', '2026-01-05'],
  ['Europe/Berlin', '2026-03-28'],
  ['Europe/Berlin', '2026-10-24'],
  ['America/New_York', '2026-03-07'],
  ['America/New_York', '2026-10-31'],
  ['America/Santiago', '2026-09-05'],
  ['America/Santiago', '2026-04-04'],
  ['Australia/Lord_Howe', '2026-04-04'],
  ['Australia/Lord_Howe', '2026-10-03'],
  ['Asia/Kathmandu', '2026-01-05'],
  ['Pacific/Apia', '2011-12-28'],
  ['Pacific/Apia', '2011-12-22'],
  ['America/St_Johns', '2026-03-07'],
  ['America/St_Johns', '2026-10-31'],
  ['Africa/Casablanca', '2026-02-13'],
  ['Africa/Casablanca', '2026-03-20'],
  ['America/Havana', '2026-03-07'],
  ['America/Havana', '2026-10-31'],
  ['Africa/Cairo', '2026-04-23'],
  ['Africa/Cairo', '2026-10-29'],
  ['Pacific/Chatham', '2026-04-04'],
  ['Pacific/Chatham', '2026-09-26'],
  ['Antarctica/Troll', '2026-03-28'],
  ['Antarctica/Troll', '2026-10-24'],
  ['Asia/Tehran', '2022-03-20'],
  ['Asia/Beirut', '2026-03-28'],
  ['Asia/Kolkata', '2026-06-30'],
  ['Asia/Ho_Chi_Minh', '2026-12-30'],
  ['Australia/Adelaide', '2026-10-03'],
  ['Atlantic/Azores', '2026-03-28'],
  ['Europe/Dublin', '2026-10-24'],
  ['Pacific/Kiritimati', '2026-02-27'],
  ['Pacific/Marquesas', '2024-02-27'],
  ['America/Los_Angeles', '2026-03-02'],
] as const;

/** Usual hours, several blocks that touch or nearly do, whole days, and hours that run over midnight. */
const DAY_HOURS: [string, string][][] = [
  [],
  [['09:00', '17:00']],
  [
    ['09:00', '12:00'],
    ['13:00', '17:00'],
  ],
  [
    ['08:10', '09:25'],
    ['09:25', '11:00'],
    ['10:00', '12:40'],
  ],
  [['00:00', '24:00']],
  [['01:00', '05:00']],
  [['22:00', '03:30']],
  [
    ['00:00', '02:00'],
    ['20:00', '00:00'],
  ],
  [['07:00', '23:00']],
  [['12:00', '12:00']],
  [
    ['09:00', '10:00'],
    ['10:10', '11:10'],
    ['11:30', '12:30'],
  ],
  [['20:00', '02:00']],
  [['22:30', '08:00']],
];

const dayHours = fc.constantFrom(...DAY_HOURS);
const weekHours = fc.oneof(
  dayHours.map((hours) => Object.fromEntries(WEEKDAYS.map((day) => [day, hours]))),
  fc.record(Object.fromEntries(WEEKDAYS.map((day) => [day, dayHours])), { requiredKeys: [] }),
);

const busySpan = fc.oneof(
  { weight: 6, arbitrary: arbitrarySpan(600) },
  { weight: 1, arbitrary: arbitrarySpan(6 * DAY_MINUTES) },
);

/** Hostile little worlds: whatever a calendar, a zone or a user may come up with that the input allows. */
export function arbitraryInput(): fc.Arbitrary<PlanInput> {
  return fc
    .record({
      place: fc.constantFrom(...PLACES),
      nowMinute: fc.oneof(fc.constant(480), fc.integer({ min: 0, max: DAY_MINUTES })),
      days: fc.integer({ min: 7, max: MAX_DAYS }),
      granularityMinutes: fc.constantFrom(15, 5, 10, 30),
      hours: fc.record({ work: weekHours, personal: weekHours, deep: weekHours }),
      busy: fc.array(busySpan, { maxLength: 12 }),
      tasks: arbitraryTasks(8),
      habits: arbitraryHabits(4),
      current: arbitraryCurrent(6),
      everythingPinned: fc.boolean(),
      bufferMinutes: fc.constantFrom(0, 0, 5, 10, 15, 20),
      maxMinutesPerDay: fc.record(
        { work: fc.constantFrom(0, 60, 95, 240), personal: fc.constantFrom(30, 120) },
        { requiredKeys: [] },
      ),
      freezeMinutes: fc.constantFrom(0, 120, 2_000),
      declined: fc.array(fc.record({ of: fc.nat(9), span: arbitrarySpan(300) }), { maxLength: 4 }),
    })
    .map((world) => {
      const [timeZone, date] = world.place;
      const nowMs = Date.parse(date) + world.nowMinute * MINUTE_MS;
      const tasks = world.tasks(nowMs);
      const habits = world.habits(date);
      const work = [...tasks.map(({ id }) => id), ...habits.map(({ id }) => id)];
      return parsePlanInput({
        timeZone,
        now: new Date(nowMs).toISOString(),
        days: world.days,
        granularityMinutes: world.granularityMinutes,
        hours: world.hours,
        busy: world.busy.map((busy) => instantsOf(nowMs, busy)),
        tasks,
        habits,
        current: world.current(nowMs, tasks, habits, world.everythingPinned),
        policy: {
          bufferMinutes: world.bufferMinutes,
          maxMinutesPerDay: world.maxMinutesPerDay,
          freezeMinutes: world.freezeMinutes,
          declined: world.declined.map(({ of, span: declined }) => {
            const [start, end] = instantsOf(nowMs, declined);
            return work[of] === undefined ? [start, end] : { refId: work[of], start, end };
          }),
        },
      });
    });
}
