import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import getPort from 'get-port';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { toFailure } from '../../services/failures.ts';
import { explainError } from '../../cli/explain-error.ts';
import { FailureType } from '../../contracts/failure-types.ts';
import { startPostgres } from '../../dev/postgres/start-postgres.ts';
import { createPrismaClient, type Database } from '../../prisma/client.ts';
import { databaseFailureKind } from '../../prisma/failure-kind.ts';
import { PrismaClient } from '../../prisma/generated/client.ts';
import { migrate } from '../../prisma/migrate.ts';
import { PostgresAdapter } from '../../prisma/postgres-adapter.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { startProxy } from '../support/postgres-proxy.ts';

const AWAY = { type: FailureType.databaseUnavailable, nonRetryable: false };

let database: TestDatabase;
const clients: Database[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await Promise.all(clients.map((client) => client.$disconnect()));
  await database.drop();
});

function connect(databaseUrl: string, options: { poolSize?: number; statementTimeoutMs?: number } = {}) {
  const client = createPrismaClient({ databaseUrl, poolSize: 2, ...options });
  clients.push(client);
  return client;
}

const errorOf = (work: PromiseLike<unknown>) =>
  Promise.resolve(work).then(
    () => undefined,
    (error: unknown) => error,
  );
const named = (name: string) => Object.assign(new URL(database.url), { pathname: `/${name}` }).href;
/** As a transaction, a model's own statement and a statement of ours. */
const writes = (client: Database): PromiseLike<unknown>[] => [
  client.$transaction((transaction) =>
    transaction.workspace.create({ data: { id: 'in-a-transaction', timeZone: 'UTC' } }),
  ),
  client.workspace.create({ data: { id: 'by-itself', timeZone: 'UTC' } }),
  client.$executeRaw`insert into workspaces (id, time_zone) values ('by-hand', 'UTC')`,
];

describe('a failure that Postgres words in another language', () => {
  it.each([
    ['08006', 'unreachable', FailureType.databaseUnavailable],
    ['25006', 'read-only', FailureType.databaseUnavailable],
    ['53100', 'full', FailureType.databaseUnavailable],
    ['53200', 'full', FailureType.databaseUnavailable],
    ['57P01', 'unreachable', FailureType.databaseUnavailable],
    ['57P03', 'unreachable', FailureType.databaseUnavailable],
    ['58030', 'io-error', FailureType.databaseUnavailable],
    ['57014', 'canceled', FailureType.timedOut],
    ['22003', 'other', FailureType.internal],
    ['23505', 'other', FailureType.internal],
    ['42501', 'other', FailureType.internal],
  ])('is known by its SQLSTATE: %s is %s', async (state, kind, type) => {
    const raise = `do $$ begin raise exception 'Zeitüberschreitung: Verbindung wird beendet' using errcode = '${state}'; end $$`;
    const alone = await errorOf(database.prisma.$executeRawUnsafe(raise));
    const inside = await errorOf(
      database.prisma.$transaction((transaction) => transaction.$executeRawUnsafe(raise)),
    );
    for (const error of [alone, inside]) {
      expect(databaseFailureKind(error)).toBe(kind);
      expect(toFailure(error)).toMatchObject({ type, nonRetryable: false });
    }
  });
});

describe('an outage', () => {
  it('is a database that takes no writes', async () => {
    const name = new URL(database.url).pathname.slice(1);
    await database.prisma.$executeRawUnsafe(`alter database ${name} set default_transaction_read_only = on`);
    try {
      for (const write of writes(connect(database.url))) {
        const error = await errorOf(write);
        expect(databaseFailureKind(error)).toBe('read-only');
        expect(toFailure(error)).toMatchObject(AWAY);
      }
    } finally {
      await database.prisma.$executeRawUnsafe(`alter database ${name} reset default_transaction_read_only`);
    }
  });

  it('is a server that has no connection left for us', async () => {
    await database.prisma.$executeRawUnsafe(`create role crowded login password 'test' connection limit 0`);
    const url = Object.assign(new URL(database.url), { username: 'crowded', password: 'test' }).href;
    for (const write of writes(connect(url))) {
      const error = await errorOf(write);
      expect(databaseFailureKind(error)).toBe('no-connection-left');
      expect(toFailure(error)).toMatchObject(AWAY);
    }
    await database.prisma.$executeRawUnsafe('drop role crowded');
  });

  it('is a connection that is cut without a word', async () => {
    const proxy = await startProxy(database.url);
    const client = connect(proxy.url);
    const waiting = [
      errorOf(client.$queryRaw`select pg_sleep(60)::text`),
      errorOf(
        client.$transaction(async (transaction) => {
          await transaction.workspace.count();
          await sleep(1_000);
          await transaction.workspace.count();
        }),
      ),
    ];
    await sleep(500);
    await proxy.away();
    for (const error of [...(await Promise.all(waiting)), await errorOf(client.workspace.count())]) {
      expect(databaseFailureKind(error)).toBe('unreachable');
      expect(toFailure(error)).toMatchObject(AWAY);
    }
    await proxy.back();
    expect(await client.workspace.count()).toBe(0);
    await client.$disconnect();
    await proxy.away();
  });

  it('is a pool in which no connection becomes free', async () => {
    const options = { connectionString: database.url, max: 1, connectionTimeoutMillis: 300 };
    const client = new PrismaClient({ adapter: new PostgresAdapter(options) });
    clients.push(client);
    const busy = errorOf(client.$queryRaw`select pg_sleep(1.5)::text`);
    await sleep(200);
    const waiting = [
      client.workspace.count(),
      client.$queryRaw`select 1`,
      client.$transaction((transaction) => transaction.workspace.count()),
    ];
    for (const error of await Promise.all(waiting.map((work) => errorOf(work)))) {
      expect(databaseFailureKind(error)).toBe('pool-timeout');
      expect(toFailure(error)).toMatchObject(AWAY);
      expect(explainError(error, { DATABASE_URL: database.url }).message).toContain('DATABASE_POOL_SIZE');
    }
    expect(await busy).toBeUndefined();
  });

  it('is a server that is shut down in the middle, and ends when it is back', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'almanac-outage-'));
    await chmod(directory, 0o755);
    const options = {
      directory: join(directory, 'postgres'),
      port: await getPort(),
      password: 'test',
      logFile: join(directory, 'log'),
      settings: { fsync: 'off' },
    };
    let server = await startPostgres(options);
    const client = connect(server.databaseUrl('postgres'), { poolSize: 3 });
    const waiting = [
      errorOf(client.$queryRaw`select pg_sleep(60)::text`),
      errorOf(
        client.$transaction(async (transaction) => {
          await transaction.$queryRaw`select 1`;
          await server.ended;
          await transaction.$queryRaw`select 1`;
        }),
      ),
    ];
    await sleep(500);
    await server.stop();
    for (const error of [...(await Promise.all(waiting)), await errorOf(client.$queryRaw`select 1`)]) {
      expect(databaseFailureKind(error)).toBe('unreachable');
      expect(toFailure(error)).toMatchObject(AWAY);
    }
    server = await startPostgres(options);
    expect(await errorOf(client.$queryRaw`select 1`)).toBeUndefined();
    await client.$disconnect();
    await server.stop();
    await rm(directory, { recursive: true });
  });
});

it('is no outage that one statement takes too long', async () => {
  const client = connect(database.url, { statementTimeoutMs: 100 });
  const error = await errorOf(client.$queryRaw`select pg_sleep(5)::text`);
  expect(databaseFailureKind(error)).toBe('canceled');
  expect(toFailure(error)).toMatchObject({ type: FailureType.timedOut });
});

describe('a migration', () => {
  const name = 'outage_of_a_migration';
  const explained = async () =>
    explainError(await errorOf(migrate(named(name))), { DATABASE_URL: named(name) }).message;

  it.each([
    ['takes no writes', `alter database ${name} set default_transaction_read_only = on`, /takes no writes/],
    [
      'is full',
      `create function fill() returns event_trigger language plpgsql as $$ begin raise exception 'voll' using errcode = '53100'; end $$;
       create event trigger fill on ddl_command_start when tag in ('CREATE TABLE') execute function fill()`,
      /no disk space or memory left/,
    ],
  ])('says of a database that it %s', async (_what, statements, sentence) => {
    const maintenance = connect(inject('servers').maintenanceUrl);
    await maintenance.$executeRawUnsafe(`create database ${name}`);
    const client = connect(named(name));
    for (const statement of statements.split(/;\s+(?=create event)/))
      await client.$executeRawUnsafe(statement);
    expect(await explained()).toMatch(sentence);
    await client.$disconnect();
    await maintenance.$executeRawUnsafe(`drop database ${name} with (force)`);
  });
});
