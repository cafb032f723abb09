import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { createPrismaClient, type Database } from '../../prisma/client.ts';
import { migrate } from '../../prisma/migrate.ts';
import { isNotedServer } from '../../prisma/server-identity.ts';
import { tenantRoleProblem } from '../../prisma/tenant-role.ts';
import { seedWorkspace } from '../support/seed-workspace.ts';
import { installedVersions, withOtherPostgres } from '../support/start-other-postgres.ts';

const run = promisify(execFile);
const [version] = await installedVersions();

async function using<T>(databaseUrl: string, work: (database: Database) => Promise<T>): Promise<T> {
  const database = createPrismaClient({ databaseUrl, poolSize: 1 });
  try {
    return await work(database);
  } finally {
    await database.$disconnect();
  }
}

async function contentOf(database: Database): Promise<string[]> {
  const tables = await database.$queryRaw<{ name: string }[]>`
    select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by relname`;
  const texts: string[] = [];
  for (const { name } of tables) {
    const rows = await database.$queryRawUnsafe<{ text: string }[]>(
      `select to_jsonb(t)::text as text from "${name}" t order by 1`,
    );
    texts.push(...rows.map(({ text }) => `${name} ${text}`));
  }
  return texts;
}

it.skipIf(version === undefined)(
  'is restored from a dump with every row, the walls between workspaces, and a trace of it',
  async () => {
    const program = (name: string) => join('/usr/lib/postgresql', version!, 'bin', name);
    await withOtherPostgres(version!, async (url) => {
      await migrate(url);
      const before = await using(url, async (database) => {
        for (const id of ['acme', 'globex']) await seedWorkspace(database, id);
        await database.$executeRaw`create database restored`;
        return contentOf(database);
      });
      const restored = url.replace(/postgres$/, 'restored');
      const directory = await mkdtemp(join(tmpdir(), 'almanac-dump-'));
      const dump = join(directory, 'almanac.dump');
      await run(program('pg_dump'), ['--format=custom', '--no-owner', '--no-acl', `--file=${dump}`, url]);
      await run(program('pg_restore'), [
        '--no-owner',
        '--no-acl',
        '--exit-on-error',
        `--dbname=${restored}`,
        dump,
      ]);
      await rm(directory, { recursive: true });
      expect(await migrate(restored)).toEqual([]);
      await using(restored, async (database) => {
        expect(await contentOf(database)).toEqual(before);
        expect(await tenantRoleProblem(database)).toBeNull();
        expect(await isNotedServer(database)).toBe(false);
      });
    });
  },
);
