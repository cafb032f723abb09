import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { appendChanges, type AppliedChange } from '../../../services/change-log/append-changes.ts';
import { type Change, listChanges } from '../../../services/reading/changes.ts';
import type { GoogleEvent } from '../../../calendar/google-event.ts';
import { CursorExpiredError } from '../../../services/errors.ts';
import { logEqualsMirror } from '../../support/log-equals-mirror.ts';
import { createRandom } from '../../support/random-editor.ts';
import { runActivity } from '../../support/run-activity.ts';
import { startSyncStack, type SyncStack } from '../../support/sync-stack.ts';

const SEEDS = [1, 2, 3];
const DAYS = 50;
const RETENTION_DAYS = 30;
const EVENTS = 12;

let stack: SyncStack;
beforeAll(async () => {
  stack = await startSyncStack();
});
afterAll(() => stack.close());

async function makeCalendar(workspaceId: string): Promise<string> {
  const accountId = await stack.connect(workspaceId, `${workspaceId}@example.com`);
  const { id } = await stack.database.calendar.create({
    data: {
      workspaceId,
      accountId,
      googleCalendarId: 'c',
      summary: '',
      timeZone: 'UTC',
      accessRole: 'owner',
    },
  });
  return id;
}

/** A commit of a few random changes, so many days ago. */
async function commit(workspaceId: string, calendarId: string, random: () => number, daysAgo: number) {
  await stack.database.$transaction(async (transaction) => {
    const touched = new Set(Array.from({ length: 3 }, () => `e${Math.floor(random() * EVENTS)}`));
    const changes: AppliedChange[] = [];
    for (const googleEventId of touched) {
      const where = { calendarId_googleEventId: { calendarId, googleEventId } };
      const there = await transaction.calendarEvent.findUnique({ where });
      const operation = there === null ? 'insert' : random() < 0.4 ? 'delete' : 'update';
      const content = { etag: randomUUID(), resource: { id: googleEventId, etag: randomUUID() } };
      const times = { startAt: new Date(), endAt: new Date() };
      const row = { calendarId, googleEventId, kind: 'single', status: 'confirmed', ...times, ...content };
      if (operation === 'delete') await transaction.calendarEvent.delete({ where });
      else await transaction.calendarEvent.upsert({ where, create: row, update: content });
      changes.push({ calendarId, googleEventId, operation });
    }
    await appendChanges(transaction, { workspaceId, correlationId: null }, changes);
    await transaction.$executeRaw`
      update calendar_changes set changed_at = now() - make_interval(days => ${daysAgo}::int)
      where workspace_id = ${workspaceId} and changed_at > now() - interval '1 hour'`;
  });
}

const compact = () => runActivity(stack.activities.deleteExpired, { subject: 'change-log' as const });

type Mirror = Map<string, GoogleEvent['etag']>;

function apply(mirror: Mirror, changes: readonly Change[]): void {
  for (const { googleEventId, event } of changes) {
    if (event === null) mirror.delete(googleEventId);
    else mirror.set(googleEventId, event.etag);
  }
}

async function readAll(workspaceId: string, after = '0', mirror: Mirror = new Map()) {
  let cursor = after;
  for (;;) {
    const page = await listChanges(stack.database, { workspaceId, after: cursor, limit: 5 });
    apply(mirror, page.changes);
    ({ cursor } = page);
    if (!page.more) return { cursor, mirror };
  }
}

it.each(SEEDS)('leaves what is needed, and no reader with a wrong picture (seed %i)', async (seed) => {
  const random = createRandom(seed);
  const workspaceId = `compacted-${seed}`;
  const calendarId = await makeCalendar(workspaceId);
  const readers: { daysAgo: number; cursor: string; mirror: Mirror }[] = [];
  for (let daysAgo = DAYS; daysAgo >= 0; daysAgo -= 1) {
    await commit(workspaceId, calendarId, random, daysAgo);
    const last = readers.at(-1);
    readers.push({ daysAgo, ...(await readAll(workspaceId, last?.cursor, new Map(last?.mirror))) });
  }
  const truth = (await readAll(workspaceId)).mirror;
  const before = await stack.database.calendarChange.count({ where: { workspaceId } });
  // Half of it, as retention would have a while ago: a log is compacted again and again.
  stack.clock.now = new Date(Date.now() - 10 * 86_400_000);
  const earlier = await compact();
  expect(await logEqualsMirror(stack.database, workspaceId)).toEqual([]);
  stack.clock.now = null;
  const removed = earlier + (await compact());
  expect(removed).toBeGreaterThan(0);
  expect(await compact()).toBe(0);
  expect(await stack.database.calendarChange.count({ where: { workspaceId } })).toBe(before - removed);

  expect(await logEqualsMirror(stack.database, workspaceId)).toEqual([]);
  expect((await readAll(workspaceId)).mirror).toEqual(truth);
  const { compactedThrough } = await stack.database.calendarChangePosition.findUniqueOrThrow({
    where: { workspaceId },
  });
  const old = await stack.database.calendarChange.findMany({
    where: { workspaceId, position: { lte: compactedThrough } },
  });
  expect(new Set(old.map(({ googleEventId }) => googleEventId)).size).toBe(old.length);
  expect(old.filter(({ operation }) => operation === 'delete')).toEqual([]);

  let expired = 0;
  for (const { daysAgo, cursor, mirror } of readers) {
    try {
      expect((await readAll(workspaceId, cursor, mirror)).mirror).toEqual(truth);
    } catch (error) {
      if (!(error instanceof CursorExpiredError)) throw error;
      expired += 1;
      expect(daysAgo).toBeGreaterThan(RETENTION_DAYS);
    }
  }
  expect(expired).toBeGreaterThan(0);
});

it('sends a reader back that replays the log while it is being compacted, and none that stands behind', async () => {
  const workspaceId = 'replaying';
  const calendarId = await makeCalendar(workspaceId);
  const random = createRandom(9);
  for (let daysAgo = 60; daysAgo >= 0; daysAgo -= 4) await commit(workspaceId, calendarId, random, daysAgo);
  const { cursor: end } = await readAll(workspaceId);
  stack.clock.now = new Date(Date.now() - 10 * 86_400_000);
  await compact();
  const { cursor } = await listChanges(stack.database, { workspaceId, limit: 1 });
  expect(await listChanges(stack.database, { workspaceId, after: cursor, limit: 1 })).toMatchObject({
    more: true,
  });
  stack.clock.now = null;
  await compact();
  await expect(listChanges(stack.database, { workspaceId, after: cursor })).rejects.toThrow(
    CursorExpiredError,
  );
  expect(await listChanges(stack.database, { workspaceId, after: end })).toMatchObject({ changes: [] });
});

it('compacts a long log in steps', async () => {
  const workspaceId = 'long';
  const calendarId = await makeCalendar(workspaceId);
  const ids = Array.from({ length: 6_000 }, (_, index) => `e${index}`);
  for (const operation of ['insert', 'delete'] as const) {
    await stack.database.$transaction((transaction) =>
      appendChanges(
        transaction,
        { workspaceId, correlationId: null },
        ids.map((googleEventId) => ({ calendarId, googleEventId, operation })),
      ),
    );
  }
  await stack.database.$executeRaw`
    update calendar_changes set changed_at = now() - interval '31 days' where workspace_id = ${workspaceId}`;
  expect(await compact()).toBe(12_000);
  expect(await listChanges(stack.database, { workspaceId })).toEqual({
    changes: [],
    cursor: '12000',
    more: false,
  });
});

it('writes into the log what workers of the version before have done', async () => {
  const workspaceId = 'upgraded';
  const calendarId = await makeCalendar(workspaceId);
  const random = createRandom(4);
  for (let round = 0; round < 5; round += 1) await commit(workspaceId, calendarId, random, 1);
  const [first, second] = await stack.database.calendarEvent.findMany({ where: { calendarId }, take: 2 });
  await stack.database.$executeRaw`
    delete from calendar_events where calendar_id = ${calendarId}::uuid and google_event_id = ${first!.googleEventId}`;
  await stack.database.$executeRaw`
    update calendar_events set etag = 'new'
    where calendar_id = ${calendarId}::uuid and google_event_id = ${second!.googleEventId}`;
  for (const event of [first!, second!]) {
    await stack.database.$executeRaw`
      insert into calendar_changes (workspace_id, calendar_id, google_event_id, operation)
      values (${workspaceId}, ${calendarId}::uuid, ${event.googleEventId}, 'update')`;
  }
  expect(await logEqualsMirror(stack.database, workspaceId)).toHaveLength(2);
  await compact();
  expect(await logEqualsMirror(stack.database, workspaceId)).toEqual([]);
  expect(await stack.database.calendarChange.count({ where: { position: { lt: 0 } } })).toBe(0);
});
