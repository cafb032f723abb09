import { GoogleError, invalidBody } from '../http/google-error.ts';
import type { Attendee, EventFields } from '../state/types.ts';
import type { EventContext } from './event-context.ts';
import { conferenceOf } from './conference.ts';
import { normalizeRecurrence } from './normalize-recurrence.ts';
import { checkTimeRange, normalizeTime } from './normalize-time.ts';
import { fieldsOf } from '../http/request-parts.ts';

/** An unchecked body of insert, update or patch. */
export type EventInput = Record<string, unknown>;

const PLAIN_FIELDS = [
  'summary',
  'description',
  'location',
  'colorId',
  'transparency',
  'visibility',
  'source',
  'reminders',
  'guestsCanInviteOthers',
  'guestsCanModify',
  'guestsCanSeeOtherGuests',
  'anyoneCanAddSelf',
  'attachments',
  'workingLocationProperties',
  'outOfOfficeProperties',
  'focusTimeProperties',
  'birthdayProperties',
  'attendeesOmitted',
] as const;
/** Default values, which Google omits from its answers. */
const DEFAULTS: Record<string, unknown> = {
  transparency: 'opaque',
  visibility: 'default',
  guestsCanInviteOthers: true,
  guestsCanModify: false,
  guestsCanSeeOtherGuests: true,
  anyoneCanAddSelf: false,
  attendeesOmitted: false,
};
const CHOICES: Record<string, readonly string[]> = {
  transparency: ['opaque', 'transparent'],
  visibility: ['default', 'public', 'private', 'confidential'],
  eventType: ['birthday', 'default', 'focusTime', 'fromGmail', 'outOfOffice', 'workingLocation'],
  status: ['confirmed', 'tentative', 'cancelled'],
};
const MAX_PROPERTIES = 300;
const MAX_PROPERTY_KEY = 44;
const MAX_PROPERTY_VALUE = 1024;

/**
 * The fields that a client may set, validated, in the form of Google's answers.
 * @param former the event before a change
 */
export function normalizeEvent(
  context: EventContext,
  input: EventInput,
  {
    conferenceDataVersion = 0,
    former,
  }: { conferenceDataVersion?: number | undefined; former?: EventFields } = {},
): EventFields {
  const zone = context.store.timeZone;
  for (const [field, allowed] of Object.entries(CHOICES)) {
    const value = input[field];
    if (value !== undefined && value !== null && !(typeof value === 'string' && allowed.includes(value))) {
      throw invalidBody(`Invalid value for: ${field}`);
    }
  }
  const recurrence = normalizeRecurrence(input['recurrence']);
  const start = normalizeTime(input['start'], 'start', zone, recurrence !== undefined);
  const end = normalizeTime(input['end'], 'end', zone, recurrence !== undefined);
  checkTimeRange(start, end);
  const eventType = typeof input['eventType'] === 'string' ? input['eventType'] : 'default';
  const attendees = normalizeAttendees(input['attendees'], context.store.meta.id);
  const extendedProperties = normalizeProperties(input['extendedProperties'], eventType);

  const plain: Record<string, unknown> = {};
  for (const field of PLAIN_FIELDS) {
    const value = input[field];
    if (value !== undefined && value !== null && value !== DEFAULTS[field]) plain[field] = value;
  }
  plain['reminders'] ??= { useDefault: true };
  // Google ignores the field without version 1, so a conference stays as it is.
  const conference =
    conferenceDataVersion === 1
      ? conferenceOf(context.state, input['conferenceData'], former)
      : conferenceOf(context.state, former?.['conferenceData'], former);
  return {
    ...plain,
    ...conference,
    status: statusOf(input['status']),
    start,
    end,
    ...(recurrence && { recurrence }),
    ...(attendees && { attendees }),
    ...(extendedProperties && { extendedProperties }),
    eventType,
  };
}

function statusOf(input: unknown): EventFields['status'] {
  return input === 'tentative' || input === 'cancelled' ? input : 'confirmed';
}

function normalizeAttendees(input: unknown, calendarId: string): Attendee[] | undefined {
  if (!Array.isArray(input) || input.length === 0) return undefined;
  return input.map((row) => {
    const { email, self: _self, ...rest } = fieldsOf(row);
    if (typeof email !== 'string' || !/^[^@\s]+@[^@\s]+$/.test(email)) {
      throw invalidBody('Invalid attendee email.');
    }
    return {
      responseStatus: 'needsAction',
      ...rest,
      email,
      ...(email === calendarId && { self: true }),
    };
  });
}

function normalizeProperties(input: unknown, eventType: string): EventFields['extendedProperties'] {
  const kept: Record<string, Record<string, string>> = {};
  for (const side of ['private', 'shared'] as const) {
    const properties = Object.entries(fieldsOf(fieldsOf(input)[side])).filter(([, value]) => value !== null);
    if (properties.length === 0) continue;
    if (eventType === 'birthday' && side === 'private') {
      throw invalidBody(
        "'birthday' event type must not have private extended properties.",
        'eventTypeRestriction',
      );
    }
    if (
      properties.length > MAX_PROPERTIES ||
      properties.some(
        ([key, value]) => key.length > MAX_PROPERTY_KEY || String(value).length > MAX_PROPERTY_VALUE,
      )
    ) {
      throw new GoogleError(400, {
        domain: 'calendar',
        reason: 'extendedPropertiesLimitExceeded',
        message: 'Extended properties exceed the size limits.',
      });
    }
    kept[side] = Object.fromEntries(properties.map(([key, value]) => [key, String(value)]));
  }
  return Object.keys(kept).length > 0 ? kept : undefined;
}
