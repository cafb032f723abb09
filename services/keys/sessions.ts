import { z } from 'zod';
import type { Database, Transaction } from '../../prisma/client.ts';
import { NotFoundError } from '../errors.ts';
import { type Page, type PageRequest, readPage } from '../pages.ts';
import { instant } from '../shapes.ts';
import { type Caller, COMMAND_LINE_KEY_ID } from './api-keys.ts';
import {
  type ConsoleContext,
  createConsoleToken,
  endConsoleToken,
  findConsoleToken,
  isConsoleToken,
  readLiveSessions,
  type TokenHolder,
} from './console-tokens.ts';

const SESSION_MINUTES = 12 * 60;
const LINK_MINUTES = 10;
const MOST_USER_AGENT = 120;

export const sessionIdSchema = z.string().regex(/^ses_[0-9a-f]{16}$/, 'must be the ID of a session');

export const scopeSchema = z.union([z.literal('admin'), z.object({ workspaceId: z.string() })]);

export const sessionSchema = z.object({
  sessionId: sessionIdSchema,
  scope: scopeSchema,
  keyId: z.string().nullable().describe('Key that it came from. Null: the operator’s'),
  userAgent: z.string().nullable().describe('Browser, as it names itself, shortened'),
  createdAt: instant,
  lastUsedAt: instant.describe('Last use, accurate to the minute'),
  expiresAt: instant.describe('End at the latest. A session that is idle for two hours ends as well'),
});
type SessionSummary = z.infer<typeof sessionSchema>;

/** Signs a browser in with the rights of a caller, for twelve hours. */
export async function createSession(
  context: ConsoleContext,
  caller: Caller,
  userAgent: string | undefined,
): Promise<TokenHolder & { token: string }> {
  const shortened = userAgent?.replaceAll(/[^\x20-\x7e]/g, '').slice(0, MOST_USER_AGENT);
  return createConsoleToken(context, 'session', caller, {
    minutes: SESSION_MINUTES,
    userAgent: shortened || null,
  });
}

/** Whether a token has the form of a session's, so that the database has to be asked. */
export const isSessionToken = (token: string): boolean => isConsoleToken('session', token);

/** The session with this token; null if it has ended. */
export const findSession = async (context: ConsoleContext, token: string): Promise<TokenHolder | null> =>
  findConsoleToken(context, 'session', token);

/** Sessions that have not ended, ordered by ID. A workspace's database handle has that workspace's only. */
export async function pageOfSessions(
  database: Database,
  request: PageRequest<string>,
): Promise<Page<SessionSummary, string>> {
  const { rows, ...page } = await readPage(
    request,
    (after, take) => readLiveSessions(database, after, take),
    ({ id }) => id,
  );
  return {
    ...page,
    rows: rows.map(({ id, workspaceId, keyId, userAgent, ...times }) => ({
      sessionId: id,
      scope: workspaceId === null ? 'admin' : { workspaceId },
      keyId,
      userAgent,
      createdAt: times.createdAt.toISOString(),
      lastUsedAt: times.lastUsedAt.toISOString(),
      expiresAt: times.expiresAt.toISOString(),
    })),
  };
}

/** @throws NotFoundError when there is no such session */
export async function endSession(database: Database | Transaction, sessionId: string): Promise<void> {
  if (await endConsoleToken(database, 'session', sessionId)) return;
  throw new NotFoundError(`There is no session ${sessionId}.`);
}

/**
 * Ends a session and the embed links that it made. Signing out leaves the links.
 * @throws NotFoundError when there is no such session
 */
export async function revokeSession(database: Database, sessionId: string): Promise<void> {
  await database.$transaction(async (transaction) => {
    await endSession(transaction, sessionId);
    await transaction.embedLink.deleteMany({ where: { sessionId } });
  });
}

interface SignInLink {
  /** Token that signs one browser in, once. */
  signInToken: string;
  expiresAt: Date;
}

/** Makes a token that signs one browser in within ten minutes. Default: for the operator at the command line. */
export async function createSignInToken(
  context: ConsoleContext,
  caller: Caller = { keyId: COMMAND_LINE_KEY_ID, scope: 'admin', readOnly: false },
): Promise<SignInLink> {
  const { token, expiresAt } = await createConsoleToken(context, 'sign-in-link', caller, {
    minutes: LINK_MINUTES,
  });
  return { signInToken: token, expiresAt };
}

export const isSignInToken = (token: string): boolean => isConsoleToken('sign-in-link', token);

/** Uses a sign-in token up. The caller it signs in; null if it is unknown, used or expired. */
export async function spendSignInToken(context: ConsoleContext, token: string): Promise<Caller | null> {
  const holder = await findConsoleToken(context, 'sign-in-link', token);
  if (holder === null || !(await endConsoleToken(context.database, 'sign-in-link', holder.id))) return null;
  const { keyId, scope, readOnly } = holder;
  return { keyId, scope, readOnly };
}

/** Address that signs a browser in. The token is in the fragment, which no log and no Referer holds. */
export function signInUrl(origin: string, signInToken: string): string {
  return `${origin}/console/sign-in#token=${signInToken}`;
}
