import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/index.js';
import type { GoogleEvent } from '../../calendar/google-event.ts';
import { definedOnly } from '../defined-only.ts';
import type { EventChanges, NewEvent } from './event-input.ts';

/** Content of an event in Google's form. In a patch, null removes a field. */
export type Content = calendar_v3.Schema$Event;

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Private property in which a change leaves its write and step, so that a write whose answer was lost is
 * recognised in the event, and is not made again.
 */
const WRITE_MARK = 'almanacWrite';

/** A time in Google's form. In a patch, the other form has to be removed. */
export function googleTime(time: string, timeZone: string): calendar_v3.Schema$EventDateTime {
  return DATE.test(time)
    ? { date: time, dateTime: null, timeZone: null }
    : { date: null, dateTime: time, timeZone };
}

type Written = NewEvent | EventChanges;

/**
 * The fields of a write in Google's form: those that the caller gave.
 * @param defaultTimeZone zone of times without one
 * @param requestId makes a repeated request for a conference the same one
 */
export function contentOf(write: Written, defaultTimeZone: string, requestId: string): Content {
  const { title, start, end, timeZone = defaultTimeZone, conference } = write;
  const { description, location, recurrence, colorId, visibility, transparency, status, reminders } = write;
  const { extendedProperties, guestsCanInviteOthers, guestsCanModify, guestsCanSeeOtherGuests } = write;
  return definedOnly<object>({
    summary: title,
    description,
    location,
    start: start && googleTime(start, timeZone),
    end: end && googleTime(end, timeZone),
    recurrence,
    attendees: write.attendees,
    colorId,
    visibility,
    transparency,
    status,
    reminders: reminders && { useDefault: reminders.useDefault, overrides: reminders.overrides ?? [] },
    extendedProperties,
    guestsCanInviteOthers,
    guestsCanModify,
    guestsCanSeeOtherGuests,
    conferenceData: conference === undefined ? undefined : conferenceOf(conference, requestId),
  });
}

function conferenceOf(wanted: boolean, requestId: string) {
  if (!wanted) return null;
  return { createRequest: { requestId, conferenceSolutionKey: { type: 'hangoutsMeet' } } };
}

const addressOf = ({ email }: Record<string, unknown>) =>
  typeof email === 'string' ? email.toLowerCase() : '';

/** Guests as the caller gave them, with what the event says about those who stay: above all their answers. */
export function keepAnswers(
  attendees: NonNullable<Written['attendees']>,
  { attendees: present }: GoogleEvent,
): Content['attendees'] {
  const byEmail = new Map((present ?? []).map((guest) => [addressOf(guest), guest]));
  return attendees.map((guest) => ({ ...byEmail.get(guest.email), ...guest }));
}

/** Marks a change as made by a step of a write. */
export function marked(content: Content, mark: string): Content {
  const { extendedProperties } = content;
  return {
    ...content,
    extendedProperties: {
      ...extendedProperties,
      private: { ...extendedProperties?.private, [WRITE_MARK]: mark },
    },
  };
}

/** Whether the last change that Almanac made to an event is this one. */
export function isMarked({ extendedProperties }: GoogleEvent, mark: string): boolean {
  return extendedProperties?.private?.[WRITE_MARK] === mark;
}
