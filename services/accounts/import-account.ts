import type { z } from 'zod';
import { createGoogleQuota } from '../google/quota.ts';
import type { TokenCipher } from '../google/token-cipher.ts';
import { PriorityKey } from '../../contracts/priorities.ts';
import type { Database } from '../../prisma/client.ts';
import { type AccountSummary, grantInput, readAccount } from './accounts.ts';
import { InvalidInputError, RateLimitedError } from '../errors.ts';
import { parseInput } from '../input.ts';
import type { OAuthClientSettings } from '../oauth/oauth-client.ts';
import { verifyGrant } from '../oauth/verify-grant.ts';
import { storeGrant } from './store-grant.ts';
import { requireWorkspace } from '../workspaces.ts';

/** Of one workspace, each with a request that counts in the project's quota. */
const IMPORTS_PER_MINUTE = 600;

interface ImportContext {
  database: Database;
  /** The whole database, for Google's quota is shared by all workspaces. Default: `database`. */
  shared?: Database;
  tokenCipher: TokenCipher;
  oauth: OAuthClientSettings;
}

/**
 * Imports a grant that exists already, once Google has said that it is valid and whose it is. Importing an account again
 * replaces its grant, as connecting it again does. What is refused changes nothing.
 * @throws NotFoundError when there is no such workspace; InvalidInputError when Google does not accept the grant, or it
 * is another account's; ConnectionError when Google cannot be asked.
 */
export async function importAccount(
  context: ImportContext,
  input: z.input<typeof grantInput>,
): Promise<AccountSummary> {
  const { workspaceId, email, refreshToken } = parseInput(grantInput, input);
  const { database, shared = database, oauth } = context;
  await requireWorkspace(database, workspaceId);
  await chargeImport(shared, workspaceId);
  const named = await verifyGrant(oauth, refreshToken);
  if (named.email !== email) {
    throw new InvalidInputError(
      'email',
      'must be the address of the Google account that the refresh token belongs to, as Google spells it',
    );
  }
  return readAccount(database, await storeGrant(context, { workspaceId, email: named.email }, named.grant));
}

async function chargeImport(database: Database, workspaceId: string): Promise<void> {
  const limits = { project: IMPORTS_PER_MINUTE, user: IMPORTS_PER_MINUTE };
  const quota = createGoogleQuota(database, limits, () => PriorityKey.interactive);
  const waitMs = await quota.take(`import/${workspaceId}`, 'read');
  if (waitMs === 0) return;
  throw new RateLimitedError(
    `Google is being spared, or more than ${IMPORTS_PER_MINUTE} accounts a minute were imported: try again in ${Math.ceil(waitMs / 1_000)} seconds.`,
  );
}
