import type { GoogleEvent } from './google-event.ts';

/** Event types that say where somebody is or whose birthday it is, never that a time is taken. */
const NEVER_BUSY = new Set(['workingLocation', 'birthday']);

/**
 * Whether an event takes up its owner's time. It does unless it is cancelled, declined by the owner, shown as "free"
 * or of a type that never does. Google leaves `transparency` out where it is `opaque`, and most all-day events are
 * reminders that nobody meant as "busy": one of those blocks only as out-of-office or when it says `opaque` itself.
 */
export function blocksTime(event: GoogleEvent): boolean {
  if (event.status === 'cancelled' || event.transparency === 'transparent') return false;
  if (event.eventType && NEVER_BUSY.has(event.eventType)) return false;
  if (event.attendees?.some((attendee) => attendee.self && attendee.responseStatus === 'declined'))
    return false;
  if (!event.start?.date || event.start.dateTime) return true;
  return event.eventType === 'outOfOffice' || event.transparency === 'opaque';
}
