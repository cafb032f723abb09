import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { AlmanacClient } from '../../client/almanac-client.ts';
import { createApiKey } from '../../services/keys/api-keys.ts';
import type { ApiDependencies } from '../../api/dependencies.ts';
import { parseEnvironment } from '../../contracts/environment.ts';
import { createPrismaClient, type Database } from '../../prisma/client.ts';
import { API_ROLE } from '../../prisma/database-logins.ts';
import { createTestDatabase, databaseAs, type TestDatabase } from '../support/database.ts';
import { seedWorkspace } from '../support/seed-workspace.ts';

// The first wall is gone: every key may use every route.
vi.mock(import('../../api/access.ts'), async (original) => ({
  ...(await original()),
  checkAccess: () => undefined,
}));

let database: TestDatabase;
let api: Database;
let app: FastifyInstance;
let acmeKey: string;

beforeAll(async () => {
  database = await createTestDatabase();
  for (const id of ['acme', 'globex']) await seedWorkspace(database.prisma, id);
  ({ key: acmeKey } = await createApiKey(
    { database: database.prisma, now: () => new Date() },
    { name: 'key', workspaceId: 'acme' },
  ));
  api = createPrismaClient({ databaseUrl: await databaseAs(database.prisma, API_ROLE), poolSize: 1 });
  // Other files of this process load the API with its wall, before and afterwards.
  vi.resetModules();
  const { createApi } = await import('../../api/server.ts');
  app = await createApi({
    environment: parseEnvironment({
      DATABASE_URL: database.url,
      TOKEN_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
      INTERNAL_TRIGGER_SECRET_KEY: 'a'.repeat(32),
    }),
    database: api,
    temporal: {} as ApiDependencies['temporal'],
    almanac: {} as AlmanacClient,
    logger: pino({ level: 'silent' }),
    now: () => new Date(),
  });
  // No filter at all, as if every statement of a route had forgotten its own.
  const everyTitle = { config: { access: 'workspace' as const } };
  app.get('/test/:workspaceId/titles', everyTitle, (request) =>
    request.database.workspaceCalendarEvent.findMany({ select: { title: true } }),
  );
  app.delete('/test/:workspaceId/tasks', everyTitle, (request) => request.database.task.deleteMany());
});
afterAll(async () => {
  await app.close();
  await api.$disconnect();
  await database.drop();
  vi.resetModules();
});

const ask = async (method: 'GET' | 'DELETE', url: string, key: string) => {
  const answer = await app.inject({ method, url, headers: { authorization: `Bearer ${key}` } });
  return answer.json() as unknown;
};

it('shows a key nothing of another workspace, whatever its path says', async () => {
  const titles = [{ title: 'Title of acme' }];
  expect(await ask('GET', '/test/acme/titles', acmeKey)).toEqual(titles);
  expect(await ask('GET', '/test/globex/titles', acmeKey)).toEqual(titles);
});

it('shows an admin what the path names, and no more', async () => {
  const admin = 'a'.repeat(32);
  expect(await ask('GET', '/test/globex/titles', admin)).toEqual([{ title: 'Title of globex' }]);
  expect(await ask('GET', '/test/nobody/titles', admin)).toEqual([]);
});

it('lets a key write nothing of another workspace', async () => {
  expect(await ask('DELETE', '/test/globex/tasks', acmeKey)).toEqual({ count: 2 });
  const left = await database.prisma.task.findMany({ select: { workspaceId: true } });
  expect(left).toEqual([{ workspaceId: 'globex' }, { workspaceId: 'globex' }]);
});
