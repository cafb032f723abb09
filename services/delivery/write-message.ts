import { CHANGE_EVENT_TYPES, type WebhookPayload } from '../../contracts/delivery.ts';
import type { UnparsedChange } from '../reading/changes.ts';

/** A range of a workspace's change log, and the changes in it that a subscription has asked for. */
export interface Range {
  subscriptionId: string;
  workspaceId: string;
  /** Number of replays before it. */
  generation: number;
  /** Position of the delivery before. */
  after: number;
  position: number;
  changes: readonly UnparsedChange[];
}

/**
 * Body of a delivery. It is the same for every attempt. Events are passed on as the database prints them, so
 * that they cost their bytes and no objects.
 */
export function writeMessage({ changes, ...range }: Range, payload: WebhookPayload): string {
  const timestamp = changes.at(-1)?.changedAt;
  const head = JSON.stringify({ type: 'events.changed', timestamp, data: range });
  const entries = changes.map((change) => writeChange(change, payload)).join(',');
  return `${head.slice(0, -2)},"changes":[${entries}]}}`;
}

function writeChange(
  { operation, event, cursor: _cursor, ...change }: UnparsedChange,
  payload: WebhookPayload,
): string {
  const entry = JSON.stringify({ type: CHANGE_EVENT_TYPES[operation], ...change });
  return payload === 'full' ? `${entry.slice(0, -1)},"event":${event ?? 'null'}}` : entry;
}
