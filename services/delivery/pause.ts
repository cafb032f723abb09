import type { Database } from '../../prisma/client.ts';
import type { Scope } from './context.ts';
import type { Webhook } from './subscription-input.ts';
import { wakeDeliveries } from './wake.ts';
import { requireWebhook, toWebhook } from './webhooks.ts';

/** Pauses a subscription. Its cursor stays, so that nothing is missed when it is resumed. */
export async function pauseWebhook(database: Database, scope: Scope, webhookId: string): Promise<Webhook> {
  const { id, status } = await requireWebhook(database, scope, webhookId);
  if (status === 'active')
    await database.webhookSubscription.updateMany({
      where: { id, status: 'active' },
      data: { status: 'paused', pauseReason: 'requested', claim: null },
    });
  return toWebhook(await requireWebhook(database, scope, id));
}

/**
 * Resumes a paused subscription where it has stopped, and tries a failing one at once. One that is `behind`
 * stops again: replay it.
 */
export async function resumeWebhook(database: Database, scope: Scope, webhookId: string): Promise<Webhook> {
  const { id } = await requireWebhook(database, scope, webhookId);
  return database.$transaction(async (transaction) => {
    const row = await transaction.webhookSubscription.update({
      where: { id },
      data: {
        status: 'active',
        pauseReason: null,
        failures: 0,
        failingSince: null,
        retryAt: null,
        claim: null,
      },
    });
    await wakeDeliveries(transaction, id);
    return toWebhook(row);
  });
}

/** Resumes the subscriptions of a workspace, or those for all (null), that are paused for a failure. */
export async function resumeFailedWebhooks(database: Database, workspaceId: string | null): Promise<void> {
  const failed = await database.webhookSubscription.findMany({
    where: { workspaceId, status: 'paused', pauseReason: { not: 'requested' } },
    select: { id: true },
  });
  for (const { id } of failed) await resumeWebhook(database, workspaceId, id);
}
