import { createTokenCipher } from '../services/google/token-cipher.ts';
import { type DisconnectedAccount, disconnectAccount } from '../services/accounts/disconnect-account.ts';
import type { Revocation } from '../services/accounts/revoke-account.ts';
import { requireVariables } from '../client/environment.ts';
import {
  createInteractiveGoogle,
  GOOGLE_CALENDAR_VARIABLES,
} from '../services/google/open-google-calendar.ts';
import type { CommandContext } from './command-context.ts';
import { printHint, printJson, printLine } from '../terminal/output.ts';

const AT_GOOGLE: Record<Revocation, string | undefined> = {
  revoked: undefined,
  none: undefined,
  failed:
    'Google could not be reached: the user can remove the access at https://myaccount.google.com/connections.',
  shared:
    'The grant is not revoked: another workspace uses the same account, and Google revokes all access of a user at once.',
};

/** Body of `almanac account disconnect`. */
export async function runDisconnect(
  { json, database, variables }: CommandContext,
  command: { workspaceId: string; account: string; purge: boolean },
): Promise<void> {
  const environment = requireVariables(
    variables,
    'DATABASE_URL',
    'TOKEN_ENCRYPTION_KEY',
    'GOOGLE_OAUTH_REVOKE_URL',
    ...GOOGLE_CALENDAR_VARIABLES,
  );
  const tokenCipher = createTokenCipher(environment.TOKEN_ENCRYPTION_KEY);
  const google = createInteractiveGoogle(await database(), tokenCipher, environment);
  const revokeUrl = environment.GOOGLE_OAUTH_REVOKE_URL;
  const gone = await disconnectAccount(
    { database: await database(), google, tokenCipher, revokeUrl },
    command,
  );
  const hint = AT_GOOGLE[gone.revocation];
  if (hint !== undefined) printHint(hint);
  if (json) printJson(gone);
  else printLine(describe(gone));
}

function describe({ email, calendars, purged }: DisconnectedAccount): string {
  return purged
    ? `Account ${email} is deleted, with ${calendars} calendars and their events.`
    : `Account ${email} is disconnected; ${calendars} calendars are disabled and keep their events.`;
}
