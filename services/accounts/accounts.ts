import { z } from 'zod';
import type { TokenCipher } from '../google/token-cipher.ts';
import type { Database } from '../../prisma/client.ts';
import { emailSchema, parseInput, refreshTokenSchema, workspaceIdSchema } from '../input.ts';
import { type Page, type PageRequest, readAllPages, readPage } from '../pages.ts';
import { mayWrite } from '../oauth/scopes.ts';
import { failureType, instant, uuid } from '../shapes.ts';
import { storeGrant } from './store-grant.ts';
import { requireWorkspace } from '../workspaces.ts';

export const grantInput = z.object({
  workspaceId: workspaceIdSchema,
  email: emailSchema,
  refreshToken: refreshTokenSchema,
});

export const accountSchema = z.object({
  id: uuid('the account'),
  workspaceId: z.string(),
  email: z.string(),
  status: z.enum(['connected', 'needs_reconnect', 'disconnected']),
  mayWrite: z.boolean().describe('Whether its grant allows events to be changed'),
  calendars: z.int().describe('Calendars in its calendar list'),
  calendarListSyncedAt: instant.nullable().describe('Latest read of its calendar list'),
  lastError: failureType,
});
export type AccountSummary = z.infer<typeof accountSchema>;

/**
 * Stores an existing grant without asking Google whose it is: for grants that this process created. Adding an
 * account again replaces its grant, as connecting it again does. Use `importAccount` for every other grant.
 * @throws NotFoundError when there is no such workspace.
 */
export async function addAccount(
  context: { database: Database; tokenCipher: TokenCipher },
  input: z.input<typeof grantInput>,
): Promise<AccountSummary> {
  const { workspaceId, email, refreshToken } = parseInput(grantInput, input);
  return readAccount(context.database, await storeGrant(context, { workspaceId, email }, { refreshToken }));
}

const COLUMNS = {
  id: true,
  workspaceId: true,
  email: true,
  status: true,
  scopes: true,
  calendarListSyncedAt: true,
  lastError: true,
  _count: { select: { calendars: { where: { status: { not: 'removed' } } } } },
} as const;

/** Reads an account by its ID, which must exist. */
export async function readAccount(database: Database, id: string): Promise<AccountSummary> {
  return summarise(await database.calendarAuthToken.findUniqueOrThrow({ where: { id }, select: COLUMNS }));
}

/** One page of a workspace's accounts, ordered by address. */
export async function pageOfAccounts(
  database: Database,
  workspaceId: string,
  request: PageRequest<string>,
): Promise<Page<AccountSummary, string>> {
  await requireWorkspace(database, workspaceId);
  const { rows, ...page } = await readPage(
    request,
    (after, take) =>
      database.calendarAuthToken.findMany({
        where: { workspaceId, email: { gt: after } },
        orderBy: { email: 'asc' },
        select: COLUMNS,
        take,
      }),
    ({ email }) => email,
  );
  return { ...page, rows: rows.map(summarise) };
}

/** Rows of every page of `pageOfAccounts`. */
export async function listAccounts(database: Database, workspaceId: string): Promise<AccountSummary[]> {
  return readAllPages((page: PageRequest<string>) => pageOfAccounts(database, workspaceId, page));
}

interface AccountRow {
  id: string;
  workspaceId: string;
  email: string;
  status: string;
  scopes: string[];
  calendarListSyncedAt: Date | null;
  lastError: string | null;
  _count: { calendars: number };
}

function summarise(account: AccountRow): AccountSummary {
  const { id, workspaceId, email, status, scopes, calendarListSyncedAt, lastError, _count } = account;
  return {
    id,
    workspaceId,
    email,
    status: status as AccountSummary['status'],
    mayWrite: mayWrite(scopes),
    calendars: _count.calendars,
    calendarListSyncedAt: calendarListSyncedAt?.toISOString() ?? null,
    ...(lastError !== null && { lastError }),
  };
}
