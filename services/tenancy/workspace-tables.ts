import { Prisma } from '../../prisma/generated/client.ts';

const OF_CALENDARS = (workspaceId: string) =>
  Prisma.sql`calendar_id in (select id from calendars where workspace_id = ${workspaceId})`;
const OWN = (workspaceId: string) => Prisma.sql`workspace_id = ${workspaceId}`;

/**
 * Tables with rows of a workspace, each with the condition for them, in an order in which no deletion takes many
 * rows of another table along. The row of the workspace itself comes last, in a step of its own.
 */
export const WORKSPACE_TABLES: readonly (readonly [
  table: string,
  condition: (workspaceId: string) => Prisma.Sql,
])[] = [
  // First what callers or workers could use.
  [
    'idempotency_keys',
    (id) => Prisma.sql`caller in (select api_keys.id from api_keys where workspace_id = ${id})`,
  ],
  ['console_sessions', OWN],
  ['api_keys', OWN],
  ['calendar_feeds', OWN],
  ['embed_links', OWN],
  ['connect_attempts', OWN],
  [
    'notices',
    (id) => Prisma.sql`notifier_id in (select notifiers.id from notifiers where workspace_id = ${id})`,
  ],
  ['notifier_messages', OWN],
  ['notifiers', OWN],
  ['webhook_deliveries', OWN],
  ['webhook_cursors', OWN],
  ['webhook_workspace_cursors', OWN],
  ['webhook_subscriptions', OWN],
  // Others permit an ID, which another tenant may have one day.
  ['availability_permits', (id) => Prisma.sql`workspace_id = ${id} or reader_id = ${id}`],
  ['workspace_calendar_events', OF_CALENDARS],
  ['calendar_listing_pages', OF_CALENDARS],
  ['calendar_differences', OF_CALENDARS],
  ['calendar_verification_pages', OF_CALENDARS],
  ['calendar_verifications', OF_CALENDARS],
  ['calendar_events', OF_CALENDARS],
  ['calendar_changes', OWN],
  ['calendar_change_positions', OWN],
  ['workspace_changes', OWN],
  ['workspace_change_positions', OWN],
  ['workspace_calendar_sync_log', OWN],
  ['event_writes', OWN],
  [
    'schedule_writes',
    (id) => Prisma.sql`run_id in (select schedule_runs.id from schedule_runs where workspace_id = ${id})`,
  ],
  ['scheduled_blocks', OWN],
  ['schedule_runs', OWN],
  ['schedule_policies', OWN],
  ['declined_slots', (id) => Prisma.sql`task_id in (select tasks.id from tasks where workspace_id = ${id})`],
  ['task_dependencies', OWN],
  ['tasks', OWN],
  ['habit_skips', (id) => Prisma.sql`habit_id in (select habits.id from habits where workspace_id = ${id})`],
  ['habits', OWN],
  ['calendar_hours', OWN],
  ['watch_channels', OF_CALENDARS],
  ['dead_letters', OWN],
  ['calendar_sync_states', OWN],
  ['calendars', OWN],
  [
    'google_quotas',
    (id) =>
      Prisma.sql`split_part(scope, '/', 1) in (select a.id::text from calendar_auth_tokens a where workspace_id = ${id})`,
  ],
  ['google_requests', OWN],
  ['workspace_usage', OWN],
  ['calendar_auth_tokens', OWN],
];
