import { environmentSchema } from '../../contracts/environment.ts';
import { requireVariables, type Variables } from '../../client/environment.ts';
import { type Check, fail, ok, warn } from './check.ts';

const REQUEST_TIMEOUT_MS = 5_000;
const GOOGLE_API_ROOT_URL = environmentSchema.shape.GOOGLE_API_ROOT_URL.parse(undefined);

/** Checks DNS, routes, proxies and certificates, so any answer counts. */
export function googleCheck(variables: Variables): Check {
  return {
    name: 'google',
    async run() {
      const urls = requireVariables(variables, 'GOOGLE_API_ROOT_URL', 'GOOGLE_OAUTH_TOKEN_URL');
      for (const [name, url] of Object.entries(urls)) {
        if (!(await answers(url))) {
          return fail(`${new URL(url).origin} does not answer`, `Check the network, the proxy and ${name}.`);
        }
      }
      return ok(`${new URL(urls.GOOGLE_API_ROOT_URL).origin} answers`);
    },
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, {
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      redirect: 'manual',
    });
    await response.body?.cancel();
    return true;
  } catch {
    return false;
  }
}

export function oauthClientCheck(variables: Variables): Check {
  return {
    name: 'oauth client',
    async run() {
      const { GOOGLE_API_ROOT_URL: root, ...client } = requireVariables(
        variables,
        'GOOGLE_API_ROOT_URL',
        'GOOGLE_CLIENT_ID',
        'GOOGLE_CLIENT_SECRET',
      );
      if (root !== GOOGLE_API_ROOT_URL) return ok('not needed: an emulator accepts any client');
      if (client.GOOGLE_CLIENT_ID && client.GOOGLE_CLIENT_SECRET) return ok('set');
      return warn(
        'GOOGLE_CLIENT_ID or GOOGLE_CLIENT_SECRET is not set: no grant can be used',
        'Create an OAuth client in the Google Cloud console and set both.',
      );
    },
  };
}
