import { createAccessTokens } from './access-tokens.ts';
import { createGoogleCalendar, type GoogleCalendar } from './google-calendar.ts';
import { createGoogleQuota } from './quota.ts';
import { createImmediateMeter } from './request-meter.ts';
import type { TokenCipher } from './token-cipher.ts';
import { noMetrics } from '../metrics.ts';
import type { Environment } from '../../contracts/environment.ts';
import { PriorityKey } from '../../contracts/priorities.ts';
import type { Database } from '../../prisma/client.ts';

/** Environment variables that configure access to Google Calendar. */
export const GOOGLE_CALENDAR_VARIABLES = [
  'GOOGLE_CLIENT_ID',
  'GOOGLE_CLIENT_SECRET',
  'GOOGLE_API_ROOT_URL',
  'GOOGLE_OAUTH_TOKEN_URL',
  'GOOGLE_REQUESTS_PER_MINUTE',
  'GOOGLE_USER_REQUESTS_PER_MINUTE',
  'GOOGLE_USER_WRITES_PER_MINUTE',
] as const satisfies readonly (keyof Environment)[];

/**
 * Google Calendar for interactive requests outside a worker. Its requests count against the quota that
 * workers share.
 * @param shared handle for the quota and the counts of requests, which belong to no workspace. Default: `database`
 */
export function createInteractiveGoogle(
  database: Database,
  tokenCipher: TokenCipher,
  environment: Pick<Environment, (typeof GOOGLE_CALENDAR_VARIABLES)[number]>,
  shared: Database = database,
): GoogleCalendar {
  const oauth = {
    clientId: environment.GOOGLE_CLIENT_ID,
    clientSecret: environment.GOOGLE_CLIENT_SECRET,
    tokenUrl: environment.GOOGLE_OAUTH_TOKEN_URL,
  };
  const accessTokens = createAccessTokens(database, tokenCipher, oauth, noMetrics);
  const limits = {
    project: environment.GOOGLE_REQUESTS_PER_MINUTE,
    user: environment.GOOGLE_USER_REQUESTS_PER_MINUTE,
    writes: environment.GOOGLE_USER_WRITES_PER_MINUTE,
  };
  const quota = createGoogleQuota(shared, limits, () => PriorityKey.interactive);
  const meter = createImmediateMeter(shared);
  return createGoogleCalendar(environment.GOOGLE_API_ROOT_URL, accessTokens, quota, noMetrics, { meter });
}
