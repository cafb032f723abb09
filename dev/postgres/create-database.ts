import { createPrismaClient } from '../../prisma/client.ts';

/** Creates the database unless it exists. `maintenanceUrl` names any other database of the server. */
export async function createDatabase(maintenanceUrl: string, name: string): Promise<void> {
  const prisma = createPrismaClient({ databaseUrl: maintenanceUrl, poolSize: 1 });
  try {
    const found = await prisma.$queryRaw<object[]>`select 1 from pg_database where datname = ${name}`;
    if (found.length === 0) await prisma.$executeRawUnsafe(`create database "${name}"`);
  } finally {
    await prisma.$disconnect();
  }
}
