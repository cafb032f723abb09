import { afterEach, beforeEach, expect, it } from 'vitest';
import { createPrismaClient, type Database } from '../../prisma/client.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { type Cut, CutProxy } from './cut-proxy.ts';

let target: TestDatabase;
let proxy: CutProxy;
let database: Database;

beforeEach(async () => {
  target = await createTestDatabase();
  const started = await CutProxy.start(target.url);
  ({ proxy } = started);
  database = createPrismaClient({ databaseUrl: started.url, poolSize: 1 });
});
afterEach(async () => {
  await database.$disconnect();
  await proxy.stop();
  await target.drop();
});

const create = (id: string) =>
  database.$transaction(async (transaction) => {
    await transaction.workspace.create({ data: { id, timeZone: 'UTC' } });
  });
const isThere = async (id: string) => (await target.prisma.workspace.count({ where: { id } })) === 1;

it.each<{ cut: Cut; committed: boolean }>([
  { cut: 'before-commit', committed: false },
  { cut: 'after-commit', committed: true },
])(
  'cuts a connection $cut: the client learns of a failure, the row is there: $committed',
  async (example) => {
    await create('warm-up');
    const cuts: Cut[] = [];
    proxy.onCut = (cut) => cuts.push(cut);
    proxy.arm(example.cut);
    await expect(create('acme')).rejects.toThrow(/connection|ECONNRESET|terminated/i);
    expect(cuts).toEqual([example.cut]);
    await expect.poll(() => isThere('acme')).toBe(example.committed);
    await create('next');
    expect(await isThere('next')).toBe(true);
  },
);
