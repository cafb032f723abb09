import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { appendChanges } from '../../../services/change-log/append-changes.ts';
import { type ChangeListener, listenForChanges } from '../../../services/delivery/listen-for-changes.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { type PostgresProxy, startProxy } from '../../support/postgres-proxy.ts';
import type { Transaction } from '../../../prisma/client.ts';

let database: TestDatabase;
let proxy: PostgresProxy;
let listener: ChangeListener;
let heard: string[];
let connections: number;
let waits: number[];

beforeAll(async () => {
  database = await createTestDatabase();
  proxy = await startProxy(database.url);
  for (const id of ['acme', 'other']) {
    await database.prisma.workspace.create({ data: { id, timeZone: 'UTC' } });
  }
});
afterAll(async () => {
  await proxy.away();
  await database.drop();
});
beforeEach(async () => {
  [heard, connections, waits] = [[], 0, []];
  listener = listenForChanges({
    databaseUrl: proxy.url,
    onChange: (workspaceId) => heard.push(workspaceId),
    onConnected: () => (connections += 1),
    onDisconnected: (waitMs) => waits.push(waitMs),
    checkEveryMs: 50,
  });
  await vi.waitFor(() => expect(connections).toBe(1));
});
afterEach(() => listener.close());

const append = (transaction: Transaction, workspaceId: string) =>
  appendChanges(transaction, { workspaceId, correlationId: null }, [
    { calendarId: randomUUID(), googleEventId: 'e', operation: 'delete' },
  ]);
const change = (workspaceId: string) =>
  database.prisma.$transaction((transaction) => append(transaction, workspaceId));
const heardInTheEnd = (expected: string[]) => vi.waitFor(() => expect(heard).toEqual(expected));

describe('a listener', () => {
  it('hears once of each workspace that a commit has changed, when the changes are visible', async () => {
    await database.prisma.$transaction(async (transaction) => {
      await append(transaction, 'acme');
      await append(transaction, 'acme');
      await append(transaction, 'other');
      expect(heard).toEqual([]);
    });
    await heardInTheEnd(['acme', 'other']);
    await change('other');
    await heardInTheEnd(['acme', 'other', 'other']);
  });

  it('hears nothing of a transaction that is rolled back, or that changes nothing', async () => {
    const undone = database.prisma.$transaction(async (transaction) => {
      await append(transaction, 'acme');
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    await database.prisma.$transaction((transaction) =>
      appendChanges(transaction, { workspaceId: 'acme', correlationId: null }, []),
    );
    await change('other');
    await heardInTheEnd(['other']);
  });

  it('connects again with growing gaps, says so, and hears what follows', async () => {
    await proxy.away();
    await change('acme');
    await vi.waitFor(() => expect(waits.length).toBeGreaterThanOrEqual(3), { timeout: 5_000 });
    expect(waits.slice(0, 3)).toEqual([100, 200, 400]);
    await proxy.back();
    await vi.waitFor(() => expect(connections).toBe(2), { timeout: 5_000 });
    await change('other');
    await heardInTheEnd(['other']);
  });

  it('connects again when Postgres ends its connection', async () => {
    await database.prisma.$queryRaw`
      select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'almanac-changes'`;
    await vi.waitFor(() => expect(connections).toBe(2));
    await change('acme');
    await heardInTheEnd(['acme']);
  });

  it('hears nothing after it is closed, and closes while Postgres is away', async () => {
    await proxy.away();
    await listener.close();
    await proxy.back();
    await change('acme');
    expect([heard, connections]).toEqual([[], 1]);
  });
});
