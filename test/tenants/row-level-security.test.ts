import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listAccounts } from '../../services/accounts/accounts.ts';
import { listCalendars, setCalendarEnabled } from '../../services/calendars.ts';
import { discardDeadLetter, listDeadLetters } from '../../services/dead-letters.ts';
import { listEvents } from '../../services/reading/list-occurrences.ts';
import { createTask, listTasks, removeTask } from '../../services/planning/tasks.ts';
import { NotFoundError } from '../../services/errors.ts';
import { PREPARED } from '../../prisma/prepared-statements.ts';
import { asWorkspace } from '../../prisma/as-workspace.ts';
import { bindStatement } from '../../prisma/bound-statement.ts';
import type { Database } from '../../prisma/client.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import { TENANT_ROLE } from '../../prisma/tenant-role.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { seedWorkspace } from '../support/seed-workspace.ts';

/** They belong to no workspace, or to those who check keys: tenants cannot reach them at all. */
const NOBODYS = [
  '_prisma_migrations',
  'calendar_numbers',
  'google_quotas',
  'google_request_days',
  'idempotency_keys',
  'task_templates',
  'workspace_receipts',
];
/** Tenants read it, and change nothing in it. */
const SHARED = 'installation';
/** Behind the wall, and not even the workspace's own row is to be seen. */
const HIDDEN = ['api_keys'];

let database: TestDatabase;
let prisma: Database;
let acme: Database;
let own: Awaited<ReturnType<typeof seedWorkspace>>;
let other: Awaited<ReturnType<typeof seedWorkspace>>;
let tables: string[];

beforeAll(async () => {
  // One connection: what a tenant leaves behind on it, the next would find.
  database = await createTestDatabase(1);
  prisma = database.prisma;
  own = await seedWorkspace(prisma, 'acme');
  other = await seedWorkspace(prisma, 'globex');
  acme = asWorkspace(prisma, 'acme');
  const rows = await prisma.$queryRaw<{ name: string }[]>`
    select relname as name from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'r' order by relname`;
  tables = rows.map(({ name }) => name).filter((name) => name !== SHARED && !NOBODYS.includes(name));
});
afterAll(() => database.drop());

async function count(from: Database, table: string): Promise<number> {
  const [row] = await from.$queryRawUnsafe<{ count: number }[]>(`select count(*)::int from "${table}"`);
  return row?.count ?? 0;
}

/** Every row of every table but those of acme, as text. */
async function restOf(from: Database): Promise<string[]> {
  const texts: string[] = [];
  for (const table of tables) {
    const rows = await from.$queryRawUnsafe<{ text: string }[]>(
      `select to_jsonb(t)::text as text from "${table}" t order by 1`,
    );
    texts.push(...rows.map(({ text }) => `${table} ${text}`));
  }
  return texts.filter(
    (text) => text.includes('globex') || Object.values(other).some((id) => text.includes(id)),
  );
}

let before: string[];
beforeEach(async () => {
  before = await restOf(prisma);
});

/** The name of Postgres' error for what is forbidden. */
const FORBIDDEN = /row-level security|42501|permission denied/;

describe('the wall between workspaces', () => {
  it('has no gap: every table has a policy, or is out of reach', async () => {
    const walls = await prisma.$queryRaw<{ name: string; walled: boolean; reachable: boolean }[]>`
      select c.relname as name, c.relrowsecurity and exists (select from pg_policy p where p.polrelid = c.oid) as walled,
        has_table_privilege(${TENANT_ROLE}, c.oid, 'select, insert, update, delete') as reachable
      from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')`;
    expect(walls.filter(({ walled, reachable }) => walled !== reachable)).toEqual([]);
    expect(
      walls
        .filter(({ walled }) => !walled)
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(NOBODYS);
  });

  it('hides every row of another workspace, in every table', async () => {
    for (const table of tables) {
      const [all, seen] = [await count(prisma, table), await count(acme, table)];
      const visible = HIDDEN.includes(table) ? 0 : all / 2;
      expect({ table, all, seen }).toEqual({ table, all: expect.any(Number), seen: visible });
      expect(all).toBeGreaterThanOrEqual(2);
    }
    expect(await restOf(acme)).toEqual([]);
    expect(before.length).toBeGreaterThanOrEqual(tables.length);
  });

  it('prevents changing or deleting a row of another workspace, in any table', async () => {
    for (const table of tables) {
      const [key] = await prisma.$queryRawUnsafe<{ name: string }[]>(
        `select a.attname as name from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
         where i.indrelid = '"${table}"'::regclass and i.indisprimary`,
      );
      const changed = await acme.$executeRawUnsafe(`update "${table}" set "${key?.name}" = "${key?.name}"`);
      const expected = HIDDEN.includes(table) ? 0 : (await count(prisma, table)) / 2;
      expect({ table, changed }).toEqual({ table, changed: expected });
    }
    for (const table of tables) {
      const undone = acme.$transaction(async (transaction) => {
        await transaction.$executeRawUnsafe(`delete from "${table}"`);
        throw new Error('undone');
      });
      await expect(undone).rejects.toThrow('undone');
    }
    expect(await restOf(prisma)).toEqual(before);
    // Cascades stay within it, too.
    const undone = prisma.$transaction(async (transaction) => {
      await transaction.$executeRaw`
        select set_config('almanac.workspace_id', 'acme', true), set_config('role', ${TENANT_ROLE}, true)`;
      for (const table of ['calendar_auth_tokens', 'tasks', 'habits', 'schedule_runs', 'workspaces'])
        await transaction.$executeRawUnsafe(`delete from "${table}"`);
      await transaction.$executeRaw`select set_config('role', 'none', true)`;
      expect(await restOf(transaction as Database)).toEqual(before);
      expect(await count(transaction as Database, 'workspaces')).toBe(1);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
  });

  it('lets every tenant read what all share, and change nothing of it', async () => {
    expect(await count(acme, SHARED)).toBe(1);
    expect(await acme.installation.updateMany({ data: { restores: 7 } })).toEqual({ count: 0 });
    expect(await acme.installation.deleteMany()).toEqual({ count: 0 });
    await expect(acme.installation.create({ data: { id: false } })).rejects.toThrow(FORBIDDEN);
  });

  it('takes no row that is put into another workspace, or moved there', async () => {
    const task = { workspaceId: 'globex', title: 'Theirs', durationMinutes: 30 };
    await expect(acme.task.create({ data: task })).rejects.toThrow(FORBIDDEN);
    await expect(
      acme.task.updateMany({ where: { id: own.taskId }, data: { workspaceId: 'globex' } }),
    ).rejects.toThrow(FORBIDDEN);
    await expect(acme.watchChannel.create({ data: { calendarId: other.calendarId } })).rejects.toThrow(
      FORBIDDEN,
    );
    await expect(acme.workspace.create({ data: { id: 'third', timeZone: 'UTC' } })).rejects.toThrow(
      FORBIDDEN,
    );
    expect(await restOf(prisma)).toEqual(before);
  });

  it('takes no row that points at something of another workspace', async () => {
    const points = [
      () => acme.schedulePolicy.updateMany({ data: { targetCalendarId: other.calendarId } }),
      () => acme.schedulePolicy.updateMany({ data: { targetAccountId: other.accountId } }),
      () => acme.scheduledBlock.updateMany({ data: { taskId: other.taskId } }),
      () => acme.scheduledBlock.updateMany({ data: { habitId: other.habitId } }),
      () => acme.scheduledBlock.updateMany({ data: { runId: other.runId } }),
      () => acme.calendar.updateMany({ data: { accountId: other.accountId } }),
      () => acme.deadLetter.updateMany({ data: { calendarId: other.calendarId } }),
      () => acme.connectAttempt.updateMany({ data: { accountId: other.accountId } }),
      () => acme.scheduleWrite.updateMany({ data: { blockId: other.blockId } }),
      () => acme.habitSkip.updateMany({ data: { habitId: other.habitId } }),
    ];
    for (const point of points) await expect(point()).rejects.toThrow(FORBIDDEN);
  });

  it('shows nothing to the role without a workspace', async () => {
    await prisma.$transaction(async (transaction) => {
      await transaction.$executeRaw`select set_config('role', ${TENANT_ROLE}, true)`;
      for (const table of tables) expect(await count(transaction as Database, table)).toBe(0);
    });
    expect(await count(asWorkspace(prisma, ''), 'calendars')).toBe(0);
    expect(await count(asWorkspace(prisma, "' or true --"), 'calendars')).toBe(0);
  });

  it("is not in the way of the tables' owner, nor of another user of the application", async () => {
    expect(await count(prisma, 'calendars')).toBe(2);
    const user = `worker_${randomUUID().replaceAll('-', '')}`;
    await prisma.$executeRawUnsafe(`create role ${user}`);
    try {
      await prisma.$executeRawUnsafe(`grant select, insert on all tables in schema public to ${user}`);
      await prisma.$transaction(async (transaction) => {
        await transaction.$executeRawUnsafe(`set local role ${user}`);
        for (const table of tables)
          expect(await count(transaction as Database, table)).toBeGreaterThanOrEqual(2);
      });
    } finally {
      await prisma.$executeRawUnsafe(`drop owned by ${user}`);
      await prisma.$executeRawUnsafe(`drop role ${user}`);
    }
  });
});

describe('what the API calls, with the name of another workspace', () => {
  const range = { from: '2026-12-01', to: '2026-12-02' };

  it('works for the own workspace', async () => {
    expect((await listEvents(acme, { workspaceId: 'acme', ...range })).events).toHaveLength(1);
    expect(await listCalendars(acme, 'acme')).toHaveLength(1);
    expect(await listTasks(acme, 'acme')).toHaveLength(2);
    const added = await createTask(acme, 'acme', { title: 'Another', durationMinutes: 30 });
    await removeTask(acme, 'acme', added.id);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['listEvents', () => listEvents(acme, { workspaceId: 'globex', ...range })],
    ['listAccounts', () => listAccounts(acme, 'globex')],
    ['listCalendars', () => listCalendars(acme, 'globex')],
    ['listTasks', () => listTasks(acme, 'globex')],
    ['createTask', () => createTask(acme, 'globex', { title: 'Theirs', durationMinutes: 30 })],
    ['removeTask', () => removeTask(acme, 'globex', other.taskId)],
    ['setCalendarEnabled', () => setCalendarEnabled(acme, other.calendarId, false)],
    ['discardDeadLetter', () => discardDeadLetter(acme, other.deadLetterId)],
  ])('%s finds nothing and changes nothing', async (_name, call) => {
    await expect(call()).rejects.toThrow(NotFoundError);
    expect(await restOf(prisma)).toEqual(before);
  });

  it('lists dead letters of the own workspace alone', async () => {
    const deadLetters = await listDeadLetters(acme, {});
    expect(deadLetters.map(({ workspaceId }) => workspaceId)).toEqual(['acme']);
  });
});

describe('the handle', () => {
  it('leaves its connection as it was, after a failure too', async () => {
    await acme.calendar.count();
    expect(await prisma.calendar.count()).toBe(2);
    await expect(acme.$queryRaw`select 1 / 0`).rejects.toThrow();
    await expect(acme.$queryRaw`select * from google_quotas`).rejects.toThrow(FORBIDDEN);
    expect(await prisma.calendar.count()).toBe(2);
    const [row] = await prisma.$queryRaw<{ role: string; workspace: string }[]>`
      select current_user::text <> ${TENANT_ROLE} as free, coalesce(current_setting('almanac.workspace_id', true), '') as workspace`;
    expect(row).toEqual({ free: true, workspace: '' });
  });

  it('binds a raw statement in its own round trip, and leaves its connection as it was', async () => {
    const rows = await acme.$queryRaw<{ id: string }[]>`select id from workspaces`;
    expect(rows).toEqual([{ id: 'acme' }]);
    await expect(acme.$queryRaw`select * from google_quotas`).rejects.toThrow(FORBIDDEN);
    expect(await prisma.$queryRaw`select id from workspaces`).toHaveLength(2);
    expect(await asWorkspace(prisma, "' or true --").$queryRaw`select id from workspaces`).toEqual([]);
  });

  it('runs no raw statement whose binding is not read', async () => {
    const statement = bindStatement({ workspaceId: 'acme', role: TENANT_ROLE }, Prisma.sql`select 1`);
    const inTransaction = prisma.$transaction((transaction) => transaction.$queryRaw(statement));
    await expect(inTransaction).rejects.toThrow(/42601|syntax error/);
  });

  it('binds a prepared statement anew each time', async () => {
    const ids = (handle: Database) => handle.$queryRaw`${PREPARED} select id from workspaces order by id`;
    for (let times = 0; times < 8; times += 1) {
      expect(await ids(acme)).toEqual([{ id: 'acme' }]);
      expect(await ids(asWorkspace(prisma, 'globex'))).toEqual([{ id: 'globex' }]);
      expect(await ids(prisma)).toHaveLength(2);
    }
  });

  it('keeps raw statements of several workspaces apart that run at once', async () => {
    const wide = await createTestDatabase(4);
    try {
      const ids = Array.from({ length: 8 }, (_, index) => `space-${index}`);
      for (const id of ids) await wide.prisma.workspace.create({ data: { id, timeZone: 'UTC' } });
      await Promise.all(
        Array.from({ length: 400 }, async (_, index) => {
          const id = ids[index % ids.length]!;
          if (index % 7 === 0)
            await expect(asWorkspace(wide.prisma, id).$queryRaw`select 1 / 0`).rejects.toThrow();
          const rows = await asWorkspace(wide.prisma, id).$queryRaw`${PREPARED} select id from workspaces`;
          expect(rows).toEqual([{ id }]);
          if (index % 5 === 0) expect(await wide.prisma.$queryRaw`select id from workspaces`).toHaveLength(8);
        }),
      );
    } finally {
      await wide.drop();
    }
  });

  it('runs a transaction as one, bound from its first statement to its last', async () => {
    const [inside] = await acme.$transaction(async (transaction) => {
      await transaction.habit.deleteMany();
      return [await transaction.habit.count(), await transaction.calendar.count()];
    });
    expect(inside).toBe(0);
    expect(await prisma.habit.count()).toBe(1);
  });

  it('keeps statements of several workspaces apart that run at once', async () => {
    const wide = await createTestDatabase(4);
    try {
      const ids = Array.from({ length: 8 }, (_, index) => `space-${index}`);
      for (const id of ids) await wide.prisma.workspace.create({ data: { id, timeZone: 'UTC' } });
      const seen = await Promise.all(
        Array.from({ length: 200 }, async (_, index) => {
          const id = ids[index % ids.length]!;
          return {
            id,
            rows: await asWorkspace(wide.prisma, id).workspace.findMany({ select: { id: true } }),
          };
        }),
      );
      for (const { id, rows } of seen) expect(rows).toEqual([{ id }]);
    } finally {
      await wide.drop();
    }
  });

  it('runs no list of statements, which would escape it', async () => {
    await expect(acme.$transaction([prisma.calendar.count()])).rejects.toThrow(TypeError);
  });
});
