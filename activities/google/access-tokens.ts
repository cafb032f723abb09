import { OAuth2Client } from 'google-auth-library';
import type { Database } from '../../prisma/client.ts';
import { FailureType } from '../../contracts/failure-types.ts';
import { failure } from '../failures.ts';
import type { Metrics } from '../metrics.ts';
import { traced } from '../tracing.ts';
import { classifyGoogleError, GoogleCallError } from './google-failure.ts';
import { grantFingerprint } from './grant-fingerprint.ts';
import type { TokenCipher } from './token-cipher.ts';

/** An account's grant as its row holds it. */
export interface SealedGrant {
  accountId: string;
  keyId: string;
  refreshToken: Uint8Array;
  accessToken: Uint8Array | null;
  accessTokenExpiresAt: Date | null;
}

export interface AccessTokens {
  /** A token that lives for at least another minute. `rejected` is one that Google has just answered with 401. */
  get(grant: SealedGrant, rejected?: string): Promise<string>;
}

export interface OAuthSettings {
  clientId: string | undefined;
  clientSecret: string | undefined;
  tokenUrl: string;
}

interface AccessToken {
  /** Fingerprint of the grant it was issued for. */
  grant: string;
  token: string;
  expiresAtMs: number;
}

const LEAST_LIFE_MS = 60_000;
/** What Google gives where it does not say. */
const DEFAULT_LIFE_MS = 3_600_000;

/**
 * Access tokens by account: from memory, else from the account's row, else from Google. Callers of one process
 * share the refresh of a grant; a refreshed token is stored, sealed, for the other processes.
 */
export function createAccessTokens(
  database: Database,
  cipher: TokenCipher,
  oauth: OAuthSettings,
  metrics: Metrics,
): AccessTokens {
  const known = new Map<string, AccessToken>();
  const refreshing = new Map<string, Promise<AccessToken>>();

  function open(grant: SealedGrant, bytes: Uint8Array): string {
    try {
      return cipher.open({ keyId: grant.keyId, bytes: new Uint8Array(bytes) }, grant.accountId);
    } catch {
      throw failure(
        FailureType.tokenUndecryptable,
        `The token of account ${grant.accountId} was sealed with the key ${grant.keyId}; TOKEN_ENCRYPTION_KEY does not open it.`,
      );
    }
  }

  async function refresh(grant: SealedGrant): Promise<AccessToken> {
    const client = new OAuth2Client({
      ...(oauth.clientId === undefined ? {} : { clientId: oauth.clientId }),
      ...(oauth.clientSecret === undefined ? {} : { clientSecret: oauth.clientSecret }),
      endpoints: { oauth2TokenUrl: oauth.tokenUrl },
    });
    client.setCredentials({ refresh_token: open(grant, grant.refreshToken) });
    const startedAt = performance.now();
    const report = (status: number | null) =>
      metrics.googleRequest('token', status, performance.now() - startedAt);
    const attributes = { 'almanac.account_id': grant.accountId };
    const { credentials } = await traced('google token', attributes, () => client.refreshAccessToken()).catch(
      (error: unknown) => {
        const cause = classifyGoogleError(error, Date.now());
        report(cause.status);
        throw new GoogleCallError(cause);
      },
    );
    report(200);
    const token = credentials.access_token;
    if (!token)
      throw new GoogleCallError({ type: FailureType.googleMalformedAnswer, status: 200, reason: null });
    const expiresAtMs = credentials.expiry_date ?? Date.now() + DEFAULT_LIFE_MS;
    await store(grant, token, expiresAtMs, credentials.refresh_token);
    return { grant: grantFingerprint(grant.refreshToken), token, expiresAtMs };
  }

  /**
   * Nothing is stored where the account has been connected again meanwhile: the token is of the grant before. Google
   * does not rotate refresh tokens today; should one come, losing it would lose the grant.
   */
  async function store(grant: SealedGrant, token: string, expiresAtMs: number, rotated?: string | null) {
    const refreshToken = new Uint8Array(grant.refreshToken);
    if (rotated && rotated !== open(grant, grant.refreshToken)) {
      await database.calendarAuthToken.updateMany({
        where: { id: grant.accountId, refreshToken },
        data: {
          keyId: cipher.keyId,
          refreshToken: cipher.seal(rotated, grant.accountId).bytes,
          accessToken: cipher.seal(token, grant.accountId).bytes,
          accessTokenExpiresAt: new Date(expiresAtMs),
        },
      });
      return;
    }
    // One row has one key ID: an access token sealed with a newer key than its neighbour stays in memory.
    if (grant.keyId !== cipher.keyId) return;
    await database.calendarAuthToken.updateMany({
      where: { id: grant.accountId, keyId: cipher.keyId, refreshToken },
      data: {
        accessToken: cipher.seal(token, grant.accountId).bytes,
        accessTokenExpiresAt: new Date(expiresAtMs),
      },
    });
  }

  function stored(grant: SealedGrant): AccessToken | undefined {
    if (grant.accessToken === null || grant.accessTokenExpiresAt === null) return undefined;
    return {
      grant: grantFingerprint(grant.refreshToken),
      token: open(grant, grant.accessToken),
      expiresAtMs: grant.accessTokenExpiresAt.getTime(),
    };
  }

  return {
    async get(grant, rejected) {
      const fingerprint = grantFingerprint(grant.refreshToken);
      const usable = (candidate: AccessToken | undefined) =>
        candidate !== undefined &&
        candidate.grant === fingerprint &&
        candidate.token !== rejected &&
        candidate.expiresAtMs > Date.now() + LEAST_LIFE_MS;
      const found = [known.get(grant.accountId), stored(grant)].find(usable);
      if (found !== undefined) {
        known.set(grant.accountId, found);
        return found.token;
      }
      let running = refreshing.get(fingerprint);
      if (running === undefined) {
        running = refresh(grant).finally(() => refreshing.delete(fingerprint));
        refreshing.set(fingerprint, running);
      }
      const fresh = await running;
      known.set(grant.accountId, fresh);
      return fresh.token;
    },
  };
}
