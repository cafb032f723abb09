import type { EventInput } from '../events/normalize-event.ts';
import { msToDate } from '../recurrence/event-time.ts';
import { wallToEpochMs } from '../recurrence/zones.ts';
import type { Random } from '../state/random.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Single events lie between these days before and after the middle. */
const SINGLE_SPAN_DAYS = { before: 120, after: 240 };
/** Series start between these days before and after the middle, so that most cross a DST change. */
const SERIES_SPAN_DAYS = { before: 400, after: 60 };

const TITLES = [
  'Planning',
  'Review',
  'Lunch',
  'Interview',
  'Workshop',
  'Call',
  'Dentist',
  'Gym',
  'Demo',
  'Retrospective',
];
const SUBJECTS = ['Atlas', 'Borealis', 'Comet', 'Delta', 'Ember', 'Fjord', 'Garnet', 'Harbour'];
const PLACES = ['Room 1', 'Room 2', 'Online', 'Library', 'Café'];
const PEOPLE = ['ada', 'grace', 'alan', 'edsger', 'barbara', 'donald'].map((name) => `${name}@example.com`);
const RULES = [
  'FREQ=DAILY;COUNT=20',
  'FREQ=DAILY;INTERVAL=3',
  'FREQ=WEEKLY',
  'FREQ=WEEKLY;BYDAY=MO,WE,FR',
  'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;WKST=SU',
  'FREQ=WEEKLY;COUNT=30',
  'FREQ=MONTHLY;BYDAY=2TU',
  'FREQ=MONTHLY;BYDAY=-1FR',
  'FREQ=MONTHLY;BYMONTHDAY=-1',
  'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
  'FREQ=YEARLY',
  'FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU',
];

/** A single event, sometimes of a special kind. */
export function inventSingle(random: Random, aroundMs: number, zone: string, calendarId: string): EventInput {
  const { before, after } = SINGLE_SPAN_DAYS;
  const dayMs = dayOf(aroundMs) + random.integer(-before, after) * DAY_MS;
  return { ...common(random, calendarId), ...times(random, dayMs, zone), ...special(random) };
}

/** A series, sometimes in another zone than the calendar's. */
export function inventSeries(random: Random, aroundMs: number, zone: string, calendarId: string): EventInput {
  const { before, after } = SERIES_SPAN_DAYS;
  const dayMs = dayOf(aroundMs) + random.integer(-before, after) * DAY_MS;
  const ownZone =
    random.next() < 0.1 ? random.pick(['America/New_York', 'Europe/London', 'Asia/Tokyo']) : zone;
  let rule = random.pick(RULES);
  if (!rule.includes('COUNT') && random.next() < 0.3) {
    const until = new Date(dayMs + random.integer(60, 500) * DAY_MS).toISOString().replace(/[-:]|\.\d+/g, '');
    rule += `;UNTIL=${until}`;
  }
  const when = times(random, dayMs, ownZone);
  if ('date' in when.start) rule = rule.replace(/(UNTIL=\d{8})T\d{6}Z/, '$1');
  return { ...common(random, calendarId), ...when, recurrence: [`RRULE:${rule}`] };
}

function times(random: Random, dayMs: number, zone: string) {
  if (random.next() < 0.12) {
    const end = dayMs + random.integer(1, 4) * DAY_MS;
    return { start: { date: msToDate(dayMs) }, end: { date: msToDate(end) } };
  }
  const startMs = wallToEpochMs(zone, dayMs + random.integer(28, 80) * 15 * MINUTE_MS);
  const endMs = startMs + random.integer(1, 12) * 15 * MINUTE_MS;
  return {
    start: { dateTime: new Date(startMs).toISOString(), timeZone: zone },
    end: { dateTime: new Date(endMs).toISOString(), timeZone: zone },
  };
}

function common(random: Random, calendarId: string): EventInput {
  const event: EventInput = { summary: `${random.pick(TITLES)} ${random.pick(SUBJECTS)}` };
  if (random.next() < 0.4) event['location'] = random.pick(PLACES);
  if (random.next() < 0.3) event['description'] = `Notes on ${random.pick(SUBJECTS)}: ${random.id(60)}`;
  if (random.next() < 0.08) event['transparency'] = 'transparent';
  if (random.next() < 0.06) event['visibility'] = 'private';
  if (random.next() < 0.05) event['status'] = 'tentative';
  if (random.next() < 0.15) {
    const responseStatus = random.pick(['accepted', 'accepted', 'tentative', 'needsAction', 'declined']);
    event['attendees'] = [
      { email: random.pick(PEOPLE), responseStatus: 'accepted', organizer: true },
      { email: calendarId, responseStatus },
    ];
  }
  return event;
}

/** Special event types for one event in twelve. */
function special(random: Random): EventInput {
  if (random.next() >= 1 / 12) return {};
  return random.pick<EventInput>([
    { eventType: 'focusTime', focusTimeProperties: { autoDeclineMode: 'declineNone' } },
    { eventType: 'outOfOffice', outOfOfficeProperties: { autoDeclineMode: 'declineNone' } },
    {
      eventType: 'workingLocation',
      transparency: 'transparent',
      visibility: 'public',
      workingLocationProperties: { type: 'homeOffice', homeOffice: {} },
    },
  ]);
}

function dayOf(ms: number): number {
  return ms - (ms % DAY_MS);
}
