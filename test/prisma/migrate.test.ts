import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { createDatabase } from '../../dev/postgres/create-database.ts';
import { PROJECT_ROOT } from '../../dev/project-root.ts';
import { createPrismaClient, type Database } from '../../prisma/client.ts';
import { migrate, pendingMigrations } from '../../prisma/migrate.ts';
import { runCli } from '../support/run-cli.ts';
import { installedVersions, withOtherPostgres } from '../support/start-other-postgres.ts';

const MIGRATIONS = join(PROJECT_ROOT, 'prisma', 'migrations');

let name: string;
let url: string;
let prisma: Database;
let names: string[];

beforeEach(async () => {
  const { maintenanceUrl } = inject('servers');
  name = `migrate_${randomUUID().replaceAll('-', '')}`;
  await createDatabase(maintenanceUrl, name);
  url = Object.assign(new URL(maintenanceUrl), { pathname: `/${name}` }).href;
  prisma = createPrismaClient({ databaseUrl: url, poolSize: 2 });
  const entries = await readdir(MIGRATIONS, { withFileTypes: true });
  names = entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).toSorted();
});
afterEach(async () => {
  await prisma.$disconnect();
  const maintenance = createPrismaClient({ databaseUrl: inject('servers').maintenanceUrl, poolSize: 1 });
  await maintenance.$executeRawUnsafe(`drop database ${name} with (force)`);
  await maintenance.$disconnect();
});

interface AppliedMigration {
  migration_name: string;
  checksum: string;
  finished_at: Date | null;
  rolled_back_at: Date | null;
  applied_steps_count: number;
}

const applied = () =>
  prisma.$queryRaw<AppliedMigration[]>`
    select migration_name, checksum, finished_at, rolled_back_at, applied_steps_count
    from _prisma_migrations order by migration_name`;

describe('migrating', () => {
  it('applies every migration once, and then has nothing to do', async () => {
    expect(await pendingMigrations(url)).toEqual(names);
    expect(await migrate(url)).toEqual(names);
    expect(await pendingMigrations(url)).toEqual([]);
    expect(await migrate(url)).toEqual([]);
    expect(await applied()).toHaveLength(names.length);
  });

  it('writes down what Prisma itself would: names, finished steps and checksums', async () => {
    await migrate(url);
    const rows = await applied();
    for (const [index, migrationName] of names.entries()) {
      const sql = await readFile(join(MIGRATIONS, migrationName, 'migration.sql'));
      expect(rows[index]).toMatchObject({
        migration_name: migrationName,
        checksum: createHash('sha256').update(sql).digest('hex'),
        finished_at: expect.any(Date),
        rolled_back_at: null,
        applied_steps_count: 1,
      });
    }
  });

  it('happens once when two processes do it at once', async () => {
    const both = await Promise.all(
      [1, 2].map(() => runCli(['migrate', '--json'], { env: { DATABASE_URL: url } })),
    );
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect((await applied()).map(({ migration_name }) => migration_name)).toEqual(names);
    expect(await pendingMigrations(url)).toEqual([]);
  });

  it('happens once when one process does it three times at once', async () => {
    const all = await Promise.all([migrate(url), migrate(url), migrate(url)]);
    expect(all.flat()).toEqual(names);
  });
});

const others = await installedVersions();
const skipped = others.length === 0 ? ' (skipped: there is none from 14 on)' : '';

it.skipIf(others.length === 0)(`works with the other versions of PostgreSQL here${skipped}`, async () => {
  for (const version of others) {
    await withOtherPostgres(version, async (otherUrl) => {
      expect(await migrate(otherUrl)).toEqual(names);
      expect(await migrate(otherUrl)).toEqual([]);
    });
  }
});

it('works in a process that has loaded its modules twice', async () => {
  await migrate(url);
  for (let count = 0; count < 3; count += 1) {
    vi.resetModules();
    const again = await import('../../prisma/migrate.ts');
    await prisma.$executeRawUnsafe('drop schema public cascade');
    await prisma.$executeRawUnsafe('create schema public');
    expect(await again.migrate(url)).toEqual(names);
  }
});
