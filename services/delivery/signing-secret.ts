import type { TokenCipher } from '../google/token-cipher.ts';

/** A subscription's secrets as its row has them. */
export interface SealedSecrets {
  id: string;
  keyId: string;
  secret: Uint8Array;
  /** Null: there is none, or its time is over. */
  previousSecret: Uint8Array | null;
}

/** Opens the secrets that sign a delivery, the present one first. */
export function openSecrets(cipher: TokenCipher, { id, keyId, secret, previousSecret }: SealedSecrets) {
  return [secret, previousSecret]
    .filter((bytes) => bytes !== null)
    .map((bytes) => cipher.open({ keyId, bytes: new Uint8Array(bytes) }, id));
}
