import { condition, continueAsNew, setCurrentDetails, setHandler, workflowInfo } from '@temporalio/workflow';
import type { DeliverChangesInput } from '../contracts/delivery.ts';
import { delivery } from './activities.ts';
import { checkDeliverChangesInput } from './input/delivery.ts';
import { deliveryWoken } from './messages.ts';

/**
 * Delivers what a webhook subscription has not got yet, one delivery after the other, and ends when nothing is
 * left. Each commit that changes its workspace wakes it (signal-with-start), so that idle subscriptions have no
 * run, no timer and no history. While its receiver fails, it waits for the time that Postgres names; only a
 * changed, resumed or replayed subscription is woken before. Workflow ID `delivery/{subscriptionId}`.
 */
export async function deliverChanges(untrusted: DeliverChangesInput): Promise<void> {
  const input = checkDeliverChangesInput(untrusted);
  let isWoken = false;
  setHandler(deliveryWoken, () => {
    isWoken = true;
  });
  for (;;) {
    isWoken = false;
    const delivered = await delivery.deliverChangeBatch(input);
    if (delivered.outcome === 'wait') {
      setCurrentDetails(
        `The receiver fails. Next attempt: ${new Date(Date.now() + delivered.waitMs).toISOString()}`,
      );
      await condition(() => isWoken, delivered.waitMs, { summary: 'until the next attempt' });
    }
    // What was committed while the last look was made has woken it.
    else if (delivered.outcome === 'idle' && !isWoken) return;
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof deliverChanges>(input);
  }
}
