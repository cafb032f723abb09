import { randomUUID } from 'node:crypto';
import { resolveAccountDeadLetters } from '../dead-letters/resolve-dead-letters.ts';
import type { TokenCipher } from '../google/token-cipher.ts';
import { DeadLetterOperation } from '../../contracts/dead-letters.ts';
import { Quota } from '../../contracts/quotas.ts';
import type { Database } from '../../prisma/client.ts';
import { readClock } from '../../prisma/read-clock.ts';
import { ConnectionError, ConnectionRefusal } from '../oauth/connection-error.ts';
import { requireRoom } from '../quota.ts';
import { requireWorkspace } from '../workspaces.ts';

/** A grant as Google issues it for an account. */
export interface Grant {
  refreshToken: string;
  accessToken?: string;
  /** Remaining life of the access token, in milliseconds. */
  accessTokenLifeMs?: number;
  /** Granted scopes. Default: unknown. */
  scopes?: string[];
  /** Whether Google has confirmed the address for this grant. Default: no. */
  isVerified?: boolean;
}

interface GrantOwner {
  workspaceId: string;
  email: string;
  /**
   * Account to which the grant must belong. Default: the account with this address, which is created if it
   * does not exist.
   */
  accountId?: string | null;
}

/**
 * Stores an account's grant, and replaces any earlier one. The account counts as connected. Its calendar list
 * and calendars are due at once and continue from their sync tokens. Calendars that were disabled with the
 * account are enabled again. Returns the account's ID.
 * @throws NotFoundError when there is no such workspace, ConnectionError when the grant belongs to another
 *   account.
 */
export async function storeGrant(
  { database, tokenCipher }: { database: Database; tokenCipher: TokenCipher },
  { workspaceId, email, accountId = null }: GrantOwner,
  { refreshToken, accessToken, accessTokenLifeMs, scopes = [], isVerified = false }: Grant,
): Promise<string> {
  return database.$transaction(async (transaction) => {
    await requireWorkspace(transaction, workspaceId);
    // The token is sealed with the account's ID. Of two callers that add the same account, the second has to
    // see the first's row.
    await transaction.$queryRaw`select id from workspaces where id = ${workspaceId} for no key update`;
    const key = { workspaceId_email: { workspaceId, email } };
    const known = await transaction.calendarAuthToken.findUnique({ where: key, select: { id: true } });
    if (accountId !== null && known?.id !== accountId) {
      throw new ConnectionError(
        ConnectionRefusal.otherAccount,
        `This Google account is not account ${accountId}: sign in with that account's address.`,
      );
    }
    if (known === null) {
      const count = await transaction.calendarAuthToken.count({ where: { workspaceId } });
      requireRoom('accounts in a workspace', Quota.accounts, { count });
    }
    const id = known?.id ?? randomUUID();
    const seal = (token: string) => tokenCipher.seal(token, id).bytes;
    const now = await readClock(transaction);
    const grant = {
      keyId: tokenCipher.keyId,
      refreshToken: seal(refreshToken),
      accessToken: accessToken === undefined ? null : seal(accessToken),
      accessTokenExpiresAt:
        accessTokenLifeMs === undefined ? null : new Date(now.getTime() + accessTokenLifeMs),
      refreshingUntil: null,
      refreshForcedAt: null,
      scopes,
      status: 'connected',
      lastError: null,
      calendarListDueAt: now,
      calendarListIncompleteSince: null,
      addressVerifiedAt: isVerified ? now : null,
    };
    await transaction.calendarAuthToken.upsert({
      where: key,
      create: { id, workspaceId, email, ...grant },
      update: grant,
    });
    await transaction.calendar.updateMany({
      where: { accountId: id, disconnected: true },
      data: { enabled: true, disconnected: false },
    });
    await transaction.calendarSyncState.updateMany({
      where: { calendar: { accountId: id, status: 'active', enabled: true } },
      data: { nextSyncAt: now, failures: 0, lastError: null, lastErrorAt: null },
    });
    await resolveAccountDeadLetters(transaction, id, [DeadLetterOperation.consent]);
    return id;
  });
}
