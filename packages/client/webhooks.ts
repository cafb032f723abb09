import { Webhook } from 'standardwebhooks';

/** A change of an event. */
export interface EventChange {
  type: 'event.created' | 'event.updated' | 'event.deleted';
  position: number;
  calendarId: string;
  googleEventId: string;
  correlationId: string | null;
  changedAt: string;
  /** Of a webhook with the payload `full`: the event as Google sent it; null, it is gone. */
  event?: object | null;
}

/** A change of the workspace itself. Further fields depend on `type`: docs/webhooks.md lists them. */
export interface WorkspaceChange {
  type: string;
  position: number;
  changedAt: string;
  [field: string]: unknown;
}

/** Changes of a workspace behind `after`, up to `position`. */
export interface Delivered<Change> {
  subscriptionId: string;
  workspaceId: string;
  /** Number of replays before it. */
  generation: number;
  after: number;
  position: number;
  changes: Change[];
}

/** What a webhook posts. */
export type WebhookMessage =
  | { type: 'events.changed'; timestamp: string; data: Delivered<EventChange> }
  | { type: 'workspace.changed'; timestamp: string; data: Delivered<WorkspaceChange> }
  | { type: 'webhook.test'; timestamp: string; data: { webhookId: string; workspaceId: string | null } };

/** Headers of a request, of the Fetch API or of Node. */
export type WebhookHeaders = Headers | Record<string, string | string[] | undefined>;

/** Thrown for a request that was not signed with the secret, or more than five minutes ago. Answer it with 401. */
export { WebhookVerificationError } from 'standardwebhooks';

const SIGNED = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];

/**
 * Checks the signature of a delivery, as Standard Webhooks has it, and reads it.
 * @param secret as it was printed when the webhook was created, `whsec_…`
 * @param body the bytes that were posted, unchanged, as text
 * @throws WebhookVerificationError
 */
export function verifyWebhook(secret: string, body: string, headers: WebhookHeaders): WebhookMessage {
  const signed = SIGNED.map((name) => [name, valueOf(headers, name)]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its signer writes no other.
  return new Webhook(secret).verify(body, Object.fromEntries(signed)) as WebhookMessage;
}

function valueOf(headers: WebhookHeaders, name: string): string {
  const value = headers instanceof Headers ? headers.get(name) : headers[name];
  return typeof value === 'string' ? value : '';
}
