import type { EmulatorState } from '../state/emulator-state.ts';
import { authorizePage } from './authorize-page.ts';
import { DEFAULT_SCOPES } from './scopes.ts';
import type { TokenStore } from './token-store.ts';

/** Either a page to show or a place to go. */
type AuthorizeAnswer =
  { kind: 'page'; status: number; html: string } | { kind: 'redirect'; location: string };

/** Marks the answer of the page: a scope that it does not name was unticked. */
const FROM_PAGE = 'consent';

/**
 * Answers the authorization endpoint. A person picks a user on the page and can untick scopes; a program names
 * a user with `login_hint` (or adds `approve=denied`) and is redirected at once.
 * @param query `scope` is a list separated by spaces
 */
export function authorize(
  state: EmulatorState,
  tokens: TokenStore,
  query: Record<string, string | undefined>,
): AuthorizeAnswer {
  const clientId = query['client_id'] ?? '';
  const redirectUri = query['redirect_uri'] ?? '';
  if (!state.clients.has(clientId)) return page(401, 'Error 401: invalid_client');
  if (!URL.canParse(redirectUri)) return page(400, 'Error 400: redirect_uri_mismatch');
  if (query['response_type'] !== 'code') return page(400, 'Error 400: unsupported_response_type');

  const back = (parameters: Record<string, string>): AuthorizeAnswer => {
    const target = new URL(redirectUri);
    for (const [key, value] of Object.entries(parameters)) target.searchParams.set(key, value);
    if (query['state'] !== undefined) target.searchParams.set('state', query['state']);
    return { kind: 'redirect', location: target.toString() };
  };
  if (query['approve'] === 'denied') return back({ error: 'access_denied' });

  const email = query['login_hint'];
  const named = (query['scope'] ?? '').split(' ').filter((scope) => scope !== '');
  const isFromPage = query[FROM_PAGE] !== undefined;
  if (isFromPage && named.length === 0) return back({ error: 'access_denied' });
  const wanted = named.length > 0 ? named : DEFAULT_SCOPES;
  if (email === undefined || !state.users.has(email)) {
    const { scope: _scope, login_hint: _email, ...others } = definedOnly(query);
    const parameters = { ...others, [FROM_PAGE]: 'page' };
    const html = authorizePage({ clientId, emails: [...state.users.keys()], scopes: wanted, parameters });
    return { kind: 'page', status: 200, html };
  }
  const former = [...state.grants.values()].filter(
    (grant) => grant.email === email && grant.clientId === clientId && !grant.revoked,
  );
  const known = former.length > 0;
  const kept = query['include_granted_scopes'] === 'true' ? former.flatMap((grant) => grant.scopes) : [];
  const scopes = [...new Set([...wanted, ...kept])];
  const code = tokens.addCode({
    email,
    clientId,
    redirectUri,
    scopes,
    // Google hands out a refresh token on the first consent, later only when consent is asked for again.
    offline: query['access_type'] === 'offline' && (!known || (query['prompt'] ?? '').includes('consent')),
    codeChallenge: query['code_challenge'],
    codeChallengeMethod: query['code_challenge_method'] ?? 'plain',
  });
  return back({ code, scope: scopes.join(' ') });
}

function page(status: number, title: string): AuthorizeAnswer {
  return { kind: 'page', status, html: `<!doctype html><title>${title}</title><h1>${title}</h1>` };
}

function definedOnly(query: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
