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

/** Imports per workspace. Each makes a request that counts against the project's quota. */
const IMPORTS_PER_MINUTE = 600;

interface ImportContext {
  database: Database;
  /** Handle for all workspaces, because they share Google's quota. Default: `database`. */
  shared?: Database;
  tokenCipher: TokenCipher;
  oauth: OAuthClientSettings;
}

/**
 * Imports an existing grant after Google has confirmed that it is valid and whose it is. Importing an account
 * again replaces its grant, as connecting it again does. A refused import changes nothing.
 * @throws NotFoundError when there is no such workspace; InvalidInputError when Google rejects the grant,
 *   or it belongs to another account; ConnectionError when Google cannot be reached.
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
  const limits = { project: IMPORTS_PER_MINUTE, user: IMPORTS_PER_MINUTE, writes: 1 };
  const quota = createGoogleQuota(database, limits, () => PriorityKey.interactive);
  const waitMs = await quota.take(`import/${workspaceId}`, 'read');
  if (waitMs === 0) return;
  throw new RateLimitedError(
    `Requests to Google are paused, or more than ${IMPORTS_PER_MINUTE} accounts were imported within a minute: try again in ${Math.ceil(waitMs / 1_000)} seconds.`,
  );
}
