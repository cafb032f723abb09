import { z } from 'zod';
import type { TokenCipher } from '../activities/google/token-cipher.ts';
import type { Database } from '../prisma/client.ts';
import { emailSchema, parseInput, refreshTokenSchema, workspaceIdSchema } from './input.ts';
import { storeGrant } from './store-grant.ts';
import { requireWorkspace } from './workspaces.ts';

export const accountSchema = z.object({
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
 * Stores a grant that already exists, without asking Google whose it is: for grants that the process has made itself.
 * Adding an account again replaces its grant, as connecting it again does. `importAccount` is for all others.
 * @throws NotFoundError when there is no such workspace.
 */
export async function addAccount(
  context: { database: Database; tokenCipher: TokenCipher },
  input: z.input<typeof accountSchema>,
): Promise<AccountSummary> {
  const { workspaceId, email, refreshToken } = parseInput(accountSchema, input);
  return readAccount(context.database, await storeGrant(context, { workspaceId, email }, { refreshToken }));
}

const COLUMNS = {
  id: true,
  workspaceId: true,
  email: true,
  status: true,
  calendarListSyncedAt: true,
  lastError: true,
  calendars: { select: { id: true }, where: { status: { not: 'removed' } } },
} as const;

/** An account by its ID, which has to be there. */
export async function readAccount(database: Database, id: string): Promise<AccountSummary> {
  return summarise(await database.calendarAuthToken.findUniqueOrThrow({ where: { id }, select: COLUMNS }));
}

export async function listAccounts(database: Database, workspaceId: string): Promise<AccountSummary[]> {
  await requireWorkspace(database, workspaceId);
  const accounts = await database.calendarAuthToken.findMany({
    where: { workspaceId },
    orderBy: { email: 'asc' },
    select: COLUMNS,
  });
  return accounts.map(summarise);
}

interface AccountRow {
  id: string;
  workspaceId: string;
  email: string;
  status: string;
  calendarListSyncedAt: Date | null;
  lastError: string | null;
  calendars: { id: string }[];
}

function summarise(account: AccountRow): AccountSummary {
  const { id, workspaceId, email, status, calendarListSyncedAt, lastError, calendars } = account;
  return {
    id,
    workspaceId,
    email,
    status,
    calendars: calendars.length,
    calendarListSyncedAt: calendarListSyncedAt?.toISOString() ?? null,
    ...(lastError !== null && { lastError }),
  };
}
