import { type Remedy, RemedyAction } from '../contracts/remedies.ts';
import type { Database } from './client.ts';

/** Statements that run as this role reach the rows of one workspace. It cannot log in. */
export const TENANT_ROLE = 'almanac_tenant';

/** Statement by which an administrator lets `user` act as the role. */
export function grantStatement(user: string): string {
  return `grant ${TENANT_ROLE} to "${user}"`;
}

/** The only function with which the role reads rows of other workspaces: busy times, as far as they permit it. */
const PERMITTED_READ =
  'read_permitted_availability(text[], timestamptz[], timestamptz[], timestamptz, integer)';

/**
 * Creates the role if permitted. `GRANT_TABLES` grants it only tables with row-level security. Roles belong
 * to the whole server, so another database may be creating it at the same time.
 */
const MAKE_ROLE = `
  do $$
  begin
    begin
      if not exists (select from pg_roles where rolname = '${TENANT_ROLE}') then
        create role ${TENANT_ROLE} nologin;
      end if;
    exception when duplicate_object or unique_violation then null;
    end;
    begin
      -- A user that may create a role may grant it; whether it may set the role by default depends on the
      -- version.
      if not (select rolsuper from pg_roles where rolname = current_user) then
        execute format('grant ${TENANT_ROLE} to %I', current_user);
      end if;
    exception when unique_violation or internal_error then null;
    end;
  exception when insufficient_privilege then null;
  end $$`;

const GRANT_TABLES = `
  do $$
  declare
    relation text;
  begin
    if not exists (select from pg_roles where rolname = '${TENANT_ROLE}') then return; end if;
    execute format('grant usage on schema %I to ${TENANT_ROLE}', current_schema());
    execute format('grant usage on all sequences in schema %I to ${TENANT_ROLE}', current_schema());
    for relation in
      select format('%I.%I', current_schema(), relname) from pg_class
      where relnamespace = current_schema()::regnamespace and relkind = 'r' and relrowsecurity
    loop
      execute format('grant select, insert, update, delete on %s to ${TENANT_ROLE}', relation);
    end loop;
    grant execute on function ${PERMITTED_READ} to ${TENANT_ROLE};
    grant execute on function find_events to ${TENANT_ROLE};
  exception when insufficient_privilege then null;
  end $$`;

/**
 * The functions run with the rights of the tables' owner, so no temporary table of a caller may take the place of
 * one of theirs. Not in the migration, because the schema's name is not known there.
 */
const FIX_SEARCH_PATHS = `
  do $$
  begin
    execute format('alter function read_availability set search_path = %I, pg_temp', current_schema());
    execute format('alter function read_permitted_availability set search_path = %I, pg_temp', current_schema());
    execute format('alter function append_workspace_change set search_path = %I, pg_temp', current_schema());
    execute format('alter function note_workspace_change set search_path = %I, pg_temp', current_schema());
    execute format('alter function note_changed_plan set search_path = %I, pg_temp', current_schema());
  exception when insufficient_privilege then null;
  end $$`;

/** For migrations. Steps that are not permitted are skipped; `tenantRoleProblem` reports what is missing. */
export async function prepareTenantRole(database: Pick<Database, '$executeRawUnsafe'>): Promise<void> {
  await database.$executeRawUnsafe(FIX_SEARCH_PATHS);
  await database.$executeRawUnsafe(MAKE_ROLE);
  await database.$executeRawUnsafe(GRANT_TABLES);
}

/** Problem that prevents binding requests to their workspace, with its remedy. Null: there is none. */
export async function tenantRoleProblem(
  database: Pick<Database, '$queryRaw'>,
): Promise<{ message: string; remedy: Remedy } | null> {
  const [row] = await database.$queryRaw<{ user: string; usable: boolean | null; granted: boolean | null }[]>`
    select current_user::text as user,
      pg_has_role(current_user, role.oid,
        case when current_setting('server_version_num')::int >= 160000 then 'set' else 'member' end) as usable,
      has_schema_privilege(role.oid, current_schema(), 'usage')
        and coalesce(has_function_privilege(role.oid, to_regprocedure(${PERMITTED_READ})::oid, 'execute'), false)
        and not exists (
        select from pg_class relation
        where relation.relnamespace = current_schema()::regnamespace and relation.relkind = 'r'
          and relation.relrowsecurity and not has_table_privilege(role.oid, relation.oid, 'select')) as granted
    from (values (1)) always left join pg_roles role on role.rolname = ${TENANT_ROLE}`;
  if (row?.usable !== true)
    return {
      message: `DATABASE_URL's user may not act as the role ${TENANT_ROLE}.`,
      remedy: { action: RemedyAction.allowTenantRole, ...(row && { user: row.user }) },
    };
  return row.granted
    ? null
    : { message: `The role ${TENANT_ROLE} lacks privileges.`, remedy: { action: RemedyAction.migrate } };
}
