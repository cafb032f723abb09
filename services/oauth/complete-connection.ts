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
  /** As given to `beginConnection`. */
  caller: string;
  /** Where the caller knows which workspace it must be. */
  workspaceId?: string | undefined;
}

/** What users can answer besides yes. Anything else that Google sends is its own word for it. */
const DENIED = 'access_denied';
const GOOGLE_ERROR = z.string().regex(/^[a-z_]{1,64}$/);

/**
 * Completes what `beginConnection` began with what Google sent back. Connecting an account again replaces its grant
 * and keeps its row, calendars and sync tokens. Whatever is refused changes nothing.
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
 * Connects the account of an attempt that was taken with the code that Google has sent back for it.
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
      `Google did not grant ${missing.join(' and ')}: begin again and leave every box ticked.`,
    );
  }
  const email = await readAddress(context.oauth.apiRootUrl, grant.accessToken);
  const { workspaceId } = attempt;
  const database = context.bind?.(workspaceId) ?? context.database;
  const account = { workspaceId, email, accountId: attempt.accountId };
  const accountId = await storeGrant({ ...context, database }, account, { ...grant, isVerified: true });
  return readAccount(database, accountId);
}

/** Why the user came back without a code. */
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
