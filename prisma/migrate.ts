import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createPrismaClient } from './client.ts';
import { prepareLogins } from './database-logins.ts';
import { withSchemaEngine } from './schema-engine.ts';
import { noteServer } from './server-identity.ts';
import { buildSearchIndex } from './search-index.ts';
import { prepareTenantRole } from './tenant-role.ts';

/** Any constant: every process that migrates takes the same advisory lock. */
const MIGRATION_LOCK = 4_215_307_114;
const LOCK_WAIT_MS = 120_000;

/** Beside this file in a checkout; two levels up from the compiled file in `dist/`. */
function migrationsDirectory(): string {
  const beside = new URL('./migrations/', import.meta.url);
  return fileURLToPath(existsSync(beside) ? beside : new URL('../../prisma/migrations/', import.meta.url));
}

async function readMigrations() {
  const baseDir = migrationsDirectory();
  const names = (await readdir(baseDir, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
  const migrationDirectories = await Promise.all(
    names.toSorted().map(async (name) => ({
      path: name,
      migrationFile: {
        path: 'migration.sql',
        content: { tag: 'ok', value: await readFile(`${baseDir}/${name}/migration.sql`, 'utf8') },
      },
    })),
  );
  const lockfile = {
    path: 'migration_lock.toml',
    content: await readFile(`${baseDir}/migration_lock.toml`, 'utf8'),
  };
  return { baseDir, lockfile, migrationDirectories, shadowDbInitScript: '' };
}

/**
 * Applies pending migrations and returns their names; then creates the tenant role and the roles of the
 * logins, if permitted, and the index of searches. Several processes may run it at once: one migrates, and the
 * others wait for its advisory lock and then find nothing to do.
 */
export async function migrate(databaseUrl: string): Promise<string[]> {
  const migrationsList = await readMigrations();
  const prisma = createPrismaClient({ databaseUrl, poolSize: 1 });
  try {
    const applied = await prisma.$transaction(
      async (transaction) => {
        await transaction.$executeRaw`select pg_advisory_xact_lock(${MIGRATION_LOCK}::bigint)`;
        const filters = { externalTables: [], externalEnums: [] };
        const { appliedMigrationNames } = await withSchemaEngine(databaseUrl, (engine) =>
          engine.applyMigrations({ migrationsList, filters }),
        );
        await prepareTenantRole(transaction);
        await prepareLogins(transaction);
        await noteServer(transaction);
        return appliedMigrationNames;
      },
      { timeout: LOCK_WAIT_MS, maxWait: LOCK_WAIT_MS },
    );
    await buildSearchIndex(prisma);
    return applied;
  } finally {
    await prisma.$disconnect();
  }
}

/** Names of the migrations that `migrate` would apply. */
export async function pendingMigrations(databaseUrl: string): Promise<string[]> {
  const { migrationDirectories } = await readMigrations();
  const prisma = createPrismaClient({ databaseUrl, poolSize: 1 });
  try {
    const [table] = await prisma.$queryRaw<{ exists: boolean }[]>`
      select to_regclass('_prisma_migrations') is not null as exists`;
    if (!table?.exists) return migrationDirectories.map(({ path }) => path);
    const applied = await prisma.$queryRaw<{ name: string }[]>`
      select migration_name as name from _prisma_migrations where finished_at is not null and rolled_back_at is null`;
    const names = new Set(applied.map(({ name }) => name));
    return migrationDirectories.map(({ path }) => path).filter((name) => !names.has(name));
  } finally {
    await prisma.$disconnect();
  }
}
