import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { AccountSummary } from '../accounts/accounts.ts';
import { InvalidInputError, RequiredInputError } from '../errors.ts';
import { parseInput, workspaceIdSchema } from '../input.ts';
import { readWriting } from '../workspaces.ts';
import { addressOf, beginAttempt, type ConnectionContext, consentUrl } from './begin-connection.ts';
import { completeConnection, connectWithCode, refusalOf } from './complete-connection.ts';
import { passAttempt, returnUrlOf, takeAttempt, takeById } from './connect-attempts.ts';
import { forged, openState } from './connect-state.ts';
import type { RedirectAnswer } from './redirect-answer.ts';

/*
 * Connects an account through a product. The product's backend has an API key and begins; the browser of one of
 * its users consents. The two share only the product, so the attempt is passed from one to the other. It has one
 * holder at a time, who alone knows the secret of the next step, and each secret is valid once:
 *
 * 1. The backend begins, and gets a URL with a ticket, to which it sends its user.
 * 2. The first browser that opens the URL exchanges the ticket for a cookie, and goes to Google with a state.
 *    Only the browser with that cookie can use the state. Without a `returnUrl`, a page first names the workspace
 *    that will get the calendars.
 * 3. The browser returns with Google's code. Without a `returnUrl`, the account is connected here.
 * 4. With a `returnUrl`, the browser goes there with a `connection` that represents the code. The backend redeems
 *    it after checking that its user is the one for whom it began. So a user who passes the URL of step 1 to
 *    another person does not get that person's calendars: that person arrives at the product, not the user.
 */

const RETURN_URL_RULE = 'must be a URL of an origin that API_RETURN_ORIGINS names, without user and fragment';
const SECRET_BYTES = 32;
const PASS = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([A-Za-z0-9_-]{43})$/;

/** Credential of a holder. A secret of one step is not valid for another. */
type Step = 'ticket' | 'browser' | 'connection';
const holder = (step: Step, secret: string) => `${step}:${secret}`;
const newSecret = () => randomBytes(SECRET_BYTES).toString('base64url');

/** Splits a pass into the attempt's ID and the holder's secret. */
function readPass(pass: string): { id: string; secret: string } {
  const [, id, secret] = PASS.exec(pass) ?? [];
  if (id === undefined || secret === undefined) throw forged();
  return { id, secret };
}

export interface BrowserConnectionContext extends ConnectionContext {
  /** URL at which browsers reach the API. */
  publicUrl: string;
  /** Allowed origins of a `returnUrl`. */
  returnOrigins: readonly string[];
}

export const START_PATH = '/oauth/google/start';
export const CALLBACK_PATH = '/oauth/google/callback';

interface BeginRequest {
  workspaceId: string;
  /** Account to be connected again. Absent: any account. */
  accountId?: string | undefined;
  returnUrl?: string | undefined;
  /**
   * Whether the caller is an admin. Other callers need a `returnUrl` where the installation allows one;
   * without it, a tenant could send the URL to any person and get their calendars. Default: no.
   */
  isAdmin?: boolean;
}

/**
 * Step 1. The URL is for the browser of one user only.
 * @throws NotFoundError when there is no such workspace or account; RequiredInputError when the caller
 *   needs a `returnUrl`.
 */
export async function beginBrowserConnection(
  context: BrowserConnectionContext,
  { workspaceId, accountId, returnUrl, isAdmin = false }: BeginRequest,
): Promise<{ url: string; expiresAt: string }> {
  if (returnUrl === undefined && !isAdmin && context.returnOrigins.length > 0) {
    throw new RequiredInputError(
      'returnUrl',
      `must be given with the key of a workspace, and ${RETURN_URL_RULE}`,
    );
  }
  const goOnTo = returnUrl === undefined ? undefined : readReturnUrl(context.returnOrigins, returnUrl);
  const secret = newSecret();
  const { id, expiresAt } = await beginAttempt(context, {
    workspaceId,
    accountId,
    returnUrl: goOnTo,
    caller: holder('ticket', secret),
    redirectUri: `${context.publicUrl}${CALLBACK_PATH}`,
  });
  const url = `${context.publicUrl}${START_PATH}?ticket=${id}.${secret}`;
  return { url, expiresAt: expiresAt.toISOString() };
}

function readReturnUrl(origins: readonly string[], text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && origins.includes(url.origin) && url.username + url.password + url.hash === '')
    return url.href;
  throw new InvalidInputError('returnUrl', RETURN_URL_RULE);
}

interface OpenedTicket {
  attemptId: string;
  /** Secret for a cookie in the browser that opened the ticket. */
  browser: string;
  /** URL at which the user consents. */
  url: string;
  expiresAt: Date;
  workspaceId: string;
  /**
   * Whether the account is connected as soon as the user consents, without a product that checks who the user
   * is.
   */
  isFinal: boolean;
}

/**
 * Step 2: exchanges a ticket for a cookie.
 * @throws ConnectionError when the ticket is used, expired or invalid.
 */
export async function openTicket(context: BrowserConnectionContext, ticket: string): Promise<OpenedTicket> {
  const { id, secret } = readPass(ticket);
  const browser = newSecret();
  const { state, expiresAt, ...attempt } = await passAttempt(context, id, {
    from: holder('ticket', secret),
    to: holder('browser', browser),
  });
  const { workspaceId, accountId } = attempt;
  const email = accountId && (await addressOf(context.database, workspaceId, accountId));
  const writing = await readWriting(context.database, workspaceId);
  const url = consentUrl(context.oauth, state, { ...attempt, email, writing });
  return { attemptId: id, browser, url, expiresAt, workspaceId, isFinal: attempt.returnUrl === null };
}

/**
 * Step 3: the browser returns from Google.
 * @param browserOf returns the browser's cookie for an attempt
 * @returns the account, or the URL to which the browser is sent
 * @throws ConnectionError when nothing was connected and there is no URL to continue to.
 */
export async function comeBack(
  context: BrowserConnectionContext,
  answer: RedirectAnswer,
  browserOf: (attemptId: string) => string | undefined,
): Promise<{ account: AccountSummary } | { goOnTo: string }> {
  const { attemptId } = openState(context.tokenCipher, answer.state);
  const caller = holder('browser', browserOf(attemptId) ?? '');
  const returnUrl = await returnUrlOf(context, caller, attemptId);
  if (returnUrl === null) return { account: await completeConnection(context, { answer, caller }) };
  if ('error' in answer) {
    await takeAttempt(context, caller, answer.state, undefined);
    return { goOnTo: withParameter(returnUrl, 'error', refusalOf(answer.error).reason) };
  }
  const secret = newSecret();
  const to = holder('connection', secret);
  await passAttempt(context, attemptId, { from: caller, to, code: answer.code });
  return { goOnTo: withParameter(returnUrl, 'connection', `${attemptId}.${secret}`) };
}

function withParameter(url: string, name: string, value: string): string {
  const target = new URL(url);
  target.searchParams.set(name, value);
  return target.href;
}

const redeemSchema = z.object({ workspaceId: workspaceIdSchema, connection: z.string() });

/**
 * Step 4: the backend redeems the connection that its user has brought.
 * @throws ConnectionError when it is used, expired, invalid, or belongs to another workspace.
 */
export async function redeemConnection(
  context: ConnectionContext,
  input: z.input<typeof redeemSchema>,
): Promise<AccountSummary> {
  const { workspaceId, connection } = parseInput(redeemSchema, input);
  const { id, secret } = readPass(connection);
  const { code, ...attempt } = await takeById(context, holder('connection', secret), id, workspaceId);
  if (code === null) throw forged();
  return connectWithCode(context, attempt, code);
}
