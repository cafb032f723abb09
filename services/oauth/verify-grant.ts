import { classifyGoogleError } from '../google/google-failure.ts';
import { lifeOf } from '../google/request-token.ts';
import { FailureType } from '../../contracts/failure-types.ts';
import { InvalidInputError } from '../errors.ts';
import type { Grant } from '../accounts/store-grant.ts';
import { ConnectionError, ConnectionRefusal } from './connection-error.ts';
import { createOAuthClient, type OAuthClientSettings } from './oauth-client.ts';
import { readAddress } from './read-address.ts';

/**
 * Errors of the token endpoint that concern the refresh token. All others concern our client, or are
 * temporary.
 */
const REFUSALS = [
  'invalid_grant',
  'unauthorized_client',
  'invalid_request',
  'invalid_scope',
  'access_denied',
  'admin_policy_enforced',
];

const OK = 200;

const NOT_ACCEPTED =
  'must be a refresh token that Google accepts: this one was revoked, has expired, or belongs to another OAuth client';
const NOT_ALLOWED = 'must permit reading the calendar list: the user has to grant that scope';

/**
 * Asks Google whose a refresh token is: refreshes it once, and reads the ID of the primary calendar.
 * @throws InvalidInputError when Google rejects the token; ConnectionError when that cannot be determined
 *   now.
 */
export async function verifyGrant(
  settings: OAuthClientSettings,
  refreshToken: string,
): Promise<{ email: string; grant: Grant }> {
  const client = createOAuthClient(settings, '');
  client.setCredentials({ refresh_token: refreshToken });
  const { credentials } = await client.refreshAccessToken().catch((error: unknown) => {
    throw refusalOf(error);
  });
  const accessToken = credentials.access_token;
  if (!accessToken) throw notVerified(OK);
  const email = await readAddress(settings.apiRootUrl, accessToken, ({ type, status }) =>
    type === FailureType.googleForbidden
      ? new InvalidInputError('refreshToken', NOT_ALLOWED)
      : notVerified(status),
  );
  return {
    email,
    grant: {
      // Google does not rotate refresh tokens today; if it sends a new one, the old one is worthless.
      refreshToken: credentials.refresh_token || refreshToken,
      accessToken,
      accessTokenLifeMs: lifeOf(credentials.expiry_date),
      scopes: (credentials.scope ?? '').split(' ').filter((scope) => scope !== ''),
      isVerified: true,
    },
  };
}

function refusalOf(error: unknown): InvalidInputError | ConnectionError {
  const { type, status, reason } = classifyGoogleError(error, Date.now(), 'token-endpoint');
  if (reason !== null && REFUSALS.includes(reason))
    return new InvalidInputError('refreshToken', NOT_ACCEPTED);
  if (type !== FailureType.googleClientRejected) return notVerified(status);
  return new ConnectionError(
    ConnectionRefusal.clientRejected,
    'Google does not know our OAuth client: correct GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET.',
  );
}

function notVerified(status: number | null): ConnectionError {
  const answer = status === null ? 'did not answer' : `answered ${status}`;
  return new ConnectionError(
    ConnectionRefusal.googleFailed,
    `Google ${answer} when asked whose the refresh token is: nothing was stored, try again later.`,
  );
}
