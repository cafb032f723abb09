import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { AccountSummary } from '../accounts/accounts.ts';
import { InvalidInputError, RequiredInputError } from '../errors.ts';
import { parseInput, workspaceIdSchema } from '../input.ts';
import { addressOf, beginAttempt, type ConnectionContext, consentUrl } from './begin-connection.ts';
import { completeConnection, connectWithCode, refusalOf } from './complete-connection.ts';
import { passAttempt, returnUrlOf, takeAttempt, takeById } from './connect-attempts.ts';
import { forged, openState } from './connect-state.ts';
import type { RedirectAnswer } from './redirect-answer.ts';

/*
 * Connecting an account through a product: its backend, which has an API key, asks for it, and the browser of one of
 * its users consents. The two meet nowhere but in the product, so that an attempt is handed from one to the other. It
 * has one holder at a time, who alone knows the secret by which it goes on, and each secret serves once:
 *
 * 1. The backend begins, and gets a URL with a ticket, to which it sends its user.
 * 2. The first browser that opens it gets a cookie for the ticket, and goes on to Google with a state. Nobody else can
 *    use that state: the way back is open to whoever has the cookie.
 *    Without a `returnUrl` a page comes before that, which names the workspace that is to get the calendars.
 * 3. The browser comes back with Google's code. Without a `returnUrl` the account is connected now.
 * 4. With one, the browser goes on there with a `connection` that stands for the code, and the backend redeems it, if
 *    the user who brings it is the one for whom it began. A user who passes the URL of step 1 on to somebody else does
 *    not get that person's calendars: it is that person who arrives at the product.
 */

const RETURN_URL_RULE = 'must be a URL of an origin that API_RETURN_ORIGINS names, without user and fragment';
const SECRET_BYTES = 32;
const PASS = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([A-Za-z0-9_-]{43})$/;

/** What holders prove themselves by: a secret of one step is none of another. */
type Step = 'ticket' | 'browser' | 'connection';
const holder = (step: Step, secret: string) => `${step}:${secret}`;
const newSecret = () => randomBytes(SECRET_BYTES).toString('base64url');

/** An attempt's ID and the secret of its holder, as one word. */
function readPass(pass: string): { id: string; secret: string } {
  const [, id, secret] = PASS.exec(pass) ?? [];
  if (id === undefined || secret === undefined) throw forged();
  return { id, secret };
}

export interface BrowserConnectionContext extends ConnectionContext {
  /** Where browsers reach the API. */
  publicUrl: string;
  /** Origins that a `returnUrl` may have. */
  returnOrigins: readonly string[];
}

export const START_PATH = '/oauth/google/start';
export const CALLBACK_PATH = '/oauth/google/callback';

interface BeginRequest {
  workspaceId: string;
  /** Connect this account again, and no other. */
  accountId?: string | undefined;
  returnUrl?: string | undefined;
  /**
   * Whether the caller answers for every workspace. All others need a `returnUrl` where the installation allows one: a
   * tenant could send the URL to anybody, and get their calendars. Default: no.
   */
  isAdmin?: boolean;
}

/**
 * Step 1. The URL is for the browser of one user, and for no one else.
 * @throws NotFoundError when there is no such workspace or account; RequiredInputError without the `returnUrl` that the
 * caller needs.
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
  /** For a cookie of the browser that has opened it. */
  browser: string;
  /** Where the user consents. */
  url: string;
  expiresAt: Date;
  workspaceId: string;
  /** The account is connected as soon as the user has consented: no product finds out first whose it is. */
  isFinal: boolean;
}

/**
 * Step 2: takes a ticket in exchange for a cookie.
 * @throws ConnectionError when the ticket is used, expired, or none.
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
  const url = consentUrl(context.oauth, state, { ...attempt, email });
  return { attemptId: id, browser, url, expiresAt, workspaceId, isFinal: attempt.returnUrl === null };
}

/**
 * Step 3: the browser is back from Google.
 * @param browserOf the cookie that the browser has for an attempt
 * @returns the account, or where the browser goes on to.
 * @throws ConnectionError where nothing was connected and there is nowhere to go on to.
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
 * Step 4: the backend redeems what its user has brought.
 * @throws ConnectionError when it is used, expired, none, or of another workspace.
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
