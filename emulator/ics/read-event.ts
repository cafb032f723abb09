import ICAL from 'ical.js';
import type { EventInput } from '../events/normalize-event.ts';
import { normalizeRecurrence } from '../events/normalize-recurrence.ts';
import { eventTimeMs, msToDate } from '../recurrence/event-time.ts';
import type { EventTime } from '../state/types.ts';
import { readMoment, type ZoneFinder } from './read-moment.ts';

const DAY_MS = 86_400_000;
const PARTSTAT: Record<string, string> = {
  ACCEPTED: 'accepted',
  DECLINED: 'declined',
  TENTATIVE: 'tentative',
  'NEEDS-ACTION': 'needsAction',
};
const RECURRENCE_PROPERTIES = ['rrule', 'exrule', 'rdate', 'exdate'];

/** A VEVENT in the API's format. */
export interface ReadEvent {
  uid: string;
  cancelled: boolean;
  /** Which occurrence an exception replaces. */
  recurrenceId: EventTime | undefined;
  input: EventInput;
}

/** Reads one VEVENT; undefined if it has no usable start. */
export function readEvent(
  component: ICAL.Component,
  findZone: ZoneFinder,
  floatingZone: string,
): ReadEvent | undefined {
  const moment = (name: string) => readMoment(component.getFirstProperty(name), findZone, floatingZone);
  const text = (name: string) => {
    const value = component.getFirstPropertyValue(name);
    return value === null || value === '' ? undefined : String(value);
  };
  const start = moment('dtstart');
  if (!start) return undefined;
  const status = text('status')?.toUpperCase();
  const visibility = { PRIVATE: 'private', CONFIDENTIAL: 'confidential', PUBLIC: 'public' }[
    text('class') ?? ''
  ];
  const attendees = component.getAllProperties('attendee').flatMap(readAttendee);
  const recurrence = readRecurrence(component, findZone);
  return {
    uid: text('uid') ?? `${text('summary') ?? 'event'}-${start.date ?? start.dateTime}@unknown`,
    cancelled: status === 'CANCELLED',
    recurrenceId: moment('recurrence-id'),
    input: {
      summary: text('summary'),
      description: text('description'),
      location: text('location'),
      start,
      end: readEnd(component, start, moment('dtend')),
      status: status === 'TENTATIVE' ? 'tentative' : 'confirmed',
      transparency: text('transp')?.toUpperCase() === 'TRANSPARENT' ? 'transparent' : 'opaque',
      visibility,
      ...(attendees.length > 0 && { attendees }),
      ...(recurrence.length > 0 && { recurrence }),
    },
  };
}

/** DTEND, or DURATION, or what RFC 5545 says for neither: a day for dates, no time at all for date-times. */
function readEnd(component: ICAL.Component, start: EventTime, dtend: EventTime | undefined): EventTime {
  const allDay = start.date !== undefined;
  const startMs = eventTimeMs(start);
  const duration = component.getFirstPropertyValue('duration');
  let endMs = duration instanceof ICAL.Duration ? startMs + duration.toSeconds() * 1000 : startMs;
  if (dtend && (dtend.date !== undefined) === allDay) endMs = eventTimeMs(dtend);
  if (allDay) return { date: msToDate(Math.max(endMs, startMs + DAY_MS)) };
  const timeZone = dtend?.timeZone ?? start.timeZone;
  return { dateTime: new Date(Math.max(endMs, startMs)).toISOString(), ...(timeZone && { timeZone }) };
}

/** Recurrence lines as Google keeps them, with IANA zones. Rules that Google cannot hold are left out. */
function readRecurrence(component: ICAL.Component, findZone: ZoneFinder): string[] {
  const lines: string[] = [];
  for (const name of RECURRENCE_PROPERTIES) {
    for (const property of component.getAllProperties(name)) {
      const line = property
        .toICALString()
        .replace(/\r?\n[ \t]/g, '')
        .replace(/TZID="?([^:;"]+)"?/i, (_all, tzid: string) => `TZID=${findZone(tzid) ?? tzid}`);
      if (isUsable(line)) lines.push(line);
    }
  }
  return lines;
}

function isUsable(line: string): boolean {
  try {
    return normalizeRecurrence([line]) !== undefined;
  } catch {
    return false;
  }
}

function readAttendee(property: ICAL.Property) {
  const email = /^mailto:([^@\s]+@[^@\s]+)$/i.exec(String(property.getFirstValue()))?.[1];
  if (!email) return [];
  const displayName = property.getFirstParameter('cn');
  const responseStatus = PARTSTAT[(property.getFirstParameter('partstat') ?? '').toUpperCase()];
  return [{ email, ...(displayName && { displayName }), ...(responseStatus && { responseStatus }) }];
}
