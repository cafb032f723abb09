import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { resolveAccountLetters } from '../activities/dead-letters/resolve-letters.ts';
import type { TokenCipher } from '../activities/google/token-cipher.ts';
import { DeadLetterOperation } from '../contracts/dead-letters.ts';
import type { Database } from '../prisma/client.ts';
import { emailSchema, parseInput, refreshTokenSchema, workspaceIdSchema } from './input.ts';
import { requireWorkspace } from './workspaces.ts';

const accountSchema = z.object({
  workspaceId: workspaceIdSchema,
  email: emailSchema,
  refreshToken: refreshTokenSchema,
});

export interface AccountSummary {
  id: string;
  workspaceId: string;
  email: string;
  status: string;
  calendars: number;
  calendarListSyncedAt: string | null;
  lastError?: string;
}

/**
 * Imports a grant that already exists. Adding an account again replaces its grant: it counts as connected, its
 * calendar list and calendars are due at once, and they go on from the sync tokens they have.
 * @throws NotFoundError when there is no such workspace.
 */
export async function addAccount(
  { database, tokenCipher }: { database: Database; tokenCipher: TokenCipher },
  input: z.input<typeof accountSchema>,
): Promise<AccountSummary> {
  const { workspaceId, email, refreshToken } = parseInput(accountSchema, input);
  return database.$transaction(async (transaction) => {
    await requireWorkspace(transaction, workspaceId);
    // The token is sealed with the account's ID: of two that add the same account, the second has to see the first's.
    await transaction.$queryRaw`select id from workspaces where id = ${workspaceId} for no key update`;
    const key = { workspaceId_email: { workspaceId, email } };
    const known = await transaction.calendarAuthToken.findUnique({ where: key, select: { id: true } });
    const id = known?.id ?? randomUUID();
    const sealed = tokenCipher.seal(refreshToken, id);
    const now = new Date();
    const grant = {
      keyId: sealed.keyId,
      refreshToken: sealed.bytes,
      accessToken: null,
      accessTokenExpiresAt: null,
      refreshingUntil: null,
      status: 'connected',
      lastError: null,
      calendarListDueAt: now,
    };
    const account = await transaction.calendarAuthToken.upsert({
      where: key,
      create: { id, workspaceId, email, ...grant },
      update: grant,
      include: { calendars: { select: { id: true }, where: { status: { not: 'removed' } } } },
    });
    await transaction.calendarSyncState.updateMany({
      where: { calendar: { accountId: id, status: 'active', enabled: true } },
      data: { nextSyncAt: now, failures: 0, lastError: null, lastErrorAt: null },
    });
    await resolveAccountLetters(transaction, id, [DeadLetterOperation.consent]);
    return summarise(account, account.calendars.length);
  });
}

export async function listAccounts(database: Database, workspaceId: string): Promise<AccountSummary[]> {
  await requireWorkspace(database, workspaceId);
  const accounts = await database.calendarAuthToken.findMany({
    where: { workspaceId },
    orderBy: { email: 'asc' },
    omit: { refreshToken: true, accessToken: true },
    include: { calendars: { select: { id: true }, where: { status: { not: 'removed' } } } },
  });
  return accounts.map(({ calendars, ...account }) => summarise(account, calendars.length));
}

interface AccountRow {
  id: string;
  workspaceId: string;
  email: string;
  status: string;
  calendarListSyncedAt: Date | null;
  lastError: string | null;
}

function summarise(account: AccountRow, calendars: number): AccountSummary {
  const { id, workspaceId, email, status, calendarListSyncedAt, lastError } = account;
  return {
    id,
    workspaceId,
    email,
    status,
    calendars,
    calendarListSyncedAt: calendarListSyncedAt?.toISOString() ?? null,
    ...(lastError !== null && { lastError }),
  };
}
