import { createHash } from 'node:crypto';
import type { EmulatorState } from '../state/emulator-state.ts';
import type { TokenStore } from './token-store.ts';

/** Form fields of a token request. */
type Form = Record<string, string | undefined>;

/** An OAuth answer; errors have `error` and `error_description`, not Google's API envelope. */
interface OAuthAnswer {
  status: number;
  body: Record<string, unknown>;
}

/** Answers POST /token for authorization codes and refresh tokens. */
export function exchangeToken(state: EmulatorState, tokens: TokenStore, form: Form): OAuthAnswer {
  const clientId = form['client_id'] ?? '';
  if (state.clients.get(clientId) === undefined) {
    return failure(401, 'invalid_client', 'The OAuth client was not found.');
  }
  // A public client authenticates with PKCE instead of a secret.
  const usesPkce = form['grant_type'] === 'authorization_code' && form['code_verifier'] !== undefined;
  const secret = form['client_secret'];
  if (secret === undefined ? !usesPkce : secret !== state.clients.get(clientId)) {
    return failure(401, 'invalid_client', 'The provided client secret is invalid.');
  }
  switch (form['grant_type']) {
    case 'authorization_code':
      return exchangeCode(state, tokens, form, clientId);
    case 'refresh_token':
      return refresh(state, tokens, form, clientId);
    default:
      return failure(400, 'unsupported_grant_type', 'Invalid grant_type.');
  }
}

function exchangeCode(state: EmulatorState, tokens: TokenStore, form: Form, clientId: string): OAuthAnswer {
  const code = form['code'] ?? '';
  const pending = tokens.codes.get(code);
  tokens.codes.delete(code);
  if (!pending || pending.expiresAtMs <= state.nowMs() || pending.clientId !== clientId) {
    return failure(400, 'invalid_grant', 'Malformed auth code.');
  }
  if (pending.redirectUri !== form['redirect_uri']) {
    return failure(400, 'redirect_uri_mismatch', 'Bad Request');
  }
  if (pending.codeChallenge !== undefined) {
    const verifier = form['code_verifier'] ?? '';
    const challenge =
      pending.codeChallengeMethod === 'S256'
        ? createHash('sha256').update(verifier).digest('base64url')
        : verifier;
    if (challenge !== pending.codeChallenge) return failure(400, 'invalid_grant', 'Invalid code verifier.');
  }
  const grant = pending.offline
    ? tokens.addGrant({ email: pending.email, clientId, scopes: pending.scopes })
    : undefined;
  return success(tokens, pending.email, clientId, pending.scopes, grant?.refreshToken);
}

function refresh(state: EmulatorState, tokens: TokenStore, form: Form, clientId: string): OAuthAnswer {
  const grant = state.grants.get(form['refresh_token'] ?? '');
  if (!grant || grant.revoked || grant.clientId !== clientId) {
    return failure(400, 'invalid_grant', 'Token has been expired or revoked.');
  }
  return success(tokens, grant.email, clientId, grant.scopes);
}

function success(
  tokens: TokenStore,
  email: string,
  clientId: string,
  scopes: string[],
  refreshToken?: string,
): OAuthAnswer {
  const { accessToken, expiresIn } = tokens.issue(email, clientId, scopes);
  return {
    status: 200,
    body: {
      access_token: accessToken,
      // Google says 3599 for an hour.
      expires_in: Math.max(1, expiresIn - 1),
      ...(refreshToken !== undefined && { refresh_token: refreshToken }),
      scope: scopes.join(' '),
      token_type: 'Bearer',
    },
  };
}

function failure(status: number, error: string, description: string): OAuthAnswer {
  return { status, body: { error, error_description: description } };
}
