import { randomUUID } from 'node:crypto';
import type { OpenAPIV3_1 } from 'openapi-types';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { revokeApiKey } from '../../services/keys/api-keys.ts';
import { describeApi } from '../../api/openapi-document.ts';
import { createTask } from '../../services/planning/tasks.ts';
import { type ClientFixture, createClientFixture } from '../support/client-fixture.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { connectTestTemporal, type TestTemporal } from '../support/temporal.ts';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
/** Written by every request that has a key. */
const NOT_COMPARED = ['api_keys', 'idempotency_keys', '_prisma_migrations'];

/**
 * Their paths name no workspace. What a key may ask `/availability` for, `test/tenants/availability.test.ts` tells, and
 * which sessions it reaches, `sessions.test.ts`, and that embedded events take no key, `embed-links.test.ts`.
 */
const WITHOUT_WORKSPACE = [
  '/api/v1/me',
  '/api/v1/availability',
  '/api/v1/embed/events',
  '/api/v1/session',
  '/api/v1/sessions',
  '/api/v1/sessions/{sessionId}',
  '/mcp',
];

interface Operation {
  method: string;
  path: string;
  isPublic: boolean;
}

function operationsOf(document: OpenAPIV3_1.Document): Operation[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item?.[method];
      if (operation === undefined) return [];
      return [{ method: method.toUpperCase(), path, isPublic: operation.security?.length === 0 }];
    }),
  );
}

const operations = operationsOf(await describeApi()).filter(({ isPublic }) => !isPublic);
const named = operations.map(({ method, path }) => [method, path] as const);

let fixture: ClientFixture;
let temporal: TestTemporal;
let api: TestApi;
let foreign: Record<string, string>;
let key: string;
let revoked: string;
let before: string;

beforeAll(async () => {
  [fixture, temporal] = await Promise.all([createClientFixture(), connectTestTemporal()]);
  api = await startTestApi({ stack: { prisma: fixture.prisma, temporal } });
  await fixture.connect('mine');
  const { accountId } = await fixture.connect('theirs');
  const calendarId = await fixture.addCalendar('theirs', accountId);
  const task = await createTask(fixture.prisma, 'theirs', { title: 'Write', durationMinutes: 60 });
  foreign = {
    workspaceId: 'theirs',
    accountId,
    calendarId,
    taskId: task.id,
    day: '2026-03-02',
    readerId: 'mine',
  };
  key = await api.createKey('mine');
  revoked = await api.createKey('theirs');
  await revokeApiKey({ database: fixture.prisma, now: () => new Date() }, revoked);
  before = await everything();
});
afterAll(async () => {
  await api.close();
  await temporal.close();
  await fixture.drop();
});

/** A digest of every row of every table. */
async function everything(): Promise<string> {
  const tables = await fixture.prisma.$queryRaw<{ name: string }[]>`
    select table_name as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`;
  const digests: string[] = [];
  for (const { name } of tables.filter((table) => !NOT_COMPARED.includes(table.name))) {
    const [row] = await fixture.prisma.$queryRawUnsafe<{ digest: string | null }[]>(
      `select md5(string_agg(t::text, ' ' order by t::text)) as digest from "${name}" t`,
    );
    digests.push(`${name} ${row?.digest}`);
  }
  return digests.join('\n');
}

async function workflows(): Promise<number> {
  const { count } = await temporal.client.connection.workflowService.countWorkflowExecutions({
    namespace: temporal.namespace,
  });
  return Number(count);
}

const concrete = (path: string) =>
  path.replaceAll(/\{(\w+)\}/g, (_match, name: string) => foreign[name] ?? randomUUID());

async function ask(method: string, path: string, asKey: string | null) {
  const { status } = await api.call(concrete(path), {
    method,
    key: asKey,
    ...(method !== 'GET' && { body: {}, headers: { 'idempotency-key': randomUUID() } }),
  });
  return status;
}

describe('every route', () => {
  it('is walked', () => {
    expect(operations.length).toBeGreaterThan(40);
  });

  it.each(named)('%s %s takes a key', async (method, path) => {
    expect(await ask(method, path, null)).toBe(401);
    expect(await ask(method, path, revoked)).toBe(401);
  });

  it.each(named.filter(([, path]) => !WITHOUT_WORKSPACE.includes(path)))(
    "%s %s is nothing for another workspace's key",
    async (method, path) => {
      expect(await ask(method, path, key)).toBe(403);
    },
  );

  it('has changed and started nothing by all of that', async () => {
    expect(await everything()).toBe(before);
    expect(await workflows()).toBe(0);
  });

  it('would have shown what it changes', async () => {
    const answer = await api.call(`/api/v1/workspaces/theirs/tasks/${foreign['taskId']}`, {
      method: 'DELETE',
    });
    expect(answer.status).toBe(200);
    expect(await everything()).not.toBe(before);
  });
});
