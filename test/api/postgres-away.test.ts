import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPrismaClient } from '../../prisma/client.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { connectTestTemporal, type TestTemporal } from '../support/temporal.ts';

const WORKSPACES = '/api/v1/workspaces';

let database: TestDatabase;
let temporal: TestTemporal;

beforeAll(async () => {
  [database, temporal] = await Promise.all([createTestDatabase(), connectTestTemporal()]);
  await database.prisma.workspace.create({ data: { id: 'acme', timeZone: 'UTC' } });
});
afterAll(() => Promise.all([database.drop(), temporal.close()]));

/** Runs `work` with an API that connects after the first of the statements was run. */
async function withApi(
  [before, after]: [before: string, after: string],
  work: (api: TestApi) => Promise<void>,
): Promise<void> {
  const name = new URL(database.url).pathname.slice(1);
  const run = (statement: string) => database.prisma.$executeRawUnsafe(statement.replace('$DATABASE', name));
  await run(before);
  const prisma = createPrismaClient({ databaseUrl: database.url, poolSize: 2 });
  const api = await startTestApi({ stack: { prisma, temporal } });
  try {
    await work(api);
  } finally {
    await run(after);
    await api.close();
    await prisma.$disconnect();
  }
}

it('serves reads of a database that takes no writes, and asks to try again what changes it', async () => {
  const readOnly: [string, string] = [
    'alter database $DATABASE set default_transaction_read_only = on',
    'alter database $DATABASE reset default_transaction_read_only',
  ];
  await withApi(readOnly, async (api) => {
    expect(await api.call('/readyz')).toMatchObject({ status: 200 });
    expect(await api.call(WORKSPACES)).toMatchObject({ status: 200, body: [{ id: 'acme' }] });
    const refused = await api.call(WORKSPACES, { method: 'POST', body: { id: 'beta', timeZone: 'UTC' } });
    expect(refused).toMatchObject({
      status: 503,
      body: { type: 'unavailable', detail: 'Postgres accepts no writes at the moment: try again.' },
    });
    expect(refused.headers.get('retry-after')).not.toBeNull();
  });
});

it('asks to try again what a full disk refuses', async () => {
  await database.prisma.$executeRawUnsafe(
    `create function fill() returns trigger language plpgsql as $$ begin raise exception 'voll' using errcode = '53100'; end $$`,
  );
  const full: [string, string] = [
    'create trigger fill before insert on workspaces execute function fill()',
    'drop trigger fill on workspaces',
  ];
  await withApi(full, async (api) => {
    const refused = await api.call(WORKSPACES, { method: 'POST', body: { id: 'beta', timeZone: 'UTC' } });
    expect(refused).toMatchObject({
      status: 503,
      body: { type: 'unavailable', detail: 'Postgres does not answer at the moment: try again.' },
    });
  });
});
