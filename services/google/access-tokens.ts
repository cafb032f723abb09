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
   * A token that lives for at least another minute. `rejected` is one that Google has just answered with 401: it comes
   * back where the last one that Google rejected was replaced so shortly before that Google is not to be asked again.
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
/** Google gives an hour. What seems to live longer than this was stored by a clock that was wrong. */
const MOST_LIFE_MS = 24 * 3_600_000;
/** How often the row is looked at while another process refreshes its token, with as much jitter. */
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
 * Access tokens by account: from memory, else from the account's row, else from Google. Whoever asks Google takes a
 * lease first; callers of this process share its request, and other processes wait for the token in the row.
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

  /** The grant as its row holds it now, maybe under another key; null where the account has another one, or none. */
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

  /** Nothing is stored where the account has been connected again meanwhile: the token is of the grant before. */
  async function store(grant: SealedGrant, issued: IssuedToken, expiresAtMs: number): Promise<void> {
    const before = open(grant, grant.refreshToken);
    for (let row: SealedGrant | null = grant; row !== null; row = await current(row)) {
      const { accountId, keyId } = row;
      // One row has one key ID.
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

  /** Asks Google, unless another process does. */
  async function refresh(grant: SealedGrant, rejected: string | undefined): Promise<AccessToken> {
    for (;;) {
      const row = await current(grant);
      // The account has another grant: this one is refreshed for its callers alone.
      if (row === null) return request(grant);
      const found = stored(row);
      if (isUsable(found, rejected, await sharedNow())) return found;
      const forced = isUsable(found, undefined, await sharedNow());
      if (forced && !(await mayForce(database, row.accountId))) {
        // It may have been replaced after it was read.
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
      // A caller whose token was rejected must not be given it by those who know nothing of that.
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
