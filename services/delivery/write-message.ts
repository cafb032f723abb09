import type { DeliveryLogName } from '../../contracts/delivery.ts';
import type { DeliveredChange } from './batch.ts';

/** A range of a log of a workspace, and the changes in it that a subscription has asked for. */
export interface Range {
  subscriptionId: string;
  workspaceId: string;
  /** Number of replays before it. */
  generation: number;
  /** Position of the delivery before. */
  after: number;
  position: number;
  changes: readonly DeliveredChange[];
}

/** Type of a delivery, which tells a receiver the log that its positions belong to. */
const MESSAGE_TYPES = {
  events: 'events.changed',
  workspace: 'workspace.changed',
} as const satisfies Record<DeliveryLogName, string>;

/** Body of a delivery. It is the same for every attempt. */
export function writeMessage(log: DeliveryLogName, { changes, ...range }: Range): string {
  const timestamp = changes.at(-1)?.changedAt;
  const head = JSON.stringify({ type: MESSAGE_TYPES[log], timestamp, data: range });
  return `${head.slice(0, -2)},"changes":[${changes.map(({ entry }) => entry).join(',')}]}}`;
}
