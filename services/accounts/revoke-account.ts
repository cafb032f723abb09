import type { TokenCipher } from '../google/token-cipher.ts';
import type { Database } from '../../prisma/client.ts';
import { revokeGrant } from '../oauth/revoke-grant.ts';

/**
 * Outcome of revoking the grant at Google. `failed`: the user should remove it there. `shared`: left alone,
 * because another workspace uses a grant of the same user, and Google ends all of them together. `none`:
 * there was none left.
 */
export const REVOCATIONS = ['revoked', 'failed', 'shared', 'none'] as const;
export type Revocation = (typeof REVOCATIONS)[number];

export interface RevokeContext {
  database: Database;
  /** Handle for all workspaces, to find others that have the account. Default: `database`. */
  shared?: Database;
  tokenCipher: TokenCipher;
  revokeUrl: string;
}

/** Ends the use of an account's grant, here and at Google. Repeated, it asks Google again. */
export async function revokeAccount(
  { database, shared = database, tokenCipher, revokeUrl }: RevokeContext,
  { id, email, keyId, refreshToken }: { id: string; email: string; keyId: string; refreshToken: Uint8Array },
): Promise<Revocation> {
  if (refreshToken.length === 0) return 'none';
  // Runs before the others are counted: if two workspaces disconnect at once, at least one sees that it is
  // the last.
  await database.calendarAuthToken.updateMany({ where: { id }, data: { status: 'disconnected' } });
  // An address that Google has not confirmed is only a claim, and must not keep another user's grant alive.
  const others = await shared.calendarAuthToken.count({
    where: { email, status: 'connected', addressVerifiedAt: { not: null }, id: { not: id } },
  });
  if (others > 0) return 'shared';
  let token: string;
  try {
    token = tokenCipher.open({ keyId, bytes: new Uint8Array(refreshToken) }, id);
  } catch {
    return 'failed';
  }
  return (await revokeGrant(revokeUrl, token)) ? 'revoked' : 'failed';
}
