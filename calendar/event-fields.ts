import type { EventDetail } from '../contracts/event-details.ts';

/** Fields at every detail, in the order that masks have had since before there was a choice. */
const ALWAYS = [
  'id',
  'status',
  'etag',
  'updated',
  'summary',
  'description',
  'location',
  'start',
  'end',
  'recurrence',
  'recurringEventId',
  'originalStartTime',
  'transparency',
  'visibility',
  'eventType',
];
const ALWAYS_AT_END = ['iCalUID', 'sequence', 'colorId', 'hangoutLink'];

/** Fields that are whole at both larger details. */
const DETAILED = [
  'created',
  'htmlLink',
  'attendeesOmitted',
  'guestsCanInviteOthers',
  'guestsCanModify',
  'guestsCanSeeOtherGuests',
  'anyoneCanAddSelf',
  'birthdayProperties',
  'focusTimeProperties',
  'outOfOfficeProperties',
  'workingLocationProperties',
];

/** Fields that differ. */
const CHOSEN: Readonly<Record<EventDetail, readonly string[]>> = {
  minimal: ['attendees(self,responseStatus)', 'organizer(self)', 'extendedProperties/private'],
  standard: [
    'attendees(self,responseStatus,email,displayName,optional,organizer,resource)',
    'organizer(self,email,displayName)',
    'creator(self,email,displayName)',
    'extendedProperties/private',
    'conferenceData(conferenceId,conferenceSolution(name),entryPoints(entryPointType,uri,label))',
    'attachments(title)',
    ...DETAILED,
  ],
  full: [
    'attendees',
    'organizer',
    'creator',
    'extendedProperties',
    'conferenceData',
    'attachments',
    'reminders',
    'source',
    'privateCopy',
    'locked',
    'endTimeUnspecified',
    ...DETAILED,
  ],
};

/**
 * The `fields` mask of an `events.list` call. It must be the same for every page of a listing and for the
 * increments after it, so a change of the detail takes a full listing.
 *
 * Always included: the tokens (without them sync stops silently), the fields that the mapping and the busy
 * rule read, those that readers of the mirror need (title, place, description, link, colour), those that mark
 * Almanac's own events (private extended properties), and those that identify an event elsewhere (`iCalUID`,
 * `sequence`). `minimal` has no address of a person, and leaves out what makes up most of a page.
 */
export function eventFields(detail: EventDetail): string {
  return `nextPageToken,nextSyncToken,timeZone,accessRole,updated,items(${itemFields(detail)})`;
}

/** The `fields` mask of a call that answers with one event, so that it is stored as if it had been listed. */
export function itemFields(detail: EventDetail): string {
  return [...ALWAYS, ...CHOSEN[detail], ...ALWAYS_AT_END].join(',');
}
