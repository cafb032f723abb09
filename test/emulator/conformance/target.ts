import { calendar } from 'googleapis/build/src/apis/calendar/index.js';
import { OAuth2Client } from 'google-auth-library';
import { createEmulator } from '../../../emulator/create-emulator.ts';
import type { EmulatorAdmin } from '../../../emulator/admin.ts';
import { failureOf } from '../../support/emulator/failure.ts';
import { type CalendarApi, signIn } from '../../support/emulator/start.ts';

const EMAIL = 'conformance@example.com';
const ORIGIN = 'https://www.googleapis.com/';

/** A Google Calendar with a calendar of its own for the suite. */
export interface Target {
  api: CalendarApi;
  /** The same server for a caller whose access token is invalid. */
  stranger: CalendarApi;
  /** An empty secondary calendar. */
  calendarId: string;
  /** What only an emulator can be asked for. */
  admin: EmulatorAdmin | undefined;
  close(): Promise<void>;
}

/** Status and body, whether the call was refused or not. */
export interface Answer {
  status: number;
  body: unknown;
}

export async function answerOf(call: Promise<{ status: number; data: unknown }>): Promise<Answer> {
  const settled = await call.catch(() => undefined);
  if (settled !== undefined) return { status: settled.status, body: settled.data };
  const { status = 0, body } = await failureOf(call);
  return { status, body };
}

/**
 * The emulator; Google itself where `ALMANAC_CONFORMANCE_REFRESH_TOKEN` has a grant of the client in
 * `GOOGLE_CLIENT_ID` and `GOOGLE_CLIENT_SECRET`, with the scope `calendar`, of an account made for tests.
 */
export async function openTarget(): Promise<Target> {
  const grant = process.env.ALMANAC_CONFORMANCE_REFRESH_TOKEN;
  const { api, rootUrl, admin, end } = grant ? signInToGoogle(grant) : await signInToEmulator();
  const { data } = await api.calendars.insert({
    requestBody: { summary: 'Conformance', timeZone: 'Europe/Berlin' },
  });
  const calendarId = data.id ?? '';
  const auth = new OAuth2Client();
  auth.setCredentials({ access_token: 'ya29.invalid' });
  return {
    api,
    stranger: calendar({ version: 'v3', auth, rootUrl, retry: false }),
    calendarId,
    admin,
    async close() {
      await api.calendars.delete({ calendarId });
      await end();
    },
  };
}

function signInToGoogle(grant: string) {
  const { GOOGLE_CLIENT_ID: clientId, GOOGLE_CLIENT_SECRET: clientSecret } = process.env;
  const auth = new OAuth2Client({ clientId: clientId ?? '', clientSecret: clientSecret ?? '' });
  auth.setCredentials({ refresh_token: grant });
  const api = calendar({ version: 'v3', auth, retry: false });
  return { api, rootUrl: ORIGIN, admin: undefined, end: async () => {} };
}

async function signInToEmulator() {
  const emulator = await createEmulator();
  const { refreshToken } = await emulator.admin.createUser({ email: EMAIL, timeZone: 'Europe/Berlin' });
  const { api } = signIn(emulator.url, refreshToken);
  return { api, rootUrl: emulator.url, admin: emulator.admin, end: () => emulator.close() };
}
