import { randomUUID } from 'node:crypto';
import { readClock } from '../../prisma/read-clock.ts';
import type { DeliveryContext, Scope } from './context.ts';
import { type Delivery, listDeliveries, logAttempt } from './delivery-log.ts';
import { postDelivery } from './post-delivery.ts';
import { openSecrets } from './signing-secret.ts';
import { requireWebhook } from './webhooks.ts';

/**
 * Posts a message of the type `webhook.test`, signed like a delivery, also to a paused subscription. Its
 * outcome is logged and changes nothing else.
 */
export async function testWebhook(
  { database, tokenCipher, guard }: DeliveryContext,
  scope: Scope,
  webhookId: string,
): Promise<Delivery> {
  const webhook = await requireWebhook(database, scope, webhookId);
  const at = await readClock(database);
  const { id, workspaceId, url, previousSecretUntil } = webhook;
  const isOver = previousSecretUntil === null || previousSecretUntil <= at;
  const secrets = openSecrets(tokenCipher, {
    ...webhook,
    previousSecret: isOver ? null : webhook.previousSecret,
  });
  const data = { webhookId: id, workspaceId };
  const messageId = `msg_${randomUUID().replaceAll('-', '')}`;
  const body = JSON.stringify({ type: 'webhook.test', timestamp: at.toISOString(), data });
  const { status, error, latencyMs } = await postDelivery({ url, secrets, messageId, at, body }, guard);
  const attempt = { workspaceId, log: 'events' as const, messageId, after: null, position: null, changes: 0 };
  await logAttempt(database, id, { ...attempt, status, error, latencyMs });
  const logged = await listDeliveries(database, scope, id);
  const delivery = logged.find((one) => one.messageId === messageId);
  if (delivery === undefined) throw new Error('The attempt was not logged.');
  return delivery;
}
