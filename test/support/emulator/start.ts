import { OAuth2Client } from 'google-auth-library';
import { calendar, type calendar_v3 } from 'googleapis/build/src/apis/calendar/index.js';
import { afterEach } from 'vitest';
import { createEmulator, type Emulator, type EmulatorOptions } from '../../../emulator/create-emulator.ts';

export const ADA = 'ada@example.com';

/** A client of Google's own making, signed in to the emulator. */
export type CalendarApi = calendar_v3.Calendar;

interface Signed {
  emulator: Emulator;
  admin: Emulator['admin'];
  auth: OAuth2Client;
  api: CalendarApi;
  refreshToken: string;
}

const open: Emulator[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((emulator) => emulator.close()));
});

/** An OAuth client that knows the emulator's endpoints. */
export function oauthClient(url: string, redirectUri = 'http://127.0.0.1/callback'): OAuth2Client {
  return new OAuth2Client({
    clientId: 'almanac-dev',
    clientSecret: 'almanac-dev-secret',
    redirectUri,
    endpoints: {
      oauth2AuthBaseUrl: `${url}/o/oauth2/v2/auth`,
      oauth2TokenUrl: `${url}/token`,
      oauth2RevokeUrl: `${url}/revoke`,
      tokenInfoUrl: `${url}/tokeninfo`,
    },
  });
}

/** The API as the holder of a refresh token uses it, without any retry of its own. */
export function signIn(url: string, refreshToken: string): { auth: OAuth2Client; api: CalendarApi } {
  const auth = oauthClient(url);
  auth.setCredentials({ refresh_token: refreshToken });
  return { auth, api: calendar({ version: 'v3', auth, rootUrl: url, retry: false }) };
}

/** A running emulator with one user, closed after the test. */
export async function start(options: EmulatorOptions = {}, timeZone = 'Europe/Berlin'): Promise<Signed> {
  const emulator = await createEmulator(options);
  open.push(emulator);
  const { refreshToken } = await emulator.admin.createUser({ email: ADA, timeZone });
  return { emulator, admin: emulator.admin, refreshToken, ...signIn(emulator.url, refreshToken) };
}

/** Body of an hour-long event. */
export function hour(from: string, more: calendar_v3.Schema$Event = {}): calendar_v3.Schema$Event {
  const end = new Date(Date.parse(from) + 3_600_000).toISOString();
  const timeZone = 'Europe/Berlin';
  return {
    summary: 'Event',
    start: { dateTime: from, timeZone },
    end: { dateTime: end, timeZone },
    ...more,
  };
}
