import type { NewWebhook } from '../../data/webhooks.ts';

type EventType = NonNullable<NewWebhook['types']>[number];

/** Types of events that a webhook may ask for, by what they are about. */
export const EVENT_TYPES = [
  [
    'Events',
    [
      ['event.created', 'created'],
      ['event.updated', 'updated'],
      ['event.deleted', 'deleted'],
    ],
  ],
  [
    'Occurrences in the days ahead',
    [
      ['occurrence.created', 'created'],
      ['occurrence.updated', 'updated'],
      ['occurrence.deleted', 'deleted'],
    ],
  ],
  [
    'Accounts and calendars',
    [
      ['account.connected', 'account connected'],
      ['account.needs_reconnect', 'account needs reconnection'],
      ['account.disconnected', 'account disconnected'],
      ['calendar.added', 'calendar added'],
      ['calendar.removed', 'calendar removed'],
    ],
  ],
  [
    'Plan and availability',
    [
      ['plan.applied', 'plan applied'],
      ['plan.changed', 'plan changed'],
      ['availability.changed', 'availability changed'],
    ],
  ],
  [
    'Failures',
    [
      ['sync.failed', 'sync failed'],
      ['sync.recovered', 'sync recovered'],
      ['dead_letter.opened', 'dead letter opened'],
      ['dead_letter.resolved', 'dead letter resolved'],
    ],
  ],
] as const satisfies [string, [EventType, string][]][];
