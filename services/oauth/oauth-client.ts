import { OAuth2Client } from 'google-auth-library';
import { type Environment, EnvironmentError } from '../../contracts/environment.ts';

/** Limit after which the token endpoint is considered unavailable. */
const REQUEST_TIMEOUT_MS = 20_000;

/** Environment variables that name our OAuth client and Google's endpoints. */
export const OAUTH_VARIABLES = [
  'GOOGLE_CLIENT_ID',
  'GOOGLE_CLIENT_SECRET',
  'GOOGLE_API_ROOT_URL',
  'GOOGLE_OAUTH_AUTH_URL',
  'GOOGLE_OAUTH_TOKEN_URL',
  'GOOGLE_OAUTH_REVOKE_URL',
] as const satisfies readonly (keyof Environment)[];

export interface OAuthClientSettings {
  clientId: string;
  clientSecret: string;
  apiRootUrl: string;
  authUrl: string;
  tokenUrl: string;
  revokeUrl: string;
}

/** @throws EnvironmentError when the client is not configured. */
export function oauthClientSettings(
  environment: Pick<Environment, (typeof OAUTH_VARIABLES)[number]>,
): OAuthClientSettings {
  const { GOOGLE_CLIENT_ID: clientId, GOOGLE_CLIENT_SECRET: clientSecret } = environment;
  const missing = [
    ...(clientId ? [] : ['GOOGLE_CLIENT_ID']),
    ...(clientSecret ? [] : ['GOOGLE_CLIENT_SECRET']),
  ];
  if (!clientId || !clientSecret) {
    throw new EnvironmentError(
      missing
        .map((name) => `${name} must be set: create an OAuth client in the Google Cloud console.`)
        .join('\n'),
    );
  }
  return {
    clientId,
    clientSecret,
    apiRootUrl: environment.GOOGLE_API_ROOT_URL,
    authUrl: environment.GOOGLE_OAUTH_AUTH_URL,
    tokenUrl: environment.GOOGLE_OAUTH_TOKEN_URL,
    revokeUrl: environment.GOOGLE_OAUTH_REVOKE_URL,
  };
}

export function createOAuthClient(settings: OAuthClientSettings, redirectUri: string): OAuth2Client {
  return new OAuth2Client({
    clientId: settings.clientId,
    clientSecret: settings.clientSecret,
    redirectUri,
    endpoints: { oauth2AuthBaseUrl: settings.authUrl, oauth2TokenUrl: settings.tokenUrl },
    transporterOptions: { timeout: REQUEST_TIMEOUT_MS },
  });
}
