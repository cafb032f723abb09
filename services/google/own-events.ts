import { z } from 'zod';
import { type OwnMarker, OUR_APP } from '../planning/write-back/own-event-id.ts';
import { createEventCalls, type EventAddress } from './event-calls.ts';
import { type GoogleCalendar, malformedAnswer } from './google-calendar.ts';

/** Fields that decide whether Almanac may still change an event that it wrote. */
export const OWNERSHIP_FIELDS =
  'id,etag,recurrence,attendees/self,attendeesOmitted,extendedProperties/private';
const FIELDS = `status,start,end,${OWNERSHIP_FIELDS}`;

const time = z.object({ dateTime: z.string().nullish() }).nullish();
/** Fields that show that a person has taken an event over: see `isMeeting`. */
export const meetingFields = {
  recurrence: z.array(z.string()).nullish(),
  attendees: z.array(z.object({ self: z.boolean().nullish() })).nullish(),
  attendeesOmitted: z.boolean().nullish(),
};
const eventSchema = z.object({
  id: z.string(),
  status: z.string().nullish(),
  etag: z.string().nullish(),
  start: time,
  end: time,
  ...meetingFields,
  extendedProperties: z.object({ private: z.record(z.string(), z.string()).nullish() }).nullish(),
});

/** Whether an event repeats or has guests. Almanac writes neither, so a person has added them. */
export function isMeeting(event: z.infer<z.ZodObject<typeof meetingFields>>): boolean {
  const { recurrence, attendees, attendeesOmitted } = event;
  const guests = (attendees ?? []).some(({ self }) => self !== true);
  return (recurrence?.length ?? 0) > 0 || guests || attendeesOmitted === true;
}

/** The parts of an event that matter to a block. */
export interface RemoteEvent {
  cancelled: boolean;
  etag: string | null;
  /** Null for an all-day event, and for a cancelled one that has only its ID. */
  startMs: number | null;
  endMs: number | null;
  /** Whether it repeats or has guests. */
  isMeeting: boolean;
  properties: Record<string, string> | null;
}

/** Content of an event that Almanac writes for a block. */
interface EventContent {
  title: string;
  startMs: number;
  endMs: number;
  timeZone: string;
  marker: OwnMarker;
}

const toMs = (value: string | null | undefined) => (value ? Date.parse(value) : null);

function toRemoteEvent(answer: unknown): RemoteEvent {
  const parsed = eventSchema.safeParse(answer);
  if (!parsed.success) throw malformedAnswer();
  const { status, etag, start, end, extendedProperties } = parsed.data;
  return {
    cancelled: status === 'cancelled',
    etag: etag ?? null,
    startMs: toMs(start?.dateTime),
    endMs: toMs(end?.dateTime),
    isMeeting: isMeeting(parsed.data),
    properties: extendedProperties?.private ?? null,
  };
}

const moment = (ms: number, timeZone: string) => ({ dateTime: new Date(ms).toISOString(), timeZone });

/**
 * Calls that read and write Almanac's own events. Almanac never adds guests, and its events always show as
 * busy.
 */
export function createOwnEvents(google: GoogleCalendar, signal: AbortSignal) {
  const calls = createEventCalls(google, signal, FIELDS, toRemoteEvent);
  return {
    get: calls.get,

    insert: (address: EventAddress, { title, startMs, endMs, timeZone, marker }: EventContent) =>
      calls.insert(address, {
        summary: title,
        start: moment(startMs, timeZone),
        end: moment(endMs, timeZone),
        transparency: 'opaque',
        extendedProperties: {
          private: { app: OUR_APP, blockId: marker.blockId, rev: String(marker.generation) },
        },
      }),

    /** A null `title` keeps the current title, which a person may have changed. */
    patch: (
      address: EventAddress,
      etag: string | null,
      { title, startMs, endMs, timeZone }: Omit<EventContent, 'title' | 'marker'> & { title: string | null },
    ) =>
      calls.patch(
        address,
        {
          ...(title === null ? {} : { summary: title }),
          start: moment(startMs, timeZone),
          end: moment(endMs, timeZone),
        },
        { etag },
      ),

    delete: (address: EventAddress, etag: string | null) => calls.delete(address, { etag }),
  };
}
export type OwnEvents = ReturnType<typeof createOwnEvents>;
