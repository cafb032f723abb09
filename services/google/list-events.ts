import {
  GOOGLE_EVENT_FIELDS,
  type GoogleEventsPage,
  googleEventsPageSchema,
} from '../../calendar/google-event.ts';
import type { SealedGrant } from './sealed-grant.ts';
import { type GoogleCalendar, malformedAnswer, type RequestOptions } from './google-calendar.ts';

/** Google's hard limit. */
const MAX_RESULTS = 2_500;

interface EventsQuery {
  googleCalendarId: string;
  /** Null lists everything anew. */
  syncToken: string | null;
  pageToken: string | null;
  /** Whether the last page may lack the sync token. Default: such an answer is malformed. */
  mayLackToken?: boolean;
}

/**
 * One page of `events.list`. Every page of a listing, and every increment after it, is the same query but for its
 * tokens: anything else is undefined behaviour. No `showDeleted`, no window, no order: each would cost the token
 * or forbid it.
 */
export async function listEvents(
  google: GoogleCalendar,
  grant: SealedGrant,
  signal: AbortSignal,
  query: EventsQuery,
  requestOptions: RequestOptions = {},
): Promise<GoogleEventsPage> {
  const answer = await google.call(
    grant,
    signal,
    'events.list',
    (api, options) =>
      api.events.list(
        {
          calendarId: query.googleCalendarId,
          singleEvents: false,
          maxResults: MAX_RESULTS,
          fields: GOOGLE_EVENT_FIELDS,
          // Empty strings would be sent, and an empty token is a bad one.
          ...(query.syncToken === null ? {} : { syncToken: query.syncToken }),
          ...(query.pageToken === null ? {} : { pageToken: query.pageToken }),
        },
        options,
      ),
    requestOptions,
  );
  const page = googleEventsPageSchema.safeParse(answer);
  if (!page.success) throw malformedAnswer();
  const { nextPageToken, nextSyncToken, timeZone } = page.data;
  // Whatever else Google leaves out, it names the calendar's zone: a proxy's own JSON does not.
  const isAccepted = query.mayLackToken === true && timeZone;
  if (!nextPageToken && !nextSyncToken && !isAccepted) throw malformedAnswer();
  return page.data;
}
