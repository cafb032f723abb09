import { activityInfo } from '@temporalio/activity';
import type { DeliverBatchResult, DeliverChangesInput } from '../contracts/delivery.ts';
import { deliverBatch } from '../services/delivery/deliver-batch.ts';
import type { ActivityDependencies } from './dependencies.ts';

/**
 * Makes the next delivery of a subscription. A failure of its receiver is an outcome, not an exception: the time
 * of the next attempt is in Postgres. A repeated attempt posts the same delivery under the same ID.
 */
export function createDeliverChangeBatch({ database, delivery, metrics, usage }: ActivityDependencies) {
  return async function deliverChangeBatch({
    subscriptionId,
  }: DeliverChangesInput): Promise<DeliverBatchResult> {
    const { workflowExecution } = activityInfo();
    const { workflowId = '', runId = '' } = workflowExecution ?? {};
    const run = { workflowId, runId };
    return deliverBatch({ database, ...delivery }, subscriptionId, run, { metrics, usage });
  };
}
