import ICAL from 'ical.js';

/** One occurrence of a feed. Texts are null where the feed does not show them. */
export interface FeedOccurrence {
  /** UUID of the occurrence, which stays the same when it is moved. */
  id: string;
  title: string | null;
  location: string | null;
  description: string | null;
  status: 'confirmed' | 'tentative';
  busy: boolean;
  allDay: boolean;
  startAt: Date | null;
  endAt: Date | null;
  /** `2026-01-05`. */
  startDate: string | null;
  endDate: string | null;
  /** When the mirror last wrote its event. */
  changedAt: Date;
}

const PRODUCT = '-//Almanac//Almanac//EN';
/** Domain of the UIDs; RFC 7986 asks for globally unique ones, which the UUIDs are. */
const UID_DOMAIN = 'almanac';
/** How often calendar programs may read the feed again. */
const REFRESH = 'PT15M';
/** Title of occurrences whose title is not shown. */
const BUSY_TITLE = 'Busy';
const FREE_TITLE = 'Free';

const toUtc = (at: Date) => ICAL.Time.fromJSDate(at, true);

function addTime(event: ICAL.Component, name: string, at: Date | null, date: string | null): void {
  if (date !== null) event.addPropertyWithValue(name, ICAL.Time.fromDateString(date));
  else if (at !== null) event.addPropertyWithValue(name, toUtc(at));
}

function toEvent(occurrence: FeedOccurrence, isFull: boolean): ICAL.Component {
  const { id, title, location, description, status, busy, changedAt } = occurrence;
  const event = new ICAL.Component('vevent');
  event.addPropertyWithValue('uid', `${id}@${UID_DOMAIN}`);
  // In a published event it is the time of the last revision (RFC 5545 3.8.7.2), so an unchanged feed has the
  // same bytes.
  event.addPropertyWithValue('dtstamp', toUtc(changedAt));
  addTime(event, 'dtstart', occurrence.startAt, occurrence.startDate);
  addTime(event, 'dtend', occurrence.endAt, occurrence.endDate);
  event.addPropertyWithValue('summary', title ?? (busy ? BUSY_TITLE : FREE_TITLE));
  if (location !== null && location !== '') event.addPropertyWithValue('location', location);
  if (description !== null && description !== '') event.addPropertyWithValue('description', description);
  if (isFull) event.addPropertyWithValue('status', status.toUpperCase());
  event.addPropertyWithValue('transp', busy ? 'OPAQUE' : 'TRANSPARENT');
  return event;
}

/** A calendar as iCalendar text (RFC 5545, RFC 7986). Equal content gives equal text. */
export function writeICalendar(
  { name, isFull, isCut }: { name: string; isFull: boolean; isCut: boolean },
  occurrences: readonly FeedOccurrence[],
): string {
  const calendar = new ICAL.Component('vcalendar');
  calendar.addPropertyWithValue('version', '2.0');
  calendar.addPropertyWithValue('prodid', PRODUCT);
  calendar.addPropertyWithValue('name', name);
  calendar.addPropertyWithValue('x-wr-calname', name);
  if (isCut) calendar.addPropertyWithValue('description', 'Later events are left out: the feed is full.');
  const refresh = calendar.addPropertyWithValue('refresh-interval', ICAL.Duration.fromString(REFRESH));
  refresh.setParameter('value', 'DURATION');
  calendar.addPropertyWithValue('x-published-ttl', REFRESH);
  for (const occurrence of occurrences) calendar.addSubcomponent(toEvent(occurrence, isFull));
  return `${calendar.toString()}\r\n`;
}
