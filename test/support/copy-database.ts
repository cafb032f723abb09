import { inject, vi } from 'vitest';
import { createPrismaClient, type Database } from '../../prisma/client.ts';

/**
 * Copies a database file by file, as it is at this moment. Connections to it are cut, as in an outage, and those
 * of pools come back by themselves.
 */
export async function backUp(
  database: Database,
): Promise<{ restore(): Promise<void>; drop(): Promise<void> }> {
  const [row] = await database.$queryRaw<{ name: string }[]>`select current_database()::text as name`;
  const [name, copy] = [row!.name, `${row!.name}_backup`];
  await maintain(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`);
  await maintain(`create database ${copy} template ${name}`);
  return {
    async restore() {
      await maintain(`drop database ${name} with (force)`);
      await maintain(`create database ${name} template ${copy}`);
      await vi.waitFor(() => database.$queryRaw`select 1`);
    },
    drop: () => maintain(`drop database ${copy} with (force)`),
  };
}

async function maintain(sql: string): Promise<void> {
  const prisma = createPrismaClient({ databaseUrl: inject('servers').maintenanceUrl, poolSize: 1 });
  try {
    await prisma.$executeRawUnsafe(sql);
  } finally {
    await prisma.$disconnect();
  }
}
