import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/index.js';
import type { GoogleCalendar } from './google-calendar.ts';
import type { SealedGrant } from './sealed-grant.ts';

/** An event, and the grant with which to reach it. */
export interface EventAddress {
  grant: SealedGrant;
  googleCalendarId: string;
  googleEventId: string;
}

/** Settings of a write besides its content. */
export interface WriteSettings {
  /** Version that the event must have. Null: any. */
  etag?: string | null;
  /** Guests whom Google tells by e-mail. Google's default is none. */
  sendUpdates?: string | undefined;
}

const WRITE = { kind: 'write' } as const;

/**
 * Calls that read and write single events. Each answers with the fields that are asked for.
 * @param fields mask of the answers
 * @param parse turns an answer into an event; it throws `malformedAnswer` for anything else
 */
export function createEventCalls<T>(
  google: GoogleCalendar,
  signal: AbortSignal,
  fields: string,
  parse: (answer: unknown) => T,
) {
  return {
    async get({ grant, googleCalendarId: calendarId, googleEventId: eventId }: EventAddress): Promise<T> {
      const params = { calendarId, eventId, fields };
      return parse(
        await google.call(grant, signal, 'events.get', (api, options) => api.events.get(params, options)),
      );
    },

    /** The event gets the ID of the address. */
    async insert(
      { grant, googleCalendarId: calendarId, googleEventId: id }: EventAddress,
      content: calendar_v3.Schema$Event,
      { sendUpdates }: WriteSettings = {},
    ): Promise<T> {
      const params = {
        calendarId,
        fields,
        conferenceDataVersion: 1,
        ...(sendUpdates !== undefined && { sendUpdates }),
        requestBody: { ...content, id },
      };
      const request: Parameters<typeof google.call>[3] = (api, options) => api.events.insert(params, options);
      return parse(await google.call(grant, signal, 'events.insert', request, WRITE));
    },

    async patch(
      { grant, googleCalendarId: calendarId, googleEventId: eventId }: EventAddress,
      content: calendar_v3.Schema$Event,
      { sendUpdates, etag = null }: WriteSettings = {},
    ): Promise<T> {
      const params = {
        calendarId,
        eventId,
        fields,
        conferenceDataVersion: 1,
        ...(sendUpdates !== undefined && { sendUpdates }),
        requestBody: content,
      };
      const request: Parameters<typeof google.call>[3] = (api, options) =>
        api.events.patch(params, ifMatch(options, etag));
      return parse(await google.call(grant, signal, 'events.patch', request, WRITE));
    },

    async delete(
      { grant, googleCalendarId: calendarId, googleEventId: eventId }: EventAddress,
      { sendUpdates, etag = null }: WriteSettings = {},
    ): Promise<void> {
      const params = { calendarId, eventId, ...(sendUpdates !== undefined && { sendUpdates }) };
      await google.call(
        grant,
        signal,
        'events.delete',
        (api, options) => api.events.delete(params, ifMatch(options, etag)),
        WRITE,
      );
    },

    /** Moves the event to another calendar of the same account, where it keeps its ID. */
    async move(
      { grant, googleCalendarId: calendarId, googleEventId: eventId }: EventAddress,
      destination: string,
      { sendUpdates }: WriteSettings = {},
    ): Promise<T> {
      const params = {
        calendarId,
        eventId,
        destination,
        fields,
        ...(sendUpdates !== undefined && { sendUpdates }),
      };
      const request: Parameters<typeof google.call>[3] = (api, options) => api.events.move(params, options);
      return parse(await google.call(grant, signal, 'events.move', request, WRITE));
    },
  };
}
export type EventCalls<T> = ReturnType<typeof createEventCalls<T>>;

function ifMatch<Options extends { headers: object }>(options: Options, etag: string | null): Options {
  return etag === null ? options : { ...options, headers: { ...options.headers, 'if-match': etag } };
}
