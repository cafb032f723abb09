import { OAuth2Client } from 'google-auth-library';
import { FailureType } from '../../contracts/failure-types.ts';
import type { Metrics } from '../metrics.ts';
import { traced } from '../../tracing/traced.ts';
import { classifyGoogleError, GoogleCallError } from './google-failure.ts';

export interface OAuthSettings {
  clientId: string | undefined;
  clientSecret: string | undefined;
  tokenUrl: string;
}

export interface IssuedToken {
  token: string;
  /** Remaining life of the token, in milliseconds. */
  lifeMs: number;
  /**
   * New refresh token, if Google sends one. Google does not rotate them today, but losing a new one would
   * lose the grant.
   */
  refreshToken: string | undefined;
}

/**
 * Limit of a request. Google answers within a second; callers share one request and would wait for it without
 * end.
 */
const REQUEST_TIMEOUT_MS = 10_000;

/** Life of a token for which Google names none. */
const DEFAULT_LIFE_MS = 3_600_000;

/**
 * Remaining life of a token. Google's client added it to this host's clock, which may be wrong, so that clock
 * is subtracted again.
 */
export function lifeOf(expiryDate: number | null | undefined): number {
  return expiryDate ? expiryDate - Date.now() : DEFAULT_LIFE_MS;
}

/**
 * Asks the token endpoint for an access token.
 * @throws GoogleCallError with the details that are safe to store.
 */
export async function requestToken(
  oauth: OAuthSettings,
  metrics: Metrics,
  accountId: string,
  refreshToken: string,
): Promise<IssuedToken> {
  const client = new OAuth2Client({
    ...(oauth.clientId === undefined ? {} : { clientId: oauth.clientId }),
    ...(oauth.clientSecret === undefined ? {} : { clientSecret: oauth.clientSecret }),
    endpoints: { oauth2TokenUrl: oauth.tokenUrl },
    transporterOptions: { timeout: REQUEST_TIMEOUT_MS },
  });
  client.setCredentials({ refresh_token: refreshToken });
  const startedAt = performance.now();
  const report = (status: number | null) =>
    metrics.googleRequest('token', status, performance.now() - startedAt);
  const attributes = { 'almanac.account_id': accountId };
  const { credentials } = await traced('google token', attributes, () => client.refreshAccessToken()).catch(
    (error: unknown) => {
      const cause = classifyGoogleError(error, Date.now(), 'token-endpoint');
      report(cause.status);
      throw new GoogleCallError(cause);
    },
  );
  report(200);
  const token = credentials.access_token;
  if (!token)
    throw new GoogleCallError({ type: FailureType.googleMalformedAnswer, status: 200, reason: null });
  return {
    token,
    lifeMs: lifeOf(credentials.expiry_date),
    refreshToken: credentials.refresh_token ?? undefined,
  };
}
