import { randomBytes } from 'node:crypto';

/** The specification allows 24 to 64. */
const SECRET_BYTES = 32;

/** A new secret, in the form of Standard Webhooks. */
export function createSigningSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
}

/**
 * Headers of a message as Standard Webhooks has them, with one signature for each secret. What signs is loaded
 * with the first message: most processes send none.
 */
export async function signedHeaders(
  secrets: readonly string[],
  { messageId, at, body }: { messageId: string; at: Date; body: string },
): Promise<Record<string, string>> {
  const { Webhook } = await import('standardwebhooks');
  return {
    'webhook-id': messageId,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(messageId, at, body)).join(' '),
  };
}
