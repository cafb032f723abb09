import { GoogleError } from '../http/google-error.ts';
import { dateToMs } from '../recurrence/event-time.ts';
import type { EventFields } from '../state/types.ts';

const DAY_MS = 86_400_000;

function refused(reason: string, message: string): GoogleError {
  return new GoogleError(400, { domain: 'calendar', reason, message });
}

function noBirthday(rule: string): GoogleError {
  return refused('eventTypeRestriction', `'birthday' event type ${rule}.`);
}

function noWorkingLocation(rule: string): GoogleError {
  return refused('malformedWorkingLocationEvent', rule);
}

const textOf = (event: EventFields, field: string) => JSON.stringify(event[field] ?? null);

function isOneDay({ start, end }: EventFields): boolean {
  if (start?.date === undefined || end?.date === undefined) return false;
  return dateToMs(end.date) - dateToMs(start.date) === DAY_MS;
}

/** Fields that no birthday has. */
const NOT_ON_BIRTHDAYS = ['description', 'location', 'attendees', 'conferenceData', 'attachments'];
/** Fields of a birthday that come from a contact or from the person's profile, where they are changed. */
const OF_THE_PERSON = ['summary', 'start', 'end', 'recurrence'];

function checkBirthday(next: EventFields, former: EventFields | undefined): void {
  const isSeries = former?.recurringEventId === undefined;
  if (!isOneDay(next)) throw noBirthday('must be an all-day event of one day');
  if (isSeries && !next.recurrence?.some((line) => /FREQ=YEARLY/i.test(line)))
    throw noBirthday('must have an annual recurrence');
  for (const field of NOT_ON_BIRTHDAYS)
    if (next[field] !== undefined) throw noBirthday(`must not have the field ${field}`);
  if (former === undefined) return;
  const properties = former['birthdayProperties'];
  if (JSON.stringify(next['birthdayProperties'] ?? properties) !== JSON.stringify(properties))
    throw noBirthday('must keep its birthdayProperties');
  // Of a contact, or of another type than those that the API makes.
  const isOfPerson = /"contact":|"type":"(?!birthday")/.test(JSON.stringify(properties ?? {}));
  if (isOfPerson && OF_THE_PERSON.some((field) => textOf(former, field) !== textOf(next, field)))
    throw noBirthday('cannot be changed where it belongs to a contact');
}

function checkWorkingLocation(next: EventFields): void {
  if (next.start?.date !== undefined && !isOneDay(next))
    throw noWorkingLocation('An all-day working location event must be exactly one day long.');
  if (next['workingLocationProperties'] === undefined)
    throw noWorkingLocation('A working location event must have working location properties.');
  if (next.transparency !== 'transparent' || next.visibility !== 'public')
    throw noWorkingLocation('A working location event must be transparent and public.');
  if (next.attendees !== undefined)
    throw noWorkingLocation('A working location event must not have attendees.');
}

/** Refuses what an event of its type cannot be, or become. */
export function checkEventType(next: EventFields, former?: EventFields): void {
  if (next.eventType === 'birthday') checkBirthday(next, former);
  if (next.eventType === 'workingLocation') checkWorkingLocation(next);
}
