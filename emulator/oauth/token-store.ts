import { createHash, randomBytes } from 'node:crypto';
import type { EmulatorState, Grant } from '../state/emulator-state.ts';

/** Identity and scopes of a bearer token. */
export interface AccessToken {
  email: string;
  clientId: string;
  scopes: string[];
  expiresAtMs: number;
}

/** An authorization code waiting for its exchange. */
interface PendingCode {
  email: string;
  clientId: string;
  redirectUri: string;
  scopes: string[];
  offline: boolean;
  codeChallenge?: string | undefined;
  codeChallengeMethod?: string | undefined;
  expiresAtMs: number;
}

const CODE_TTL_MS = 10 * 60_000;
/** Expired access tokens are swept once this many are held. */
const SWEEP_ABOVE = 5000;

/**
 * Access tokens and codes. They live in memory only: after a restart clients refresh, as after an hour at
 * Google.
 */
export class TokenStore {
  readonly accessTokens = new Map<string, AccessToken>();
  readonly codes = new Map<string, PendingCode>();
  private readonly state: EmulatorState;
  private readonly ttlSeconds: number;

  constructor(state: EmulatorState, ttlSeconds: number) {
    this.state = state;
    this.ttlSeconds = ttlSeconds;
  }

  /** Registers a consent; several may live side by side. */
  addGrant(grant: Omit<Grant, 'refreshToken' | 'revoked'> & { refreshToken?: string | undefined }): Grant {
    const refreshToken = grant.refreshToken ?? `1//0${this.refreshToken(grant.email)}`;
    const added = { ...grant, refreshToken, revoked: false };
    this.state.grants.set(refreshToken, added);
    this.state.emit('dirty');
    return added;
  }

  addCode(pending: Omit<PendingCode, 'expiresAtMs'>): string {
    const code = `4/0${randomBytes(32).toString('base64url')}`;
    this.codes.set(code, { ...pending, expiresAtMs: this.state.nowMs() + CODE_TTL_MS });
    return code;
  }

  /** A new access token, with the seconds it lives. */
  issue(email: string, clientId: string, scopes: string[]): { accessToken: string; expiresIn: number } {
    const accessToken = `ya29.${randomBytes(32).toString('base64url')}`;
    const nowMs = this.state.nowMs();
    if (this.accessTokens.size > SWEEP_ABOVE) {
      for (const [key, token] of this.accessTokens)
        if (token.expiresAtMs <= nowMs) this.accessTokens.delete(key);
    }
    const expiresAtMs = nowMs + this.ttlSeconds * 1000;
    this.accessTokens.set(accessToken, { email, clientId, scopes, expiresAtMs });
    return { accessToken, expiresIn: this.ttlSeconds };
  }

  /** The live token behind an Authorization header. */
  check(accessToken: string | undefined): AccessToken | undefined {
    const token = accessToken === undefined ? undefined : this.accessTokens.get(accessToken);
    return token && token.expiresAtMs > this.state.nowMs() ? token : undefined;
  }

  /** Ends every access token of a user, or of all users. */
  expireAccess(email?: string): void {
    for (const [key, token] of this.accessTokens) {
      if (email === undefined || token.email === email) this.accessTokens.delete(key);
    }
  }

  /** Withdraws consent: refresh tokens answer invalid_grant, access tokens 401. */
  revokeUser(email: string, clientId?: string): void {
    for (const grant of this.state.grants.values()) {
      if (grant.email === email && (clientId === undefined || grant.clientId === clientId))
        grant.revoked = true;
    }
    this.expireAccess(email);
    this.state.emit('dirty');
  }

  clear(): void {
    this.accessTokens.clear();
    this.codes.clear();
  }

  /** The same seed and order of consents give the same refresh tokens. */
  private refreshToken(email: string): string {
    const text = `${this.state.seed}/${email}/${this.state.grants.size}`;
    return createHash('sha256').update(text).digest('base64url');
  }
}
