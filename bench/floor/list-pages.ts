import { OAuth2Client } from 'google-auth-library';
import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/index.js';
import { eventFields } from '../../calendar/event-fields.ts';
import type { GoogleEvent } from '../../calendar/google-event.ts';

const MAX_RESULTS = 2_500;

/** A page of a listing, unchecked. */
export interface ListedPage {
  items: GoogleEvent[];
  /** On the last page. */
  syncToken: string | null;
}

export function oauthClient(emulatorUrl: string, refreshToken: string): OAuth2Client {
  const client = new OAuth2Client({
    clientId: 'almanac-dev',
    clientSecret: 'almanac-dev-secret',
    endpoints: { oauth2TokenUrl: `${emulatorUrl}/token` },
  });
  client.setCredentials({ refresh_token: refreshToken });
  return client;
}

/** Lists all events, or what has changed since a sync token: the same requests as Almanac's. */
export async function* listPages(
  api: calendar_v3.Calendar,
  calendarId: string,
  authorization: string,
  syncToken: string | null = null,
): AsyncGenerator<ListedPage> {
  let pageToken: string | null | undefined;
  do {
    const { data } = await api.events.list(
      {
        calendarId,
        singleEvents: false,
        maxResults: MAX_RESULTS,
        fields: eventFields('minimal'),
        ...(syncToken ? { syncToken } : {}),
        ...(pageToken ? { pageToken } : {}),
      },
      { headers: { authorization } },
    );
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a floor trusts what it is sent
    yield { items: (data.items ?? []) as GoogleEvent[], syncToken: data.nextSyncToken ?? null };
    pageToken = data.nextPageToken;
  } while (pageToken);
}
