import { calendar } from 'googleapis/build/src/apis/calendar/index.js';
import { z } from 'zod';
import { classifyGoogleError, type GoogleFailure } from '../google/google-failure.ts';
import { emailSchema } from '../input.ts';
import { googleFailed } from './exchange-code.ts';

const REQUEST_TIMEOUT_MS = 20_000;

const entrySchema = z.object({ id: emailSchema });

/**
 * Reads the account's address: the ID of its primary calendar. So the user is asked for no further scope.
 * @param refusal creates the error for a failed request
 * @throws ConnectionError
 */
export async function readAddress(
  apiRootUrl: string,
  accessToken: string,
  refusal: (failure: GoogleFailure) => Error = ({ status }) => googleFailed(status),
): Promise<string> {
  const api = calendar({ version: 'v3', rootUrl: new URL(apiRootUrl).origin });
  const { data } = await api.calendarList
    .get(
      { calendarId: 'primary', fields: 'id' },
      { headers: { authorization: `Bearer ${accessToken}` }, timeout: REQUEST_TIMEOUT_MS, retry: true },
    )
    .catch((error: unknown) => {
      throw refusal(classifyGoogleError(error, Date.now(), 'calendar-api'));
    });
  const entry = entrySchema.safeParse(data);
  if (!entry.success) throw googleFailed(200);
  return entry.data.id;
}
