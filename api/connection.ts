import type { FastifyRequest } from 'fastify';
import { createTokenCipher } from '../services/google/token-cipher.ts';
import { EnvironmentError } from '../contracts/environment.ts';
import { asWorkspace } from '../prisma/as-workspace.ts';
import type { StartedRun } from '../client/started-run.ts';
import { NotConfiguredError } from '../services/errors.ts';
import type { BrowserConnectionContext } from '../services/oauth/browser-connection.ts';
import { type OAuthClientSettings, oauthClientSettings } from '../services/oauth/oauth-client.ts';
import type { ApiDependencies } from './dependencies.ts';

/**
 * Dependencies for connecting accounts through a browser.
 * @throws NotConfiguredError if the installation lacks the settings for it
 */
export function connectionContext({ environment, database, now }: ApiDependencies): BrowserConnectionContext {
  const { PUBLIC_URL: publicUrl, TOKEN_ENCRYPTION_KEY, API_RETURN_ORIGINS: returnOrigins } = environment;
  if (publicUrl === undefined)
    throw new NotConfiguredError('PUBLIC_URL must be set: Google sends browsers back to it.');
  return {
    database,
    bind: (workspaceId) => asWorkspace(database, workspaceId),
    now,
    tokenCipher: createTokenCipher(TOKEN_ENCRYPTION_KEY),
    oauth: oauthSettings(environment),
    publicUrl,
    returnOrigins,
  };
}

/** @throws NotConfiguredError if the installation has no OAuth client */
export function oauthSettings(environment: ApiDependencies['environment']): OAuthClientSettings {
  try {
    return oauthClientSettings(environment);
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    throw new NotConfiguredError(error.message.split('\n')[0] ?? '', { cause: error });
  }
}

/**
 * Requests a full sync of a workspace after an account was connected. Null if Temporal does not answer; the
 * next tick then syncs the account.
 */
export async function syncConnected(
  { almanac }: ApiDependencies,
  request: FastifyRequest,
  workspaceId: string,
): Promise<StartedRun | null> {
  try {
    return await almanac.requestSync({ workspaceId, mode: 'full', source: 'api', correlationId: request.id });
  } catch (error) {
    const { name } = error as Error;
    request.log.warn({ workspaceId, errorName: name }, 'A connected account waits for the next tick');
    return null;
  }
}
