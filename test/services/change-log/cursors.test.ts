import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AppliedChange, appendChanges } from '../../../services/change-log/append-changes.ts';
import { type Change, listChanges } from '../../../services/reading/changes.ts';
import { createChangeWatcher } from '../../../services/reading/change-watcher.ts';
import { CursorExpiredError, InvalidInputError, NotFoundError } from '../../../services/errors.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { createRandom } from '../../support/random-editor.ts';

const WRITERS = 6;
const TRANSACTIONS = 25;
const READERS = 3;

let database: TestDatabase;
let workspaceId: string;

beforeAll(async () => {
  database = await createTestDatabase(WRITERS + READERS + 2);
});
afterAll(() => database.drop());
beforeEach(async () => {
  workspaceId = `w-${randomUUID()}`;
  await database.prisma.workspace.create({ data: { id: workspaceId, timeZone: 'UTC' } });
});

const changes = (
  count: number,
  operation: AppliedChange['operation'] = 'delete',
  calendarId = randomUUID(),
) => Array.from({ length: count }, (_, index) => ({ calendarId, googleEventId: `e${index}`, operation }));

const append = (applied: readonly AppliedChange[], correlationId = 'test') =>
  database.prisma.$transaction((transaction) =>
    appendChanges(transaction, { workspaceId, correlationId }, applied),
  );

class Undone extends Error {}

async function rollBack(applied: readonly AppliedChange[]): Promise<void> {
  await database.prisma
    .$transaction(async (transaction) => {
      await appendChanges(transaction, { workspaceId, correlationId: 'undone' }, applied);
      throw new Undone();
    })
    .catch((error: unknown) => {
      if (!(error instanceof Undone)) throw error;
    });
}

describe('a reader', () => {
  it('sees every change once and in order while many write at once', async () => {
    const committed: string[] = [];
    const write = async (writer: number) => {
      const random = createRandom(writer);
      for (let round = 0; round < TRANSACTIONS; round += 1) {
        const applied = changes(1 + Math.floor(random() * 5));
        if (random() < 0.2) await rollBack(applied);
        else {
          await append(applied, `${writer}/${round}`);
          committed.push(...applied.map(({ calendarId, googleEventId }) => `${calendarId}/${googleEventId}`));
        }
      }
    };
    let writing = true;
    const read = async () => {
      const seen: Change[] = [];
      let cursor = '0';
      for (;;) {
        const last = !writing;
        const page = await listChanges(database.prisma, { workspaceId, after: cursor, limit: 7 });
        seen.push(...page.changes);
        ({ cursor } = page);
        if (last && !page.more) return seen;
      }
    };
    const readers = Array.from({ length: READERS }, read);
    await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
    writing = false;
    for (const seen of await Promise.all(readers)) {
      expect(seen.map(({ position }) => position)).toEqual(committed.map((_, index) => index + 1));
      const named = seen.map(({ calendarId, googleEventId }) => `${calendarId}/${googleEventId}`);
      expect(named.toSorted()).toEqual(committed.toSorted());
      const times = seen.map(({ changedAt }) => changedAt);
      expect(times).toEqual(times.toSorted());
    }
  });

  it('finds the changes of one commit next to each other', async () => {
    await Promise.all(Array.from({ length: WRITERS }, (_, writer) => append(changes(20), `${writer}`)));
    const page = await listChanges(database.prisma, { workspaceId });
    const runs = page.changes
      .map(({ correlationId }) => correlationId)
      .filter((id, at, all) => id !== all[at - 1]);
    expect(runs).toHaveLength(WRITERS);
  });

  it('gets the net result of a transaction, not its steps', async () => {
    const [one, two, three] = changes(3, 'insert') as [AppliedChange, AppliedChange, AppliedChange];
    const deleted = { operation: 'delete' } as const;
    const updated = { operation: 'update' } as const;
    await append([
      one,
      two,
      { ...three, ...updated },
      { ...one, ...deleted },
      { ...two, ...updated },
      { ...three, ...deleted },
    ]);
    const page = await listChanges(database.prisma, { workspaceId });
    expect(page.changes.map(({ googleEventId, operation }) => [googleEventId, operation])).toEqual([
      ['e1', 'insert'],
      ['e2', 'delete'],
    ]);
  });

  it('begins at the end, or so many positions earlier, and misses nothing from there on', async () => {
    const read = (after: string) => listChanges(database.prisma, { workspaceId, after });
    expect(await read('now')).toEqual({ changes: [], cursor: '0', more: false });
    await append(changes(5));
    const { cursor, ...page } = await read('now');
    expect(page).toEqual({ changes: [], more: false });
    await append(changes(2));
    expect((await read(cursor)).changes.map(({ position }) => position)).toEqual([6, 7]);
    expect((await read('now-3')).changes.map(({ position }) => position)).toEqual([5, 6, 7]);
    expect(await read('now-999')).toMatchObject({ changes: { length: 7 }, cursor: '7' });
    await database.prisma.calendarChangePosition.update({
      where: { workspaceId },
      data: { compactedThrough: 6n },
    });
    expect((await read('now-3')).changes.map(({ position }) => position)).toEqual([7]);
    for (const after of ['now-', 'now-1000', 'now+1', 'NOW'])
      await expect(read(after)).rejects.toThrow(InvalidInputError);
  });

  it('gets an error for a cursor that is malformed, of another log, or of no workspace', async () => {
    await append(changes(3));
    const read = (after: string) => listChanges(database.prisma, { workspaceId, after });
    expect(await read('3')).toEqual({ changes: [], cursor: '3', more: false });
    for (const after of ['-1', 'x', '1.', '9999999999999999']) {
      await expect(read(after)).rejects.toThrow(InvalidInputError);
    }
    await expect(read('4')).rejects.toThrow(CursorExpiredError);
    // It was given out when more had been compacted than has been: the database was set back since.
    await expect(read('1.2')).rejects.toThrow(CursorExpiredError);
    await expect(listChanges(database.prisma, { workspaceId: 'nobody' })).rejects.toThrow(NotFoundError);
  });
});

describe('waiting for changes', () => {
  it('ends for every waiting client as soon as there are any, and for no other client', async () => {
    const watcher = createChangeWatcher(database.prisma, { lookEveryMs: 20 });
    await append(changes(2));
    expect(await watcher.wait(workspaceId, 1, { timeoutMs: 5_000 })).toBe(true);
    const waits = [2, 2].map((position) => watcher.wait(workspaceId, position, { timeoutMs: 20_000 }));
    const other = watcher.wait('somebody-else', 0, { timeoutMs: 20_000 });
    const aborting = new AbortController();
    const aborted = watcher.wait(workspaceId, 2, { timeoutMs: 20_000, signal: aborting.signal });
    expect(watcher.waiting).toBe(4);
    aborting.abort();
    expect(await aborted).toBe(false);
    await append(changes(1));
    expect(await Promise.all(waits)).toEqual([true, true]);
    expect(watcher.waiting).toBe(1);
    await database.prisma.workspace.create({ data: { id: 'somebody-else', timeZone: 'UTC' } });
    await database.prisma.$transaction((transaction) =>
      appendChanges(transaction, { workspaceId: 'somebody-else', correlationId: null }, changes(1)),
    );
    expect(await other).toBe(true);
    expect(await watcher.wait(workspaceId, 3, { timeoutMs: 50 })).toBe(false);
    expect(watcher.waiting).toBe(0);
  });
});
