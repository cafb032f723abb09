import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import { createPrismaClient, type Database } from '../../prisma/client.ts';

const DEFAULT_POOL_SIZE = 10;

export interface TestDatabase {
  url: string;
  prisma: Database;
  /** Ends the connections of `prisma` and drops the database. */
  drop(): Promise<void>;
}

async function maintain(sql: string): Promise<void> {
  const { maintenanceUrl } = inject('servers');
  const prisma = createPrismaClient({ databaseUrl: maintenanceUrl, poolSize: 1 });
  try {
    await prisma.$executeRawUnsafe(sql);
  } finally {
    await prisma.$disconnect();
  }
}

/** A migrated, empty database of the test's own. */
export async function createTestDatabase(poolSize = DEFAULT_POOL_SIZE): Promise<TestDatabase> {
  const { maintenanceUrl, templateDatabase } = inject('servers');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await maintain(`create database ${name} template ${templateDatabase}`);
  const url = new URL(maintenanceUrl);
  url.pathname = `/${name}`;
  const prisma = createPrismaClient({ databaseUrl: url.href, poolSize });
  return {
    url: url.href,
    prisma,
    async drop() {
      await prisma.$disconnect();
      await maintain(`drop database ${name} with (force)`);
    },
  };
}

/** The same database with the login of one kind of process. */
export async function databaseAs(database: Database, login: string): Promise<string> {
  const [row] = await database.$queryRaw<{ name: string }[]>`select current_database()::text as name`;
  const url = new URL(inject('servers').maintenanceUrl);
  Object.assign(url, { pathname: `/${row?.name}`, username: login });
  return url.href;
}
