import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addPermit, removePermit } from '../../services/availability/permits.ts';
import { asWorkspace } from '../../prisma/as-workspace.ts';
import { createPrismaClient, type Database } from '../../prisma/client.ts';
import { API_ROLE, WORKER_ROLE } from '../../prisma/database-logins.ts';
import { TENANT_ROLE } from '../../prisma/tenant-role.ts';
import { createTestDatabase, databaseAs, type TestDatabase } from '../support/database.ts';
import { seedWorkspace } from '../support/seed-workspace.ts';

const FORBIDDEN = /42501|permission denied/;
const WINDOW = ['2026-12-01T00:00:00Z', '2026-12-02T00:00:00Z'] as const;

let database: TestDatabase;
let prisma: Database;
let api: Database;
let acme: Database;
let globex: Awaited<ReturnType<typeof seedWorkspace>>;

beforeAll(async () => {
  database = await createTestDatabase();
  prisma = database.prisma;
  await seedWorkspace(prisma, 'acme');
  globex = await seedWorkspace(prisma, 'globex');
  api = createPrismaClient({ databaseUrl: await databaseAs(prisma, API_ROLE), poolSize: 2 });
  acme = asWorkspace(api, 'acme');
});
afterAll(async () => {
  await api.$disconnect();
  await database.drop();
});
beforeEach(() => prisma.availabilityPermit.deleteMany());

const [FROM, TO] = WINDOW;
const permitted = (from: Database, ids = ['acme', 'globex', 'nobody']) =>
  from.$queryRaw<{ workspace_id: string }[]>`
    select * from read_permitted_availability(${ids}, array[${FROM}::timestamptz], array[${TO}::timestamptz], now(), 100)
    order by workspace_id`;
const everything = (from: Database, reader: string | null = null) =>
  from.$queryRaw<{ workspace_id: string }[]>`
    select workspace_id from read_availability(array['acme', 'globex'], array[${FROM}::timestamptz],
      array[${TO}::timestamptz], now(), 100, ${reader}::text) order by 1`;
const idsOf = (rows: { workspace_id: string }[]) => rows.map(({ workspace_id: id }) => id);

describe('the way over the wall between workspaces', () => {
  it('is open to those alone that are permitted, in one direction, until that is taken back', async () => {
    expect(idsOf(await permitted(acme))).toEqual(['acme']);
    await addPermit(asWorkspace(api, 'globex'), 'globex', 'acme');
    expect(idsOf(await permitted(acme))).toEqual(['acme', 'globex']);
    expect(idsOf(await permitted(asWorkspace(api, 'globex')))).toEqual(['globex']);
    await removePermit(asWorkspace(api, 'globex'), 'globex', 'acme');
    expect(idsOf(await permitted(acme))).toEqual(['acme']);
  });

  it('shows no title, and no ID of a calendar, an event or a block', async () => {
    await addPermit(prisma, 'globex', 'acme');
    const [own, other] = (await permitted(acme)).map((row) => JSON.stringify(row));
    expect(own).toContain('calendars');
    for (const secret of [...Object.values(globex).filter((id) => id !== 'globex'), 'event-globex', 'Title'])
      expect(other).not.toContain(secret);
  });

  it('leaves the tables of the other workspace behind it', async () => {
    await addPermit(prisma, 'globex', 'acme');
    expect(await acme.workspaceCalendarEvent.count()).toBe(1);
    expect(await acme.calendar.count()).toBe(1);
    expect(await acme.availabilityPermit.count()).toBe(0);
  });

  it('cannot be opened from the other side', async () => {
    await expect(
      acme.availabilityPermit.create({ data: { workspaceId: 'globex', readerId: 'acme' } }),
    ).rejects.toThrow(/row-level security|42501/);
    expect(idsOf(await permitted(acme))).toEqual(['acme']);
  });

  it('leads nowhere without a workspace, nor for one that does not exist', async () => {
    expect(await permitted(asWorkspace(api, ''))).toEqual([]);
    expect(await permitted(asWorkspace(api, 'nobody'))).toEqual([]);
  });

  it('is not that of admins', async () => {
    await expect(everything(acme)).rejects.toThrow(FORBIDDEN);
    await expect(everything(acme, 'globex')).rejects.toThrow(FORBIDDEN);
    expect(idsOf(await everything(api))).toEqual(['acme', 'globex']);
  });

  it('reads no temporary table that a caller has put before a table', async () => {
    await acme.$transaction(async (transaction) => {
      await transaction.$executeRaw`
        create temporary table availability_permits on commit drop as
        select 'globex'::text as workspace_id, 'acme'::text as reader_id`;
      expect(idsOf(await permitted(transaction as Database))).toEqual(['acme']);
    });
  });
});

it('no other function runs with the rights of the owner, and nobody else may execute these', async () => {
  const functions = await prisma.$queryRaw<{ name: string; by: string[] }[]>`
    select p.proname::text as name, array(
      select r.rolname::text from pg_roles r
      where r.rolname in (${TENANT_ROLE}, ${API_ROLE}, ${WORKER_ROLE}) and has_function_privilege(r.oid, p.oid, 'execute')
      order by 1) || case when has_function_privilege('public', p.oid, 'execute') then array['public'] else '{}' end as by
    from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prosecdef order by 1`;
  expect(functions).toEqual([
    { name: 'append_workspace_change', by: [WORKER_ROLE] },
    { name: 'find_events', by: [TENANT_ROLE, WORKER_ROLE] },
    // Triggers call them, whoever changes the row.
    { name: 'note_changed_plan', by: [] },
    { name: 'note_workspace_change', by: [] },
    { name: 'read_availability', by: [API_ROLE, WORKER_ROLE] },
    { name: 'read_permitted_availability', by: [TENANT_ROLE] },
  ]);
});
