import type { EventContext } from '../events/event-context.ts';
import { isGuestsCopy } from '../events/guest-rights.ts';
import type { Attendee, EventResource } from '../state/types.ts';
import type { Mail } from './mail-book.ts';

/** Values of `sendUpdates`. Google's default is `none`. */
export const SEND_UPDATES = ['all', 'externalOnly', 'none'] as const;
export type SendUpdates = (typeof SEND_UPDATES)[number];

/** Fields whose change sends a mail to guests. */
const TOLD = [
  'start',
  'end',
  'recurrence',
  'summary',
  'description',
  'location',
  'conferenceData',
  'attachments',
  'status',
  'organizer',
];

const domainOf = (email: string) => email.slice(email.lastIndexOf('@') + 1).toLowerCase();

/** Whether `sendUpdates` lets a mail go to an address. Nobody is mailed what they did themselves. */
function mayMail({ store, email }: EventContext, to: string, sendUpdates: SendUpdates): boolean {
  if (to === email.toLowerCase()) return false;
  if (sendUpdates === 'externalOnly') return domainOf(to) !== domainOf(store.meta.ownerEmail);
  return sendUpdates === 'all';
}

/** Guests of an event by address: neither the calendar itself nor rooms. A cancelled event has none. */
function guestsOf(resource: EventResource | undefined): Map<string, Attendee> {
  if (resource === undefined || resource.status === 'cancelled') return new Map();
  const guests = (resource.attendees ?? []).filter(
    ({ self, organizer, resource: room }) => !self && !organizer && room !== true,
  );
  return new Map(guests.map((guest) => [guest.email.toLowerCase(), guest]));
}

const told = (resource: EventResource) => JSON.stringify(TOLD.map((field) => resource[field] ?? null));

/**
 * Records the mails of a write. `externalOnly` means guests outside the domain of the calendar's owner. What
 * happens to a guest's copy is of no concern to other guests.
 * @param former the event before; undefined: it is new
 * @param next the event after; undefined: it was deleted
 */
export function mailGuests(
  context: EventContext,
  former: EventResource | undefined,
  next: EventResource | undefined,
  sendUpdates: SendUpdates = 'none',
): void {
  const { state, store } = context;
  if (isGuestsCopy((former ?? next)!, store.meta.id)) return;
  const [before, after] = [guestsOf(former), guestsOf(next)];
  const eventId = (next ?? former)!.id;
  const isChanged = former !== undefined && next !== undefined && told(former) !== told(next);
  const mails = [...new Set([...before.keys(), ...after.keys()])].flatMap((to): Mail[] => {
    const kind = !before.has(to)
      ? 'invitation'
      : !after.has(to)
        ? 'cancellation'
        : isChanged
          ? 'update'
          : null;
    if (kind === null || !mayMail(context, to, sendUpdates)) return [];
    return [{ to, kind, calendarId: store.meta.id, eventId, sentAt: state.now().toISOString() }];
  });
  state.mails.send(mails);
}

/** Records the mail that tells the organizer of a guest's answer. */
export function mailOrganizer(
  context: EventContext,
  copy: EventResource,
  organizer: string,
  sendUpdates: SendUpdates = 'none',
): void {
  if (!mayMail(context, organizer, sendUpdates)) return;
  const { state, store } = context;
  const sentAt = state.now().toISOString();
  state.mails.send([{ to: organizer, kind: 'answer', calendarId: store.meta.id, eventId: copy.id, sentAt }]);
}
