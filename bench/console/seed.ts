import type { Database } from '../../prisma/client.ts';

const CALENDARS = 3;
/** One calendar in so many fails, and one workspace in so many needs to be connected again. */
const FAILING_EVERY = 97;
const RECONNECT_EVERY = 211;

/** Workspaces with an account and three calendars each, most of them healthy, entered by SQL. */
export async function seedListedWorkspaces(database: Database, count: number): Promise<void> {
  await database.$executeRaw`
    insert into workspaces (id, name, time_zone, created_at)
    select 'workspace-' || lpad(i::text, 6, '0'), 'Company ' || i, 'Europe/Berlin', now() - i * interval '1 minute'
    from generate_series(1, ${count}::int) i`;
  await database.$executeRaw`
    insert into calendar_auth_tokens (workspace_id, email, status, key_id, refresh_token, calendar_list_synced_at)
    select id, id || '@example.com',
      case when row_number() over (order by id) % ${RECONNECT_EVERY}::int = 0 then 'needs_reconnect' else 'connected' end,
      'none', ''::bytea, now()
    from workspaces`;
  await database.$executeRaw`
    insert into calendars (workspace_id, account_id, google_calendar_id, summary, time_zone, access_role, is_primary)
    select a.workspace_id, a.id, n || '-' || a.email, 'Calendar ' || n, 'Europe/Berlin', 'owner', n = 1
    from calendar_auth_tokens a cross join generate_series(1, ${CALENDARS}::int) n`;
  await database.$executeRaw`
    insert into calendar_sync_states (calendar_id, workspace_id, sync_token, last_synced_at, proven_at, last_full_sync_at,
      next_sync_at, failures, last_error)
    select c.id, c.workspace_id, 'token', now(), now() - random() * interval '4 minutes', now(),
      now() + interval '5 minutes', is_failing::int, case when is_failing then 'GoogleUnavailable' end
    from (select *, row_number() over (order by id) % ${FAILING_EVERY}::int = 0 as is_failing from calendars) c`;
  // Autovacuum would do this minutes later.
  await database.$executeRaw`vacuum analyze workspaces, calendar_auth_tokens, calendars, calendar_sync_states`;
}
