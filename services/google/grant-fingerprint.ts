import { createHash } from 'node:crypto';

const LENGTH = 16;

/**
 * Distinguishes two grants of an account and reveals nothing else: it is derived from the sealed token, whose
 * nonce is new with every sealing. It may be stored in a workflow history.
 */
export function grantFingerprint(sealedRefreshToken: Uint8Array): string {
  return createHash('sha256').update(sealedRefreshToken).digest('hex').slice(0, LENGTH);
}
