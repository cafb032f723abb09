import { createHash } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import type { EventBody } from '../../emulator/admin.ts';
import type { SampleContent } from './sample-workspaces.ts';

/** Range of the sample events, in days around today. */
const DAYS_BEFORE = 60;
const DAYS_AFTER = 120;

/** A recurring sample event. */
interface SeriesPlan {
  key: string;
  summary: string;
  rule: string;
  /** Weekday of the first occurrence; default Monday. */
  firstWeekday?: number;
  at: string;
  minutes: number;
  transparent?: boolean;
}

interface SinglePlan {
  summary: string;
  at: string;
  minutes: number;
}

const MONDAY = 1;
const TUESDAY = 2;
const THURSDAY = 4;
const FRIDAY = 5;

const SERIES: Record<SampleContent, SeriesPlan[]> = {
  personal: [
    {
      key: 'focus',
      summary: 'Focus time',
      rule: 'FREQ=WEEKLY;BYDAY=TU,TH',
      firstWeekday: TUESDAY,
      at: '09:00',
      minutes: 120,
    },
    {
      key: 'lunch',
      summary: 'Lunch',
      rule: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR',
      firstWeekday: MONDAY,
      at: '12:30',
      minutes: 45,
      transparent: true,
    },
    {
      key: 'oneonone',
      summary: '1:1 with manager',
      rule: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=TH',
      firstWeekday: THURSDAY,
      at: '15:00',
      minutes: 30,
    },
  ],
  team: [
    {
      key: 'standup',
      summary: 'Daily stand-up',
      rule: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR',
      firstWeekday: MONDAY,
      at: '09:45',
      minutes: 15,
    },
    {
      key: 'planning',
      summary: 'Sprint planning',
      rule: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO',
      firstWeekday: MONDAY,
      at: '10:30',
      minutes: 90,
    },
    {
      key: 'retro',
      summary: 'Retrospective',
      rule: 'FREQ=MONTHLY;BYDAY=-1FR',
      firstWeekday: FRIDAY,
      at: '16:00',
      minutes: 60,
    },
  ],
  absences: [],
  events: [
    {
      key: 'allhands',
      summary: 'All-hands',
      rule: 'FREQ=MONTHLY;BYDAY=2TU',
      firstWeekday: TUESDAY,
      at: '14:00',
      minutes: 60,
    },
  ],
};

const SINGLES: Record<SampleContent, SinglePlan[]> = {
  personal: [
    { summary: 'Dentist', at: '08:15', minutes: 45 },
    { summary: 'Interview: backend engineer', at: '11:00', minutes: 60 },
    { summary: 'Call with the auditors', at: '13:30', minutes: 30 },
    { summary: 'Parents’ evening', at: '18:30', minutes: 90 },
    { summary: 'Contract review', at: '10:00', minutes: 45 },
  ],
  team: [
    { summary: 'Incident review', at: '11:00', minutes: 60 },
    { summary: 'Architecture: storage', at: '14:00', minutes: 90 },
    { summary: 'Customer demo', at: '16:00', minutes: 45 },
    { summary: 'Load test', at: '07:00', minutes: 120 },
  ],
  absences: [],
  events: [
    { summary: 'Visit of the Lisbon office', at: '10:00', minutes: 180 },
    { summary: 'Fire drill', at: '11:30', minutes: 20 },
    { summary: 'Summer party', at: '17:00', minutes: 300 },
  ],
};

/** All-day events. Free, as Google's web page creates them, unless `busy`. */
const ALL_DAY: Record<SampleContent, { summary: string; days: number; busy?: boolean }[]> = {
  personal: [{ summary: 'Moving house', days: 1, busy: true }],
  team: [{ summary: 'Release freeze', days: 4 }],
  absences: [
    { summary: 'Paula: vacation', days: 10 },
    { summary: 'Marek: parental leave', days: 28 },
    { summary: 'Bank holiday', days: 1 },
    { summary: 'Ines: conference', days: 3 },
  ],
  events: [{ summary: 'Trade fair', days: 3 }],
};

/** Days between two single events, and between two all-day events, of a calendar. */
const SINGLE_EVERY_DAYS = 6;
const ALL_DAY_EVERY_DAYS = 24;
const DAYS_A_WEEK = 7;

/** An event ID in base32hex, the form that Google accepts from clients; stable per calendar and event. */
function eventId(calendarId: string, key: string): string {
  return createHash('sha256').update(`${calendarId} ${key}`).digest('hex').slice(0, 26);
}

function timed(day: Temporal.PlainDate, at: string, minutes: number, timeZone: string) {
  const start = day.toPlainDateTime(Temporal.PlainTime.from(at));
  const end = start.add({ minutes });
  const time = (moment: Temporal.PlainDateTime) => ({
    dateTime: moment.toString({ smallestUnit: 'second' }),
    timeZone,
  });
  return { start: time(start), end: time(end) };
}

/** The events of a sample calendar, as API request bodies; the same for the same calendar and day. */
export function sampleEvents(
  calendarId: string,
  content: SampleContent,
  timeZone: string,
  today: Temporal.PlainDate,
): EventBody[] {
  const firstDay = today.subtract({ days: DAYS_BEFORE });
  const event = (key: string, body: EventBody): EventBody => ({ id: eventId(calendarId, key), ...body });

  const series = SERIES[content].map(({ key, summary, rule, firstWeekday = MONDAY, ...plan }) => {
    const day = firstDay.add({ days: (firstWeekday - firstDay.dayOfWeek + DAYS_A_WEEK) % DAYS_A_WEEK });
    return event(key, {
      summary,
      ...timed(day, plan.at, plan.minutes, timeZone),
      recurrence: [`RRULE:${rule}`],
      ...(plan.transparent && { transparency: 'transparent' }),
    });
  });

  const spread = <T>(
    plans: T[],
    everyDays: number,
    make: (plan: T, day: Temporal.PlainDate) => EventBody,
  ) => {
    const bodies: EventBody[] = [];
    for (let days = 0, turn = 0; plans.length > 0 && days < DAYS_BEFORE + DAYS_AFTER; days += everyDays) {
      const plan = plans[turn++ % plans.length];
      if (plan) bodies.push(make(plan, firstDay.add({ days })));
    }
    return bodies;
  };

  const singles = spread(SINGLES[content], SINGLE_EVERY_DAYS, (plan, day) =>
    event(`single ${day.toString()}`, {
      summary: plan.summary,
      ...timed(day, plan.at, plan.minutes, timeZone),
    }),
  );
  const allDay = spread(ALL_DAY[content], ALL_DAY_EVERY_DAYS, (plan, day) =>
    event(`all-day ${day.toString()}`, {
      summary: plan.summary,
      start: { date: day.toString() },
      end: { date: day.add({ days: plan.days }).toString() },
      ...(!plan.busy && { transparency: 'transparent' }),
    }),
  );
  return [...series, ...singles, ...allDay];
}
