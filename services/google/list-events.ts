import { eventFields } from '../../calendar/event-fields.ts';
import { type GoogleEventsPage, googleEventsPageSchema } from '../../calendar/google-event.ts';
import type { EventDetail } from '../../contracts/event-details.ts';
import type { SealedGrant } from './sealed-grant.ts';
import { type GoogleCalendar, malformedAnswer, type RequestOptions } from './google-calendar.ts';

/** Google's hard limit. */
const MAX_RESULTS = 2_500;

interface EventsQuery {
  googleCalendarId: string;
  /** With a sync token: the detail with which the token was taken. */
  detail: EventDetail;
  /** Null requests a full listing. */
  syncToken: string | null;
  pageToken: string | null;
  /** Whether the last page may lack the sync token. Default: no, such an answer is malformed. */
  mayLackToken?: boolean;
}

/**
 * One page of `events.list`. Every page of a listing, and every later increment, has to repeat the query
 * except for its tokens; any other change is undefined behaviour. The query has no `showDeleted`, no window
 * and no order, because each would cost or forbid the sync token.
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
          fields: eventFields(query.detail),
          // Omitted where null: an empty string would be sent as an invalid token.
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
  // Google always names the calendar's zone, which distinguishes its answer from a proxy's JSON.
  const isAccepted = query.mayLackToken === true && timeZone;
  if (!nextPageToken && !nextSyncToken && !isAccepted) throw malformedAnswer();
  return page.data;
}
