import { classifyGoogleError } from '../google/google-failure.ts';
import { lifeOf } from '../google/request-token.ts';
import { FailureType } from '../../contracts/failure-types.ts';
import type { ConnectAttempt } from './connect-attempts.ts';
import { ConnectionError, ConnectionRefusal } from './connection-error.ts';
import { createOAuthClient, type OAuthClientSettings } from './oauth-client.ts';

interface FreshGrant {
  refreshToken: string;
  accessToken: string;
  accessTokenLifeMs: number;
  scopes: string[];
}

/**
 * Exchanges the code for tokens. Google checks the verifier against the challenge of the sign-in, so that a
 * code of another sign-in is useless here.
 * @throws ConnectionError
 */
export async function exchangeCode(
  settings: OAuthClientSettings,
  { redirectUri, codeVerifier }: ConnectAttempt,
  code: string,
): Promise<FreshGrant> {
  const client = createOAuthClient(settings, redirectUri);
  const { tokens } = await client.getToken({ code, codeVerifier }).catch((error: unknown) => {
    throw refusalOf(error);
  });
  const { refresh_token: refreshToken, access_token: accessToken } = tokens;
  if (!refreshToken || !accessToken) {
    throw new ConnectionError(
      ConnectionRefusal.googleFailed,
      'Google issued no refresh token: start again, and grant access when asked.',
    );
  }
  return {
    refreshToken,
    accessToken,
    accessTokenLifeMs: lifeOf(tokens.expiry_date),
    scopes: (tokens.scope ?? '').split(' ').filter((scope) => scope !== ''),
  };
}

function refusalOf(error: unknown): ConnectionError {
  const { type, status, reason } = classifyGoogleError(error, Date.now(), 'token-endpoint');
  if (type === FailureType.googleClientRejected) {
    return new ConnectionError(
      ConnectionRefusal.clientRejected,
      'Google does not know our OAuth client: correct GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET.',
    );
  }
  if (reason === 'redirect_uri_mismatch') {
    return new ConnectionError(
      ConnectionRefusal.clientRejected,
      'Google does not accept the redirect URI: add it to the OAuth client in the Google Cloud console.',
    );
  }
  if (reason === 'invalid_grant') {
    return new ConnectionError(
      ConnectionRefusal.codeRefused,
      'Google does not accept the code of this sign-in: start again.',
    );
  }
  return googleFailed(status);
}

/** Error of a request to Google that failed for reasons outside the installation. */
export function googleFailed(status: number | null): ConnectionError {
  return new ConnectionError(
    ConnectionRefusal.googleFailed,
    `Google ${status === null ? 'did not answer' : `answered ${status}`}: start again later.`,
  );
}
