import type { DeliverChangesInput } from '../../contracts/delivery.ts';
import { asObject, invalidInput, isUuid } from './checks.ts';

export function checkDeliverChangesInput(input: unknown): DeliverChangesInput {
  const { subscriptionId } = asObject(input);
  if (!isUuid(subscriptionId)) throw invalidInput('subscriptionId', 'the UUID of a webhook');
  return { subscriptionId: subscriptionId as string };
}
