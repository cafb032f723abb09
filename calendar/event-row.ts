import { type BusyTrait, busyTraits } from './busy.ts';
import { type EventTime, fromMs, isAllDay, parseEventTime, toMs } from './event-time.ts';
import { DAY_MS } from '../contracts/durations.ts';
import type { GoogleEvent } from './google-event.ts';

/** An event as `calendar_events` stores it. */
export interface EventRow {
  googleEventId: string;
  etag: string | null;
  /** `series` has `recurrence`; `exception` is a changed or cancelled occurrence of a series. */
  kind: 'single' | 'series' | 'exception';
  /** Only exceptions can be `cancelled`: such a row hides one occurrence of its series. */
  status: 'confirmed' | 'tentative' | 'cancelled';
  /** Google's `recurringEventId`. */
  seriesId: string | null;
  /** Occurrence of the series that an exception replaces; it stays the same when the occurrence is moved. */
  originalStart: EventTime | null;
  start: EventTime | null;
  /** Exclusive, never before `start`, of the same form as `start`. */
  end: EventTime | null;
  recurrence: string[] | null;
  title: string | null;
  /** Traits that decide whether it takes up time. */
  traits: readonly BusyTrait[];
  eventType: string;
  /** RFC 3339 as Google sent it. Not usable as a version: Google does not promise that it grows. */
  updated: string | null;
  /** The item as Google sent it. */
  resource: GoogleEvent;
}

type SkipReason = 'missing-id' | 'missing-or-invalid-start';

type EventChange =
  | { op: 'upsert'; row: EventRow }
  | { op: 'delete'; googleEventId: string }
  /** An item that violates Google's own contract is counted and skipped: one item must not stop a sync. */
  | { op: 'skip'; googleEventId: string; reason: SkipReason };

/** Google names an occurrence `{seriesId}_{original start}`, the start in UTC or, all-day, as a date. */
const INSTANCE_ID = /_(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})Z)?$/;

function originalStartFromId(id: string, defaultTimeZone: string): EventTime | null {
  const match = INSTANCE_ID.exec(id);
  if (!match) return null;
  const [, year, month, day, hour, minute, second] = match;
  const date = `${year}-${month}-${day}`;
  const time = hour ? { dateTime: `${date}T${hour}:${minute}:${second}Z` } : { date };
  return parseEventTime(time, defaultTimeZone);
}

/** Google always sends an end. If it is unusable, the event is an instant or a single day. */
function parseEnd(event: GoogleEvent, start: EventTime, defaultTimeZone: string): EventTime {
  const end = parseEventTime(event.end, defaultTimeZone);
  const allDay = isAllDay(start);
  const shortest = toMs(start) + (allDay ? DAY_MS : 0);
  if (end && isAllDay(end) === allDay && toMs(end) >= shortest) return end;
  return fromMs(shortest, allDay, allDay ? null : start.timeZone);
}

/**
 * Maps a listed item to a change of the mirror. It never throws for an item that has passed the schema. A
 * cancelled single event or series is deleted; a cancelled exception is kept, because it hides an occurrence.
 *
 * @param defaultTimeZone the calendar's zone, for items without a zone of their own
 */
export function toEventChange(event: GoogleEvent, defaultTimeZone: string): EventChange {
  const googleEventId = event.id;
  if (!googleEventId) return { op: 'skip', googleEventId, reason: 'missing-id' };

  // Checked first, because a cancelled item may have nothing but its ID.
  const cancelled = event.status === 'cancelled';
  const seriesId = event.recurringEventId || null;
  if (cancelled && !seriesId) return { op: 'delete', googleEventId };

  const originalStart = seriesId
    ? (parseEventTime(event.originalStartTime, defaultTimeZone) ??
      originalStartFromId(googleEventId, defaultTimeZone))
    : null;
  if (cancelled && !originalStart) return { op: 'delete', googleEventId };

  const start = parseEventTime(event.start, defaultTimeZone);
  if (!start && !cancelled) return { op: 'skip', googleEventId, reason: 'missing-or-invalid-start' };

  const recurrence = !seriesId && event.recurrence?.length ? event.recurrence : null;
  return {
    op: 'upsert',
    row: {
      googleEventId,
      etag: event.etag ?? null,
      kind: seriesId ? 'exception' : recurrence ? 'series' : 'single',
      status: cancelled ? 'cancelled' : event.status === 'tentative' ? 'tentative' : 'confirmed',
      seriesId,
      originalStart,
      start,
      end: start && parseEnd(event, start, defaultTimeZone),
      recurrence,
      title: event.summary ?? null,
      traits: busyTraits(event),
      eventType: event.eventType || 'default',
      updated: event.updated && !Number.isNaN(Date.parse(event.updated)) ? event.updated : null,
      resource: event,
    },
  };
}
