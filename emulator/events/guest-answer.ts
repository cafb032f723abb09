import { mailOrganizer, type SendUpdates } from '../mail/mail-guests.ts';
import { fieldsOf } from '../http/request-parts.ts';
import { instanceId } from '../recurrence/instance-id.ts';
import { originalStartMs } from '../recurrence/instances.ts';
import type { CalendarStore } from '../state/calendar-store.ts';
import type { Attendee, EventFields, EventResource } from '../state/types.ts';
import { commitChange } from './commit-event.ts';
import { type EventContext, ownerContext } from './event-context.ts';
import { isGuestsCopy } from './guest-rights.ts';
import type { EventInput } from './normalize-event.ts';
import { resolveEvent } from './resolve-event.ts';

/** What an attendee says of themselves. */
const ANSWER = ['responseStatus', 'comment', 'additionalGuests'] as const;

function ownRow(attendees: readonly Attendee[] | undefined, calendarId: string): Attendee | undefined {
  return attendees?.find(({ email, self }) => self === true || email === calendarId);
}

function answerOf(attendee: EventInput): EventInput {
  const given = ANSWER.filter((field) => attendee[field] !== undefined);
  return Object.fromEntries(given.map((field) => [field, attendee[field]]));
}

/** Answers of `calendarId` in the rows of an event. */
function withAnswer(attendees: readonly Attendee[], calendarId: string, answer: EventInput): Attendee[] {
  return attendees.map((row) => (row.email === calendarId ? { ...row, ...answer } : row));
}

/**
 * The body of a change with `attendeesOmitted`: of its attendees, only the answer of the calendar itself
 * counts.
 */
export function onlyOwnAnswer(former: EventFields, input: EventInput, calendarId: string): EventInput {
  if (input['attendeesOmitted'] !== true) return input;
  const { attendees, attendeesOmitted: _omitted, ...others } = input;
  const rows: EventInput[] = Array.isArray(attendees) ? attendees.map(fieldsOf) : [];
  const own = rows.find(({ email, self }) => self === true || email === calendarId);
  const formerOmitted = former['attendeesOmitted'];
  return {
    ...others,
    ...(former.attendees && {
      attendees: withAnswer(former.attendees, calendarId, own === undefined ? {} : answerOf(own)),
    }),
    ...(formerOmitted !== undefined && { attendeesOmitted: formerOmitted }),
  };
}

/** The organizer's event of a guest's copy, an occurrence of a series included. */
function organizersEvent(store: CalendarStore, copy: EventResource): EventResource | undefined {
  const found = copy.iCalUID === undefined ? undefined : store.findByICalUid(copy.iCalUID);
  if (found === undefined || copy.originalStartTime === undefined) return found?.current.resource;
  const allDay = copy.originalStartTime.date !== undefined;
  try {
    return resolveEvent(store, instanceId(found.id, originalStartMs(copy), allDay)).resource;
  } catch {
    return undefined;
  }
}

/** Passes a new answer on a guest's copy on to the organizer: into their event, if it is here, and by mail. */
export function passAnswerOn(
  context: EventContext,
  former: EventResource,
  next: EventResource,
  sendUpdates: SendUpdates | undefined,
): void {
  const { state, store } = context;
  const calendarId = store.meta.id;
  const organizer = next.organizer?.email;
  const [before, after] = [former, next].map(({ attendees }) => ownRow(attendees, calendarId));
  if (organizer === undefined || after === undefined || !isGuestsCopy(next, calendarId)) return;
  const answer = answerOf(after);
  if (JSON.stringify(answer) === JSON.stringify(answerOf(before ?? {}))) return;
  const theirs = state.calendars.get(organizer);
  const event = theirs && !theirs.removed ? organizersEvent(theirs, next) : undefined;
  if (event?.attendees && event.status !== 'cancelled') {
    const attendees = withAnswer(event.attendees, calendarId, answer);
    commitChange(ownerContext(state, organizer), event, { ...event, attendees });
  }
  mailOrganizer(context, next, organizer, sendUpdates);
}
