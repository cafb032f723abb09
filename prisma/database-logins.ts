import type { Database } from './client.ts';
import { TENANT_ROLE } from './tenant-role.ts';

/**
 * Three logins, each with what it needs: the owner of the tables, who migrates; workers, who read and write every row; and
 * the API, which reaches what belongs to a workspace as the tenants' role alone. `migrate` makes the last two as roles
 * that cannot log in; an administrator gives them passwords. One login for everything works as well.
 */
export const WORKER_ROLE = 'almanac_worker';
export const API_ROLE = 'almanac_api';

/**
 * What the API does for no workspace in particular, by table: it knows its callers, answers writes once, takes
 * notifications and sign-ins before it knows whose they are, starts workflows, and shows admins the state of everything.
 * No event, task, habit, plan or change is among it, and no token of Google's, but the answers that are kept to be given
 * again. Every table is here, so that a new one is decided on: what belongs to a workspace needs nothing, for the API
 * reaches it as the tenants' role.
 *
 * `almanac migrate` takes back what is no longer listed, also from an API of the release before: what falls out of use
 * is removed a release later.
 */
export const API_PRIVILEGES: Readonly<Record<string, readonly string[]>> = {
  _prisma_migrations: ['select'],
  api_keys: ['select', 'update (last_used_at)'],
  calendar_auth_tokens: [
    'select (id, workspace_id, email, status, address_verified_at, calendar_list_due_at, calendar_list_synced_at, ' +
      'calendar_list_incomplete_since, last_error, updated_at)',
    'update (calendar_list_due_at, updated_at)',
  ],
  calendar_change_positions: ['select'],
  calendar_changes: [],
  calendar_differences: [],
  // How many are left out; nothing of what they hold.
  calendar_events: ['select (calendar_id, too_costly)'],
  calendar_hours: [],
  calendar_listing_pages: [],
  calendar_numbers: [],
  calendar_sync_states: [
    'select (calendar_id, workspace_id, last_synced_at, last_full_sync_at, next_sync_at, notified_at, listing_started_at, ' +
      'proven_at, verified_at, drift, lasting_drift, failures, last_error, token_expiries, unreadable_ids)',
    'update (next_sync_at, notified_at)',
  ],
  calendar_verification_pages: [],
  calendar_verifications: [],
  calendars: [
    'select (id, workspace_id, account_id, google_calendar_id, is_primary, enabled, status, missing_since, created_at)',
  ],
  connect_attempts: ['select', 'update (caller_hash, code)', 'delete'],
  dead_letters: ['select', 'update (status, closed_at)'],
  declined_slots: [],
  google_quotas: ['select', 'insert', 'update'],
  habit_skips: [],
  habits: [],
  idempotency_keys: ['select', 'insert', 'update', 'delete'],
  schedule_policies: [],
  // What starting the next run has to know.
  schedule_runs: ['select (id, workspace_id, mode, status, started_at, fingerprint)'],
  schedule_writes: [],
  scheduled_blocks: [],
  task_dependencies: [],
  tasks: [],
  watch_channels: ['select', 'insert', 'update (status, resource_id)'],
  workspace_calendar_events: [],
  workspace_calendar_sync_log: [],
  workspaces: ['select', 'insert'],
};

/** Who owns the tables keeps what it has, also under one of these names. */
const isOther = (role: string) =>
  `exists (select from pg_roles where rolname = '${role}' and rolname <> current_user)`;
const quoted = (names: readonly string[]) => names.map((name) => `'${name}'`).join(', ');

/** Roles belong to the whole server: another database may be making them at the same time. */
const MAKE_ROLES = `
  do $$
  declare
    role text;
  begin
    foreach role in array array[${quoted([WORKER_ROLE, API_ROLE])}] loop
      begin
        if not exists (select from pg_roles where rolname = role) then
          -- It inherits nothing: until Postgres 16 that is said of the member, not of the membership.
          execute format('create role %I nologin noinherit', role);
        end if;
      exception when duplicate_object or unique_violation then null;
      end;
    end loop;
    begin
      -- The API takes the tenants' role on for each request, and has nothing of it without.
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
    end if;
    if ${isOther(API_ROLE)} then
      -- What an older version has granted and this one does not need is taken back.
      execute format('revoke all on all tables in schema %I from ${API_ROLE}', current_schema());
      execute format('grant usage on schema %I to ${API_ROLE}', current_schema());
      ${API_GRANTS.join('\n      ')}
    end if;
  exception when insufficient_privilege then null;
  end $$`;

/** For migrations: makes the roles where it may, and grants them what they need of the tables. */
export async function prepareLogins(database: Pick<Database, '$executeRawUnsafe'>): Promise<void> {
  await database.$executeRawUnsafe(MAKE_ROLES);
  await database.$executeRawUnsafe(GRANT_TABLES);
}

/**
 * What an administrator of the server runs once, where migrations may not make roles; null where all is there. It is
 * needed for separate logins only.
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

/** What a login may do, from the least to the most. */
export type LoginReach = 'api' | 'worker' | 'owner' | 'superuser' | 'unbound-api';

/** What the user of this connection may do. `unbound-api`: the API's login, which reads rows of every workspace. */
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
  if (row === undefined) throw new Error('There is no table of events.');
  const { user, superuser, owner, reads, api } = row;
  if (superuser) return { user, reach: 'superuser' };
  if (owner) return { user, reach: 'owner' };
  if (api) return { user, reach: reads ? 'unbound-api' : 'api' };
  return { user, reach: 'worker' };
}
