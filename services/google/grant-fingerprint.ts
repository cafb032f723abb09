import { createHash } from 'node:crypto';

const LENGTH = 16;

/**
 * Tells two grants of an account apart, and nothing else: it is made of the sealed token, whose nonce is new with
 * every sealing. It may stand in a workflow history.
 */
export function grantFingerprint(sealedRefreshToken: Uint8Array): string {
  return createHash('sha256').update(sealedRefreshToken).digest('hex').slice(0, LENGTH);
}
