import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import getPort from 'get-port';
import { describe, expect, it } from 'vitest';
import { startPostgres } from '../../dev/postgres/start-postgres.ts';
import { asWorkspace } from '../../prisma/as-workspace.ts';
import { createPrismaClient, type Database } from '../../prisma/client.ts';
import { API_ROLE, loginReach, missingLoginStatements, WORKER_ROLE } from '../../prisma/database-logins.ts';
import { migrate } from '../../prisma/migrate.ts';
import { TENANT_ROLE } from '../../prisma/tenant-role.ts';
import { installedVersions, withOtherPostgres } from '../support/start-other-postgres.ts';

type Work = (adminUrl: string) => Promise<void>;

/** Roles belong to a whole server: these tests begin with one that has none of ours. */
async function withNewServer(work: Work): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'almanac-logins-'));
  await chmod(directory, 0o755);
  const server = await startPostgres({
    directory: join(directory, 'postgres'),
    port: await getPort(),
    password: 'test',
    logFile: join(directory, 'postgres.log'),
  });
  try {
    await work(server.databaseUrl('postgres'));
  } finally {
    await server.stop();
    await rm(directory, { recursive: true });
  }
}

const others = (await installedVersions()).map((version): [string, (work: Work) => Promise<void>] => [
  version,
  async (work) => withOtherPostgres(version, work),
]);
const SERVERS = [['18', withNewServer] as const, ...others];

const urlOf = (adminUrl: string, user: string, password = 'test') =>
  Object.assign(new URL(adminUrl), { pathname: '/mirror', username: user, password }).href;

async function withLogin<T>(databaseUrl: string, work: (database: Database) => Promise<T>): Promise<T> {
  const database = createPrismaClient({ databaseUrl, poolSize: 1 });
  try {
    return await work(database);
  } finally {
    await database.$disconnect();
  }
}

async function execute(databaseUrl: string, ...statements: string[]): Promise<void> {
  await withLogin(databaseUrl, async (database) => {
    for (const statement of statements) await database.$executeRawUnsafe(statement);
  });
}

const PASSWORDS = [WORKER_ROLE, API_ROLE].map((role) => `alter role ${role} login password 'secret'`);

async function expectThreeLogins(adminUrl: string): Promise<void> {
  await withLogin(urlOf(adminUrl, 'main'), async (owner) => {
    expect(await missingLoginStatements(owner)).toBeNull();
    expect(await loginReach(owner)).toEqual({ user: 'main', reach: 'owner' });
  });
  await withLogin(urlOf(adminUrl, WORKER_ROLE, 'secret'), async (worker) => {
    expect(await loginReach(worker)).toEqual({ user: WORKER_ROLE, reach: 'worker' });
    await worker.workspace.create({ data: { id: 'acme', timeZone: 'UTC' } });
    await worker.task.create({ data: { workspaceId: 'acme', title: 'Task', durationMinutes: 30 } });
  });
  await withLogin(urlOf(adminUrl, API_ROLE, 'secret'), async (api) => {
    expect(await loginReach(api)).toEqual({ user: API_ROLE, reach: 'api' });
    expect(await asWorkspace(api, 'acme').task.count()).toBe(1);
    await expect(api.task.count()).rejects.toThrow(/permission denied|42501/);
  });
}

describe.each(SERVERS)('three logins on PostgreSQL %s', (_version, withServer) => {
  it(
    'are given by the user of a managed server, who may make roles and is no superuser',
    { tags: ['slow'] },
    async () => {
      await withServer(async (adminUrl) => {
        await execute(
          adminUrl,
          "create role main login createrole password 'test'",
          'create database mirror owner main',
        );
        const owner = urlOf(adminUrl, 'main');
        await migrate(owner);
        await execute(owner, ...PASSWORDS);
        await expectThreeLogins(adminUrl);
      });
    },
  );

  it(
    'are made by an administrator where the user may make no roles, with the statements that are named',
    { tags: ['slow'] },
    async () => {
      await withServer(async (adminUrl) => {
        await execute(
          adminUrl,
          "create role main login password 'test'",
          'create database mirror owner main',
        );
        const owner = urlOf(adminUrl, 'main');
        await migrate(owner);
        const missing = (await withLogin(owner, missingLoginStatements)) ?? '';
        const tenant = [`create role ${TENANT_ROLE} nologin`, `grant ${TENANT_ROLE} to main`];
        await execute(adminUrl, ...tenant, ...missing.split(';').filter(Boolean), ...PASSWORDS);
        await migrate(owner);
        await expectThreeLogins(adminUrl);
      });
    },
  );
});
