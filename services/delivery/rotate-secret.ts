import { z } from 'zod';
import { MOST_SECRET_OVERLAP_HOURS } from '../../contracts/limits.ts';
import { parseInput } from '../input.ts';
import { createSigningSecret } from '../notifier/standard-webhooks.ts';
import type { DeliveryContext, Scope } from './context.ts';
import type { createdWebhookSchema } from './subscription-input.ts';
import { requireWebhook, toWebhook } from './webhooks.ts';

const HOURS_RULE = `must be a whole number of hours from 0 to ${MOST_SECRET_OVERLAP_HOURS}`;

export const secretRotation = z.strictObject({
  overlapHours: z
    .int({ error: HOURS_RULE })
    .min(0, HOURS_RULE)
    .max(MOST_SECRET_OVERLAP_HOURS, HOURS_RULE)
    .default(24)
    .describe('How long the present secret signs as well, in hours'),
});

/** Replaces a subscription's secret. Until the overlap ends, deliveries are signed with both. */
export async function rotateSecret(
  { database, tokenCipher }: DeliveryContext,
  scope: Scope,
  webhookId: string,
  input: z.input<typeof secretRotation> = {},
): Promise<z.infer<typeof createdWebhookSchema>> {
  const { overlapHours } = parseInput(secretRotation, input);
  const secret = createSigningSecret();
  return database.$transaction(async (transaction) => {
    const { id } = await requireWebhook(transaction, scope, webhookId);
    await transaction.$queryRaw`select from webhook_subscriptions where id = ${id}::uuid for update`;
    const present = await requireWebhook(transaction, scope, id);
    // Both have to share one key, which may be newer than the present secret's.
    const kept = tokenCipher.open({ keyId: present.keyId, bytes: present.secret }, id);
    const { keyId, bytes } = tokenCipher.seal(secret, id);
    const previous = tokenCipher.seal(kept, id).bytes;
    await transaction.$executeRaw`
      update webhook_subscriptions set key_id = ${keyId}, secret = ${bytes},
        previous_secret = ${overlapHours === 0 ? null : previous},
        previous_secret_until = now() + nullif(${overlapHours}::int, 0) * interval '1 hour'
      where id = ${id}::uuid`;
    return { ...toWebhook(await requireWebhook(transaction, scope, id)), secret };
  });
}
