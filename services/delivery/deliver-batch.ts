import type { DeliverBatchResult } from '../../contracts/delivery.ts';
import { type Metrics, noMetrics } from '../metrics.ts';
import type { UsageMeter } from '../usage/usage-meter.ts';
import { claimBatch } from './claim-batch.ts';
import type { DeliveryContext } from './context.ts';
import { isAccepted, postDelivery } from './post-delivery.ts';
import { type DeliveryRun, messageIdOf, pauseFailing, recordAccepted, recordFailed } from './settle-batch.ts';
import { openSecrets } from './signing-secret.ts';
import { writeMessage } from './write-message.ts';

/**
 * Makes the next delivery of a subscription, if there is one and its receiver may be asked. No transaction is
 * open while the receiver is asked; the cursor moves only after it has accepted.
 */
export async function deliverBatch(
  { database, tokenCipher, guard }: DeliveryContext,
  subscriptionId: string,
  run: DeliveryRun,
  { metrics = noMetrics, usage }: { metrics?: Pick<Metrics, 'delivered'>; usage?: UsageMeter } = {},
): Promise<DeliverBatchResult> {
  const claimed = await claimBatch(database, subscriptionId);
  switch (claimed.outcome) {
    case 'wait':
      return { outcome: 'wait', waitMs: claimed.waitMs };
    case 'idle':
      return { outcome: 'idle' };
    case 'passed':
      return { outcome: 'more' };
    case 'behind':
      await database.$transaction((transaction) => pauseFailing(transaction, subscriptionId, 'behind', run));
      return { outcome: 'idle' };
    case 'claimed': {
      const { batch } = claimed;
      const { subscription, log, range, batchId } = batch;
      const outcome = await postDelivery(
        {
          url: subscription.url,
          secrets: openSecrets(tokenCipher, subscription),
          messageId: messageIdOf(batchId),
          at: subscription.now,
          body: writeMessage(log.name, range),
        },
        guard,
      );
      metrics.delivered(outcome.status, outcome.latencyMs);
      usage?.count(range.workspaceId, 'deliveryAttempts');
      if (isAccepted(outcome)) usage?.count(range.workspaceId, 'deliveries');
      return isAccepted(outcome)
        ? recordAccepted(database, batch, outcome)
        : recordFailed(database, batch, outcome, run);
    }
  }
}
