import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asWorkspace } from '../../prisma/as-workspace.ts';
import { createPrismaClient, type Database } from '../../prisma/client.ts';
import {
  API_PRIVILEGES,
  API_ROLE,
  loginReach,
  prepareLogins,
  WORKER_ROLE,
} from '../../prisma/database-logins.ts';
import { migrate } from '../../prisma/migrate.ts';
import { tenantRoleProblem } from '../../prisma/tenant-role.ts';
import { runCli } from '../support/run-cli.ts';
import { createTestDatabase, databaseAs, type TestDatabase } from '../support/database.ts';
import { seedWorkspace } from '../support/seed-workspace.ts';

/** Tables of people's calendars and plans, and of the tokens to them. */
const CONTENT = [
  'calendar_events',
  'workspace_calendar_events',
  'calendar_changes',
  'calendar_differences',
  'calendar_hours',
  'calendar_listing_pages',
  'calendar_verification_pages',
  'tasks',
  'task_dependencies',
  'habits',
  'scheduled_blocks',
  'schedule_runs',
  'schedule_policies',
  'schedule_writes',
];
const DENIED = /permission denied|42501/;

let database: TestDatabase;
let api: Database;
let worker: Database;

const login = async (role: string) =>
  createPrismaClient({ databaseUrl: await databaseAs(database.prisma, role), poolSize: 1 });

beforeAll(async () => {
  database = await createTestDatabase();
  for (const id of ['acme', 'globex']) await seedWorkspace(database.prisma, id);
  [api, worker] = await Promise.all([login(API_ROLE), login(WORKER_ROLE)]);
});
afterAll(async () => {
  await Promise.all([api.$disconnect(), worker.$disconnect()]);
  await database.drop();
});

describe("the API's login", () => {
  it('is enough to serve a workspace', async () => {
    expect(await tenantRoleProblem(api)).toBeNull();
    expect(await loginReach(api)).toEqual({ user: API_ROLE, reach: 'api' });
    const titles = await asWorkspace(api, 'acme').workspaceCalendarEvent.findMany({
      select: { title: true },
    });
    expect(titles).toEqual([{ title: 'Title of acme' }]);
  });

  it.each(CONTENT)(
    'reads nothing of %s, also where a statement leaves the role of tenants',
    async (table) => {
      await expect(api.$queryRawUnsafe(`select * from ${table}`)).rejects.toThrow(DENIED);
      const left = asWorkspace(api, 'acme').$transaction(async (transaction) => {
        await transaction.$executeRawUnsafe('reset role');
        return transaction.$queryRawUnsafe(`select * from ${table}`);
      });
      await expect(left).rejects.toThrow(DENIED);
      await expect(api.$executeRawUnsafe(`delete from ${table}`)).rejects.toThrow(DENIED);
    },
  );

  it.each([
    'select refresh_token from calendar_auth_tokens',
    'select access_token from calendar_auth_tokens',
    'select summary from calendars',
    "update calendar_auth_tokens set workspace_id = 'acme'",
    'update api_keys set workspace_id = null',
    "update api_keys set secret_hash = ''",
    'update api_keys set read_only = false',
    'delete from api_keys',
    "update embed_links set workspace_id = 'acme'",
    'delete from workspaces',
    "update dead_letters set workspace_id = 'acme'",
    'create table mine (id int)',
    'drop table tasks',
    'alter table tasks disable row level security',
    'truncate idempotency_keys',
    'create role mine',
    `set role ${WORKER_ROLE}`,
    'delete from _prisma_migrations',
  ])('may not: %s', async (statement) => {
    await expect(api.$executeRawUnsafe(statement)).rejects.toThrow(/permission denied|42501|must be owner/);
  });

  it('is decided on for every table', async () => {
    const rows = await database.prisma.$queryRaw<{ name: string }[]>`
      select relname as name from pg_class
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm')`;
    expect(Object.keys(API_PRIVILEGES).toSorted()).toEqual(rows.map(({ name }) => name).toSorted());
  });

  it('has a privilege on the tables that are listed with one, and of content on what a run was and what is left out', async () => {
    const rows = await database.prisma.$queryRaw<{ name: string }[]>`
      select c.relname as name from pg_class c
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
        and (has_table_privilege(${API_ROLE}, c.oid, 'select, insert, update, delete, truncate, references, trigger')
          or has_any_column_privilege(${API_ROLE}, c.oid, 'select, insert, update, references'))
      order by 1`;
    const granted = rows.map(({ name }) => name);
    const listed = Object.entries(API_PRIVILEGES).filter(([, privileges]) => privileges.length > 0);
    expect(granted.toSorted()).toEqual(listed.map(([table]) => table).toSorted());
    expect(granted.filter((name) => CONTENT.includes(name)).toSorted()).toEqual([
      'calendar_events',
      'schedule_runs',
    ]);
    await expect(api.$queryRaw`select resource from calendar_events`).rejects.toThrow(
      /permission denied|42501/,
    );
    await expect(api.$queryRaw`select google_event_id from calendar_events`).rejects.toThrow(
      /permission denied|42501/,
    );
  });

  it('loses additional grants with the next migration', { tags: ['slow'] }, async () => {
    await database.prisma.$executeRawUnsafe(`grant select on calendar_events to ${API_ROLE}`);
    expect(await loginReach(api)).toEqual({ user: API_ROLE, reach: 'unbound-api' });
    const doctor = await runCli(['doctor', '--json'], {
      env: { DATABASE_URL: await databaseAs(database.prisma, API_ROLE), TEMPORAL_ADDRESS: '127.0.0.1:1' },
    });
    expect(doctor.stdout).toContain('reads the events of every workspace');
    expect(doctor.stdout).not.toMatch(/permission denied|42501/);
    await migrate(database.url);
    expect(await loginReach(api)).toEqual({ user: API_ROLE, reach: 'api' });
  });
});

describe("the workers' login", () => {
  it('reads and writes every row, and changes no table', async () => {
    expect(await loginReach(worker)).toEqual({ user: WORKER_ROLE, reach: 'worker' });
    expect(await worker.workspaceCalendarEvent.count()).toBe(2);
    await worker.task.updateMany({ data: { title: 'Changed' } });
    for (const statement of [
      'create table mine (id int)',
      'drop table tasks',
      'alter table tasks disable row level security',
      'delete from _prisma_migrations',
    ])
      await expect(worker.$executeRawUnsafe(statement)).rejects.toThrow(
        /permission denied|42501|must be owner/,
      );
  });

  it('may write each table, also those that come later', async () => {
    await database.prisma.$executeRawUnsafe('create table later (id int)');
    await prepareLogins(database.prisma);
    expect(await worker.$executeRawUnsafe('insert into later values (1)')).toBe(1);
    await expect(api.$queryRawUnsafe('select * from later')).rejects.toThrow(DENIED);
    await database.prisma.$executeRawUnsafe('drop table later');
  });
});
