import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';
import { createDatabase } from '../../dev/postgres/create-database.ts';
import { PROJECT_ROOT } from '../../dev/project-root.ts';
import { createPrismaClient, type Database } from '../../prisma/client.ts';

const MIGRATIONS = join(PROJECT_ROOT, 'prisma', 'migrations');
/** Writes of the release that a migration came with: statements as in its code, on its own schema. */
const WRITTEN_BY = join(PROJECT_ROOT, 'test', 'prisma', 'written-by');

/** Every migration, in order. A released schema is what the first so many of them make. */
export async function schemaVersions(): Promise<string[]> {
  const entries = await readdir(MIGRATIONS, { withFileTypes: true });
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).toSorted();
}

/** Statements end with their lines: neither migrations nor what is written has function bodies. */
async function runFile(database: Database, path: string): Promise<void> {
  const sql = (await readFile(path, 'utf8')).replaceAll(/^--.*$/gm, '');
  for (const statement of sql.split(';')) if (statement.trim()) await database.$executeRawUnsafe(statement);
}

export async function applyMigration(database: Database, version: string): Promise<void> {
  await runFile(database, join(MIGRATIONS, version, 'migration.sql'));
}

/** Lets the release of that version write. Nothing where it writes no more than the one before. */
export async function writeAs(database: Database, version: string): Promise<void> {
  const path = join(WRITTEN_BY, `${version}.sql`);
  if (existsSync(path)) await runFile(database, path);
}

/** Runs `work` with an empty database of its own. */
export async function withDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const { maintenanceUrl } = inject('servers');
  const name = `schema_${randomUUID().replaceAll('-', '')}`;
  await createDatabase(maintenanceUrl, name);
  const url = Object.assign(new URL(maintenanceUrl), { pathname: `/${name}` }).href;
  const database = createPrismaClient({ databaseUrl: url, poolSize: 1 });
  try {
    return await work(database);
  } finally {
    await database.$disconnect();
    const maintenance = createPrismaClient({ databaseUrl: maintenanceUrl, poolSize: 1 });
    await maintenance.$executeRawUnsafe(`drop database ${name} with (force)`);
    await maintenance.$disconnect();
  }
}
