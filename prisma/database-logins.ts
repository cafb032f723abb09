import type { Database } from './client.ts';
import { TENANT_ROLE } from './tenant-role.ts';

/**
 * Three logins with the least privileges: the owner of the tables, which migrates; workers, which read and
 * write every row; and the API, which reaches rows of a workspace only as the tenant role. `migrate` creates
 * the last two as roles without login, and an administrator gives them passwords. A single login for all
 * processes works as well.
 */
export const WORKER_ROLE = 'almanac_worker';
export const API_ROLE = 'almanac_api';

/**
 * Privileges of the API outside any workspace, by table. It needs them to authenticate callers, to answer
 * repeated writes, to accept notifications and sign-ins before their workspace is known, to start workflows,
 * and to show admins the state of the installation. They cover no event, task, habit, plan, change or Google
 * token, except in answers stored for repeated writes. Busy times have a function, see `AVAILABILITY`. Every
 * table is listed, so that each new one is decided on. Tables of a workspace need no privilege, because the API
 * reaches them as the tenant role.
 *
 * `almanac migrate` revokes privileges that are not listed, also from an API of the previous release: remove
 * an unused privilege one release later.
 */
export const API_PRIVILEGES: Readonly<Record<string, readonly string[]>> = {
  _prisma_migrations: ['select'],
  // Admins make and revoke keys. What a key reaches never changes.
  api_keys: ['select', 'insert', 'update (last_used_at, revoked_at)'],
  availability_permits: [],
  calendar_auth_tokens: [
    'select (id, workspace_id, email, status, address_verified_at, calendar_list_due_at, calendar_list_synced_at, ' +
      'calendar_list_incomplete_since, last_error, updated_at)',
    'update (calendar_list_due_at, updated_at)',
  ],
  calendar_change_positions: ['select'],
  calendar_changes: [],
  calendar_differences: [],
  // Only to count events that are left out, not to read them.
  calendar_events: ['select (calendar_id, too_costly)'],
  // Found by its secret address before its workspace is known.
  calendar_feeds: ['select', 'update (last_read_at)'],
  calendar_hours: [],
  calendar_listing_pages: [],
  calendar_numbers: [],
  calendar_sync_states: [
    'select (calendar_id, workspace_id, last_synced_at, last_full_sync_at, next_sync_at, stretched_seconds, notified_at, ' +
      'listing_started_at, proven_at, verified_at, drift, lasting_drift, failures, last_error, token_expiries, unreadable_ids)',
    'update (next_sync_at, notified_at)',
  ],
  calendar_verification_pages: [],
  calendar_verifications: [],
  calendars: [
    'select (id, workspace_id, account_id, google_calendar_id, is_primary, enabled, status, missing_since, created_at)',
  ],
  connect_attempts: ['select', 'update (caller_hash, code)', 'delete'],
  // Found by their tokens before their workspace is known, and made by admins.
  console_sessions: ['select', 'insert', 'update (last_used_at)', 'delete'],
  dead_letters: ['select', 'update (status, closed_at)'],
  declined_slots: [],
  // Found by its secret address before its workspace is known, and deleted with the key or session that made it.
  embed_links: ['select', 'delete'],
  // Started by any key that may reach the workspace.
  event_writes: [],
  google_quotas: ['select', 'insert', 'update'],
  // Counted for requests of the API itself, such as those of a disconnection.
  google_request_days: ['select', 'insert', 'update'],
  google_requests: ['select', 'insert', 'update'],
  habit_skips: [],
  habits: [],
  idempotency_keys: ['select', 'insert', 'update', 'delete'],
  installation: ['select'],
  notices: [],
  // Admins keep and test those of the installation. Their targets are encrypted.
  notifier_messages: ['select', 'insert', 'update'],
  notifiers: ['select', 'insert', 'update', 'delete'],
  schedule_policies: [],
  // Needed to start the next run.
  schedule_runs: ['select (id, workspace_id, mode, status, started_at, fingerprint)'],
  schedule_writes: [],
  scheduled_blocks: [],
  task_dependencies: [],
  // Managed by admins, and read for any workspace.
  task_templates: ['select', 'insert', 'update', 'delete'],
  tasks: [],
  watch_channels: ['select', 'insert', 'update (status, resource_id)'],
  // Admins subscribe to all workspaces. Secrets are sealed.
  webhook_cursors: ['select', 'insert', 'update'],
  webhook_deliveries: ['select', 'insert', 'delete'],
  webhook_subscriptions: ['select', 'insert', 'update', 'delete'],
  webhook_workspace_cursors: ['select', 'insert', 'update'],
  workspace_calendar_events: [],
  workspace_calendar_sync_log: [],
  workspace_change_positions: ['select'],
  // Appended by a function.
  workspace_changes: [],
  // Read by admins, when the workspace is gone.
  workspace_receipts: ['select'],
  // Counts, for admin keys, and calls that the API counts itself.
  workspace_usage: ['select', 'insert', 'update'],
  workspaces: ['select', 'insert'],
};

/** Busy times of every workspace, without titles: for admin keys, which ask across workspaces, and for workers. */
const AVAILABILITY = 'read_availability(text[], timestamptz[], timestamptz[], timestamptz, integer, text)';

/** The owner of the tables keeps its privileges, even if it has one of these names. */
const isOther = (role: string) =>
  `exists (select from pg_roles where rolname = '${role}' and rolname <> current_user)`;
const quoted = (names: readonly string[]) => names.map((name) => `'${name}'`).join(', ');

/** Roles belong to the whole server, so another database may be creating them at the same time. */
const MAKE_ROLES = `
  do $$
  declare
    role text;
  begin
    foreach role in array array[${quoted([WORKER_ROLE, API_ROLE])}] loop
      begin
        if not exists (select from pg_roles where rolname = role) then
          -- It inherits nothing. Before Postgres 16 that is a property of the member, not of the membership.
          execute format('create role %I nologin noinherit', role);
        end if;
      exception when duplicate_object or unique_violation then null;
      end;
    end loop;
    begin
      -- The API sets the tenant role for each request, and has none of its privileges otherwise.
      if current_setting('server_version_num')::int >= 160000 then
        execute 'grant ${TENANT_ROLE} to ${API_ROLE} with inherit false, set true';
      else
        execute 'grant ${TENANT_ROLE} to ${API_ROLE}';
      end if;
    exception when unique_violation or internal_error or undefined_object then null;
    end;
  exception when insufficient_privilege then null;
  end $$`;

const API_GRANTS = Object.entries(API_PRIVILEGES).flatMap(([table, privileges]) =>
  privileges.map((privilege) => `grant ${privilege} on ${table} to ${API_ROLE};`),
);

const GRANT_TABLES = `
  do $$
  begin
    if ${isOther(WORKER_ROLE)} then
      execute format('grant usage on schema %I to ${WORKER_ROLE}', current_schema());
      execute format('grant select, insert, update, delete on all tables in schema %I to ${WORKER_ROLE}', current_schema());
      execute format('grant usage, select on all sequences in schema %I to ${WORKER_ROLE}', current_schema());
      revoke insert, update, delete on _prisma_migrations from ${WORKER_ROLE};
      grant execute on function ${AVAILABILITY} to ${WORKER_ROLE};
      grant execute on function find_events to ${WORKER_ROLE};
      grant execute on function append_workspace_change to ${WORKER_ROLE};
    end if;
    if ${isOther(API_ROLE)} then
      -- Revokes grants of older versions that this one does not need.
      execute format('revoke all on all tables in schema %I from ${API_ROLE}', current_schema());
      execute format('grant usage on schema %I to ${API_ROLE}', current_schema());
      ${API_GRANTS.join('\n      ')}
      grant execute on function ${AVAILABILITY} to ${API_ROLE};
    end if;
  exception when insufficient_privilege then null;
  end $$`;

/** For migrations: creates the roles, if permitted, and grants them their privileges on the tables. */
export async function prepareLogins(database: Pick<Database, '$executeRawUnsafe'>): Promise<void> {
  await database.$executeRawUnsafe(MAKE_ROLES);
  await database.$executeRawUnsafe(GRANT_TABLES);
}

/**
 * Statements that an administrator of the server runs once if migrations may not create roles; null if
 * nothing is missing. Only separate logins need them.
 */
export async function missingLoginStatements(database: Pick<Database, '$queryRaw'>): Promise<string | null> {
  const [row] = await database.$queryRaw<{ worker: boolean; api: boolean; member: boolean; major: number }[]>`
    select
      exists (select from pg_roles where rolname = ${WORKER_ROLE}) as worker,
      exists (select from pg_roles where rolname = ${API_ROLE}) as api,
      exists (select from pg_auth_members m
        where m.roleid = to_regrole(${TENANT_ROLE})::oid and m.member = to_regrole(${API_ROLE})::oid) as member,
      current_setting('server_version_num')::int / 10000 as major`;
  if (row === undefined) return null;
  const options = row.major >= 16 ? ' with inherit false, set true' : '';
  const needed = [
    ...(row.worker ? [] : [`create role ${WORKER_ROLE} nologin noinherit;`]),
    ...(row.api ? [] : [`create role ${API_ROLE} nologin noinherit;`]),
    ...(row.member ? [] : [`grant ${TENANT_ROLE} to ${API_ROLE}${options};`]),
  ];
  return needed.length === 0 ? null : needed.join(' ');
}

/** Reach of a login. */
export type LoginReach = 'api' | 'worker' | 'owner' | 'superuser' | 'unbound-api';

/** Reads the reach of this connection's user. `unbound-api`: the API's login, but it reads all workspaces. */
export async function loginReach(
  database: Pick<Database, '$queryRaw'>,
): Promise<{ user: string; reach: LoginReach }> {
  const [row] = await database.$queryRaw<
    { user: string; superuser: boolean; owner: boolean; reads: boolean; api: boolean }[]
  >`
    select current_user::text as user,
      (select rolsuper from pg_roles where rolname = current_user) as superuser,
      pg_has_role(current_user, c.relowner, 'usage') as owner,
      has_table_privilege(current_user, c.oid, 'select') as reads,
      coalesce(pg_has_role(current_user, to_regrole(${API_ROLE})::oid, 'member'), false) as api
    from pg_class c where c.oid = 'calendar_events'::regclass`;
  if (row === undefined) throw new Error('The table calendar_events does not exist.');
  const { user, superuser, owner, reads, api } = row;
  if (superuser) return { user, reach: 'superuser' };
  if (owner) return { user, reach: 'owner' };
  if (api) return { user, reach: reads ? 'unbound-api' : 'api' };
  return { user, reach: 'worker' };
}
