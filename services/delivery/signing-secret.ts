import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { TokenCipher } from '../google/token-cipher.ts';

/** The specification allows 24 to 64. */
const SECRET_BYTES = 32;

/** A new secret, in the form of Standard Webhooks. */
export function createSigningSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
}

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

/** Headers of a delivery as Standard Webhooks has them, with one signature for each secret. */
export function signedHeaders(
  secrets: readonly string[],
  { messageId, at, body }: { messageId: string; at: Date; body: string },
): Record<string, string> {
  return {
    'webhook-id': messageId,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(messageId, at, body)).join(' '),
  };
}
