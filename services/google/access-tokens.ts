import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../prisma/client.ts';
import { createSharedClock } from '../../prisma/shared-clock.ts';
import { FailureType } from '../../contracts/failure-types.ts';
import { failure } from '../failures.ts';
import type { Metrics } from '../metrics.ts';
import { grantFingerprint } from './grant-fingerprint.ts';
import { mayForce, releaseLease, takeLease } from './refresh-lease.ts';
import { type IssuedToken, type OAuthSettings, requestToken } from './request-token.ts';
import type { SealedGrant } from './sealed-grant.ts';
import type { TokenCipher } from './token-cipher.ts';

export interface AccessTokens {
  /**
   * A token that is valid for at least another minute. `rejected` is a token that Google has just answered
   * with 401. It is returned again if the previous replacement was so recent that Google is not to be asked
   * yet.
   */
  get(grant: SealedGrant, rejected?: string): Promise<string>;
}

interface AccessToken {
  /** Fingerprint of the grant it was issued for. */
  grant: string;
  token: string;
  expiresAtMs: number;
}

const LEAST_LIFE_MS = 60_000;
/**
 * Google issues tokens for an hour. A token that seems to live longer than this was stored by a wrong clock.
 */
const MOST_LIFE_MS = 24 * 3_600_000;
/**
 * Interval at which the row is polled while another process refreshes its token, plus up to as much jitter.
 */
const POLL_MS = 100;

const isSame = (one: Uint8Array, other: Uint8Array) => Buffer.compare(one, other) === 0;

function isUsable(
  candidate: AccessToken | undefined,
  rejected: string | undefined,
  nowMs: number,
): candidate is AccessToken {
  if (candidate === undefined || candidate.token === rejected) return false;
  const lifeMs = candidate.expiresAtMs - nowMs;
  return LEAST_LIFE_MS < lifeMs && lifeMs <= MOST_LIFE_MS;
}

/**
 * Access tokens by account: from memory, else from the account's row, else from Google. A process takes a
 * lease before it asks Google. Callers in that process share one request, and other processes wait for the
 * token in the row.
 */
export function createAccessTokens(
  database: Database,
  cipher: TokenCipher,
  oauth: OAuthSettings,
  metrics: Metrics,
): AccessTokens {
  const known = new Map<string, AccessToken>();
  const sharedNow = createSharedClock(database);
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

  function stored(grant: SealedGrant): AccessToken | undefined {
    if (grant.accessToken === null || grant.accessTokenExpiresAt === null) return undefined;
    return {
      grant: grantFingerprint(grant.refreshToken),
      token: open(grant, grant.accessToken),
      expiresAtMs: grant.accessTokenExpiresAt.getTime(),
    };
  }

  /**
   * The grant's current row, perhaps sealed with another key; null where the account has another grant, or
   * none.
   */
  async function current(grant: SealedGrant): Promise<SealedGrant | null> {
    const row = await database.calendarAuthToken.findUnique({
      where: { id: grant.accountId },
      select: { keyId: true, refreshToken: true, accessToken: true, accessTokenExpiresAt: true },
    });
    if (row === null) return null;
    const now = { ...row, accountId: grant.accountId };
    if (isSame(now.refreshToken, grant.refreshToken)) return now;
    const refreshToken = open(grant, grant.refreshToken);
    try {
      return open(now, now.refreshToken) === refreshToken ? now : null;
    } catch {
      return null;
    }
  }

  /**
   * Stores an issued token, unless the account has been connected again: the token belongs to the earlier
   * grant.
   */
  async function store(grant: SealedGrant, issued: IssuedToken, expiresAtMs: number): Promise<void> {
    const before = open(grant, grant.refreshToken);
    for (let row: SealedGrant | null = grant; row !== null; row = await current(row)) {
      const { accountId, keyId } = row;
      // A row has one key ID for all its tokens.
      const seal = (token: string) => cipher.seal(token, accountId, keyId).bytes;
      const rotated = issued.refreshToken !== undefined && issued.refreshToken !== before;
      const { count } = await database.calendarAuthToken.updateMany({
        where: { id: accountId, refreshToken: new Uint8Array(row.refreshToken) },
        data: {
          accessToken: seal(issued.token),
          accessTokenExpiresAt: new Date(expiresAtMs),
          refreshingUntil: null,
          ...(rotated && { refreshToken: seal(issued.refreshToken!) }),
        },
      });
      if (count > 0) return;
    }
  }

  async function request(grant: SealedGrant): Promise<AccessToken> {
    const refreshToken = open(grant, grant.refreshToken);
    const issued = await requestToken(oauth, metrics, grant.accountId, refreshToken);
    const expiresAtMs = (await sharedNow()) + issued.lifeMs;
    await store(grant, issued, expiresAtMs);
    return { grant: grantFingerprint(grant.refreshToken), token: issued.token, expiresAtMs };
  }

  /** Asks Google for a token, unless another process already does. */
  async function refresh(grant: SealedGrant, rejected: string | undefined): Promise<AccessToken> {
    for (;;) {
      const row = await current(grant);
      // The account has another grant, so this one is refreshed for its callers only.
      if (row === null) return request(grant);
      const found = stored(row);
      if (isUsable(found, rejected, await sharedNow())) return found;
      const forced = isUsable(found, undefined, await sharedNow());
      if (forced && !(await mayForce(database, row.accountId))) {
        // The token may have been replaced since it was read.
        const now = await current(grant);
        if (now?.accessToken && row.accessToken && isSame(now.accessToken, row.accessToken)) return found;
        continue;
      }
      const lease = await takeLease(database, row, forced);
      if (lease !== null) {
        return request(row).catch(async (error: unknown) => {
          await releaseLease(database, row.accountId, lease);
          throw error;
        });
      }
      await sleep(POLL_MS * (1 + Math.random()));
    }
  }

  return {
    async get(grant, rejected) {
      const fingerprint = grantFingerprint(grant.refreshToken);
      const nowMs = await sharedNow();
      const found = [known.get(grant.accountId), stored(grant)].find(
        (candidate) => candidate?.grant === fingerprint && isUsable(candidate, rejected, nowMs),
      );
      if (found !== undefined) {
        known.set(grant.accountId, found);
        return found.token;
      }
      // Keyed by the rejected token, so that its caller never shares a refresh that may return the same
      // token.
      const key = `${fingerprint} ${rejected ?? ''}`;
      let running = refreshing.get(key);
      if (running === undefined) {
        running = refresh(grant, rejected).finally(() => refreshing.delete(key));
        refreshing.set(key, running);
      }
      const fresh = await running;
      known.set(grant.accountId, fresh);
      return fresh.token;
    },
  };
}
