import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import { createPrismaClient, type Database } from '../../prisma/client.ts';

const DEFAULT_POOL_SIZE = 10;

export interface TestDatabase {
  url: string;
  prisma: Database;
  /** Sets the database's clock to an instant, from which it runs on; null restores the server's clock. */
  setClock(at: Date | null): Promise<void>;
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

/** Puts a schema first in the search path, in which tests can replace `now()` and `clock_timestamp()`. */
const WITH_MOVABLE_CLOCK = '-c search_path=clock,public,pg_catalog';

/** Creates a migrated, empty database for the test. Its clock is the server's until the test sets it. */
export async function createTestDatabase(poolSize = DEFAULT_POOL_SIZE): Promise<TestDatabase> {
  const { templateDatabase } = inject('servers');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await maintain(`create database ${name} template ${templateDatabase}`);
  const url = urlOf(name);
  const prisma = createPrismaClient({ databaseUrl: url, poolSize });
  return {
    url,
    prisma,
    setClock: (at) => setClock(prisma, at),
    async drop() {
      await prisma.$disconnect();
      await maintain(`drop database ${name} with (force)`);
    },
  };
}

/** The same database with the login of one kind of process. */
export async function databaseAs(database: Database, login: string): Promise<string> {
  const [row] = await database.$queryRaw<{ name: string }[]>`select current_database()::text as name`;
  return urlOf(row!.name, login);
}

function urlOf(name: string, login?: string): string {
  const url = new URL(inject('servers').maintenanceUrl);
  url.pathname = `/${name}`;
  if (login !== undefined) url.username = login;
  url.searchParams.set('options', WITH_MOVABLE_CLOCK);
  return url.href;
}

async function setClock(prisma: Database, at: Date | null): Promise<void> {
  await prisma.$transaction(async (transaction) => {
    await transaction.$executeRawUnsafe('drop schema if exists clock cascade');
    if (at === null) return;
    const [row] = await transaction.$queryRaw<{ ms: number }[]>`
      select extract(epoch from ${at}::timestamptz - pg_catalog.clock_timestamp())::float8 * 1000 as ms`;
    await transaction.$executeRawUnsafe('create schema clock');
    await transaction.$executeRawUnsafe('grant usage on schema clock to public');
    for (const name of ['now', 'clock_timestamp']) {
      await transaction.$executeRawUnsafe(`
        create function clock.${name}() returns timestamptz language sql stable
        return pg_catalog.${name}() + interval '${row!.ms} milliseconds'`);
    }
  });
}
