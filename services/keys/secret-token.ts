import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 64 bits that name the token, then 256 random bits that only its holder knows. */
const PARTS = /^([a-z]+_[0-9a-f]{16})_([A-Za-z0-9_-]{43})$/;

/** SHA-256 of a secret. A fast hash is enough for 256 random bits. */
export function digest(secret: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(secret).digest());
}

const NO_DIGEST = digest('');

/** A new token: `<prefix>_<16 hex digits>_<43 characters>`. Only the ID and the digest may be stored. */
export function createToken(prefix: string): {
  id: string;
  token: string;
  secretHash: Uint8Array<ArrayBuffer>;
} {
  const id = `${prefix}_${randomBytes(8).toString('hex')}`;
  const secret = randomBytes(32).toString('base64url');
  return { id, token: `${id}_${secret}`, secretHash: digest(secret) };
}

/** ID and secret of a token with this prefix; null if it has another form. */
export function parseToken(prefix: string, token: string): { id: string; secret: string } | null {
  const [, id = '', secret = ''] = PARTS.exec(token) ?? [];
  return id.startsWith(`${prefix}_`) ? { id, secret } : null;
}

/** Compares in constant time, also where there is no such token. */
export function isSecret(secret: string, secretHash: Uint8Array | undefined): boolean {
  return timingSafeEqual(digest(secret), secretHash ?? NO_DIGEST) && secretHash !== undefined;
}
