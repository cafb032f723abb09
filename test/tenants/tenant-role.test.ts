import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest';
import { asWorkspace } from '../../prisma/as-workspace.ts';
import { createPrismaClient, type Database } from '../../prisma/client.ts';
import { migrate } from '../../prisma/migrate.ts';
import { TENANT_ROLE, tenantRoleProblem } from '../../prisma/tenant-role.ts';
import { runCli } from '../support/run-cli.ts';

let admin: Database;
let name: string;
let url: string;
let opened: Database[] = [];

function connect(databaseUrl: string): Database {
  const database = createPrismaClient({ databaseUrl, poolSize: 1 });
  opened.push(database);
  return database;
}

beforeAll(async () => {
  admin = createPrismaClient({ databaseUrl: inject('servers').maintenanceUrl, poolSize: 1 });
  // A database of a user who may do what a managed server lets its customers do, and less: make no roles.
  name = `limited_${randomUUID().replaceAll('-', '')}`;
  await admin.$executeRawUnsafe(`create role ${name} login password 'test' nocreaterole`);
  await admin.$executeRawUnsafe(`create database ${name} owner ${name}`);
  const address = new URL(inject('servers').maintenanceUrl);
  Object.assign(address, { pathname: `/${name}`, username: name, password: 'test' });
  url = address.href;
});
afterEach(async () => {
  await Promise.all(opened.map((database) => database.$disconnect()));
  opened = [];
});
afterAll(async () => {
  await admin.$executeRawUnsafe(`drop database ${name} with (force)`);
  await admin.$executeRawUnsafe(`drop role ${name}`);
  await admin.$disconnect();
});

it('lets a user migrate who may not make roles, and says what an administrator has to do', async () => {
  const { code, stderr } = await runCli(['migrate', '--json'], { env: { DATABASE_URL: url } });
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(stderr).toContain(`grant ${TENANT_ROLE} to "${name}"`);

  const database = connect(url);
  expect(await tenantRoleProblem(database)).toMatchObject({
    remedy: { action: 'allow-tenant-role', user: name },
  });
  await expect(asWorkspace(database, 'acme').workspace.count()).rejects.toThrow(/permission denied|42501/);
  // All else goes on as it did.
  expect(await database.workspace.count()).toBe(0);
});

it('works once the administrator has done that', async () => {
  await admin.$executeRawUnsafe(`grant ${TENANT_ROLE} to "${name}"`);
  const database = connect(url);
  expect(await tenantRoleProblem(database)).toBeNull();

  await migrate(url);
  await database.workspace.createMany({ data: ['acme', 'globex'].map((id) => ({ id, timeZone: 'UTC' })) });
  expect(await asWorkspace(database, 'acme').workspace.findMany({ select: { id: true } })).toEqual([
    { id: 'acme' },
  ]);
  expect(await database.workspace.count()).toBe(2);
});

it('notices privileges that are missing, and grants them with the next migration', async () => {
  const database = connect(url);
  await database.$executeRawUnsafe(`revoke select on tasks from ${TENANT_ROLE}`);
  expect(await tenantRoleProblem(database)).toMatchObject({ remedy: { action: 'migrate' } });
  await migrate(url);
  expect(await tenantRoleProblem(database)).toBeNull();
});
