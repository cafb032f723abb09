/** Types of events that deliveries of the change log have: what happened to an event of the mirror. */
const EVENT_TYPES = ['event.created', 'event.updated', 'event.deleted'] as const;

/** Types of events that occurrences in the days ahead have. They are in the log only where a subscription asks. */
export const OCCURRENCE_TYPES = ['occurrence.created', 'occurrence.updated', 'occurrence.deleted'] as const;

/** Types of events that deliveries of a workspace's own changes have. Triggers append most of them. */
const WORKSPACE_TYPES = [
  'sync.failed',
  'sync.recovered',
  'account.connected',
  'account.needs_reconnect',
  'account.disconnected',
  'calendar.added',
  'calendar.removed',
  'plan.applied',
  'plan.changed',
  'availability.changed',
  ...OCCURRENCE_TYPES,
  'dead_letter.opened',
  'dead_letter.resolved',
] as const;

/** Types of events that a subscription may ask for. */
export const WEBHOOK_EVENT_TYPES = [...EVENT_TYPES, ...WORKSPACE_TYPES] as const;
export type WebhookEventType = (typeof WEBHOOK_EVENT_TYPES)[number];

/** Logs that are delivered, each with positions of its own, and the types of events that each holds. */
export const DELIVERY_LOGS = { events: EVENT_TYPES, workspace: WORKSPACE_TYPES } as const;
export type DeliveryLogName = keyof typeof DELIVERY_LOGS;
export const DELIVERY_LOG_NAMES = Object.keys(DELIVERY_LOGS) as [DeliveryLogName, ...DeliveryLogName[]];

/** Type of event that a change of the change log is, by its operation. */
export const CHANGE_EVENT_TYPES = {
  insert: 'event.created',
  update: 'event.updated',
  delete: 'event.deleted',
} as const satisfies Record<string, WebhookEventType>;

/** `thin`: IDs and positions; `full`: events as well. */
export const WEBHOOK_PAYLOADS = ['thin', 'full'] as const;
export type WebhookPayload = (typeof WEBHOOK_PAYLOADS)[number];

export const WEBHOOK_STATUSES = ['active', 'paused'] as const;

/**
 * Why a subscription is paused: its owner has `requested` it; the receiver `failed` for three days; it answered
 * 410 (`gone`); or the change log no longer has what comes next (`behind`).
 */
export const WEBHOOK_PAUSE_REASONS = ['requested', 'failed', 'gone', 'behind'] as const;
export type WebhookPauseReason = (typeof WEBHOOK_PAUSE_REASONS)[number];

/** Input of `deliverChanges`. URL, secrets and positions are in the database, so that no history holds them. */
export interface DeliverChangesInput {
  subscriptionId: string;
}

/** Signal that wakes the deliveries of a subscription. */
export const DELIVERY_WOKEN_SIGNAL = 'deliveryWoken';

export type DeliverBatchResult =
  /** A delivery was made, or changes that are left out were passed, and more may be there. */
  | { outcome: 'more' }
  /** Nothing is left, or the subscription is paused or deleted. */
  | { outcome: 'idle' }
  /** The receiver has failed: the next attempt may be made after this time. */
  | { outcome: 'wait'; waitMs: number };
