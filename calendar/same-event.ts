import { parseEventTime } from './event-time.ts';
import type { GoogleEvent } from './google-event.ts';

/** Canonical text of a value: omitted fields equal null, and the order of fields does not matter. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value)
    .filter(([, field]) => field !== null && field !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join()}}`;
}

/** Google writes an instant with the offset of the zone that it answers in. */
function canonicalTime(time: GoogleEvent['start'], timeZone: string) {
  const parsed = parseEventTime(time, timeZone);
  return parsed === null ? time : { ...parsed, timeZone: time?.timeZone };
}

function canonicalEvent(event: GoogleEvent, timeZone: string): string {
  return canonical({
    ...event,
    start: canonicalTime(event.start, timeZone),
    end: canonicalTime(event.end, timeZone),
    originalStartTime: canonicalTime(event.originalStartTime, timeZone),
    attendees: event.attendees?.map(canonical).toSorted(),
  });
}

/** Whether two answers of Google describe the same state of an event, in any notation. */
export function isSameEvent(a: GoogleEvent, b: GoogleEvent, timeZone: string): boolean {
  return canonicalEvent(a, timeZone) === canonicalEvent(b, timeZone);
}
