import { GoogleError } from '../http/google-error.ts';
import type { EventFields } from '../state/types.ts';

/** Properties that all copies of an event share. Guests change only their own answer and private fields. */
const SHARED = [
  'summary',
  'description',
  'location',
  'start',
  'end',
  'recurrence',
  'conferenceData',
  'attachments',
  'guestsCanInviteOthers',
  'guestsCanModify',
  'guestsCanSeeOtherGuests',
];

const shared = (event: EventFields) =>
  JSON.stringify([
    SHARED.map((field) => event[field] ?? null),
    event.extendedProperties?.shared ?? null,
    (event.attendees ?? []).filter(({ self }) => !self),
  ]);

/** Whether an event is the copy of a guest: another calendar organizes it. */
export function isGuestsCopy({ organizer }: EventFields, calendarId: string): boolean {
  return organizer !== undefined && !organizer.self && organizer.email !== calendarId;
}

/** 403 when a guest's copy would change what only the organizer may change. */
export function requireOrganizer(former: EventFields, next: EventFields, calendarId: string): void {
  if (!isGuestsCopy(former, calendarId) || former['guestsCanModify'] === true) return;
  if (shared(former) === shared(next)) return;
  throw new GoogleError(403, {
    domain: 'calendar',
    reason: 'forbiddenForNonOrganizer',
    message: 'Shared properties can only be changed by the organizer of the event.',
  });
}
