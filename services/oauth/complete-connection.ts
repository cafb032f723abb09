import { z } from 'zod';
import { type AccountSummary, readAccount } from '../accounts/accounts.ts';
import { storeGrant } from '../accounts/store-grant.ts';
import type { ConnectionContext } from './begin-connection.ts';
import { type ConnectAttempt, takeAttempt } from './connect-attempts.ts';
import { ConnectionError, ConnectionRefusal } from './connection-error.ts';
import { exchangeCode } from './exchange-code.ts';
import { readAddress } from './read-address.ts';
import type { RedirectAnswer } from './redirect-answer.ts';
import { missingScopes } from './scopes.ts';

interface CompleteConnectionInput {
  answer: RedirectAnswer;
  /** Same value as for `beginConnection`. */
  caller: string;
  /** Expected workspace, if the caller knows it. */
  workspaceId?: string | undefined;
}

/** Google's error where the user refuses. Any other error is Google's own. */
const DENIED = 'access_denied';
const GOOGLE_ERROR = z.string().regex(/^[a-z_]{1,64}$/);

/**
 * Completes a connection with Google's answer. Connecting an account again replaces its grant and keeps its
 * row, calendars and sync tokens. A refused connection changes nothing.
 * @throws ConnectionError
 */
export async function completeConnection(
  context: ConnectionContext,
  { answer, caller, workspaceId }: CompleteConnectionInput,
): Promise<AccountSummary> {
  const attempt = await takeAttempt(context, caller, answer.state, workspaceId);
  if ('error' in answer) throw refusalOf(answer.error);
  return connectWithCode(context, attempt, answer.code);
}

/**
 * Connects the account of a taken attempt with Google's code.
 * @throws ConnectionError
 */
export async function connectWithCode(
  context: ConnectionContext,
  attempt: ConnectAttempt,
  code: string,
): Promise<AccountSummary> {
  const grant = await exchangeCode(context.oauth, attempt, code);
  const missing = missingScopes(grant.scopes);
  if (missing.length > 0) {
    throw new ConnectionError(
      ConnectionRefusal.scopeMissing,
      `Google did not grant ${missing.join(' and ')}: start again and leave every box ticked.`,
    );
  }
  const email = await readAddress(context.oauth.apiRootUrl, grant.accessToken);
  const { workspaceId } = attempt;
  const database = context.bind?.(workspaceId) ?? context.database;
  const account = { workspaceId, email, accountId: attempt.accountId };
  const accountId = await storeGrant({ ...context, database }, account, { ...grant, isVerified: true });
  return readAccount(database, accountId);
}

/** Reason why the user returned without a code. */
export function refusalOf(error: string): ConnectionError {
  if (error === DENIED) {
    return new ConnectionError(
      ConnectionRefusal.denied,
      'Access was not granted at Google: nothing was changed.',
    );
  }
  const word = GOOGLE_ERROR.safeParse(error).data ?? 'an error';
  return new ConnectionError(ConnectionRefusal.googleFailed, `Google refused the sign-in with ${word}.`);
}
