import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A token at rest: nonce, tag and ciphertext in one value, and the ID of its key. */
interface SealedToken {
  keyId: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** Seals tokens for the database and opens them again. */
export interface TokenCipher {
  /** ID of the newest key, which `seal` uses by default. */
  keyId: string;
  /** @param keyId ID of another key, where the tokens of a row have to share one */
  seal(token: string, accountId: string, keyId?: string): SealedToken;
  /** @throws when the key is unknown, or the value was altered or belongs to another account. */
  open(sealed: SealedToken, accountId: string): string;
}

/** ID of a key: the first bytes of its digest, which reveal nothing about the key. */
export function keyIdOf(key: Buffer): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 8);
}

/**
 * AES-256-GCM for Google's tokens. The account ID is authenticated with the token, so that a value copied to
 * another account does not open there.
 * @param keys base64, 32 bytes each, newest first: the first seals, any opens
 */
export function createTokenCipher(keys: readonly string[]): TokenCipher {
  const byId = new Map(
    keys.map((encoded) => {
      const key = Buffer.from(encoded, 'base64');
      return [keyIdOf(key), key] as const;
    }),
  );
  const newest = byId.keys().next().value;
  if (newest === undefined) throw new Error('TOKEN_ENCRYPTION_KEY holds no key.');

  function keyOf(keyId: string): Buffer {
    const key = byId.get(keyId);
    if (key === undefined) throw new Error(`No configured key has the ID ${keyId}.`);
    return key;
  }

  return {
    keyId: newest,
    seal(token, accountId, keyId = newest) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, keyOf(keyId), nonce).setAAD(Buffer.from(accountId));
      const body = Buffer.concat([cipher.update(token, 'utf8'), cipher.final()]);
      return { keyId, bytes: new Uint8Array(Buffer.concat([nonce, cipher.getAuthTag(), body])) };
    },
    open(sealed, accountId) {
      const key = keyOf(sealed.keyId);
      const bytes = Buffer.from(sealed.bytes);
      const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      })
        .setAAD(Buffer.from(accountId))
        .setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      return (
        decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
      );
    },
  };
}
