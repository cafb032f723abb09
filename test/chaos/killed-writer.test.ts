import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createEventWriteClient } from '../../client/event-writes.ts';
import { beginWrites } from '../../services/writing/begin-writes.ts';
import { readWrites } from '../../services/writing/read-writes.ts';
import { expectMirrorEqualsGoogle } from '../support/mirror.ts';
import { startWorkflowStack, type WorkflowStack } from '../support/workflow-stack.ts';
import { end, startWorker } from './worker-process.ts';

type Write = Parameters<typeof beginWrites>[2][number];

const HOLD_MS = 120_000;
/** Attempts that begin later find Google as it should be. */
const FAULT_MS = 10_000;
/** Longer than Temporal takes to notice that a worker is dead: the retry comes first. */
const LATE_MS = 30_000;
const METHODS = ['POST', 'PATCH', 'DELETE'];

const attendees = [{ email: 'ada@example.org' }];
const at = (day: number) => ({
  start: { dateTime: `2026-12-0${day}T09:00:00Z`, timeZone: 'UTC' },
  end: { dateTime: `2026-12-0${day}T10:00:00Z`, timeZone: 'UTC' },
});

let stack: WorkflowStack;
beforeAll(async () => {
  stack = await startWorkflowStack();
});
afterAll(() => stack.close());
beforeEach(() => stack.google.clearFaults());

interface Lock {
  isHeld: Promise<void>;
  release(): Promise<void>;
}

/** Takes a lock of Postgres, and holds it until it is released. */
function lock(statement: string): Lock {
  const released = new AbortController();
  const held = new AbortController();
  const abortOf = (signal: AbortSignal) =>
    new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  const isReleased = abortOf(released.signal);
  const isHeld = abortOf(held.signal);
  const holding = stack.database.$transaction(
    async (transaction) => {
      await transaction.$executeRawUnsafe(statement);
      held.abort();
      await isReleased;
    },
    { timeout: HOLD_MS, maxWait: HOLD_MS },
  );
  return {
    isHeld: Promise.race([isHeld, holding]),
    async release() {
      released.abort();
      await holding;
    },
  };
}

/** Statements that wait for a lock. */
async function blocked(statement: string): Promise<number> {
  const rows = await stack.database.$queryRaw<unknown[]>`
    select from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock' and strpos(query, ${statement}) > 0`;
  return rows.length;
}

/** As when the worker's machine dies: what it has asked of Postgres is rolled back. */
async function cutBlocked(): Promise<void> {
  await stack.database.$queryRaw`
    select pg_terminate_backend(pid)::text from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`;
}

const mailsOf = async (google: string) =>
  (await stack.google.mails()).filter(({ calendarId }) => calendarId === google);

interface Scene {
  workspaceId: string;
  google: string;
  /** How many writes are made at the same time. */
  writes: number;
}

/** A place at which every write of a scene is halted. */
interface Seam {
  at: string;
  /** Prepares the halt. Returns what waits for it, and then what lifts it. */
  halt: (scene: Scene) => Promise<() => Promise<() => Promise<void>>>;
}

async function slow(google: string, fault: { delayMs: number; afterCommit?: boolean }): Promise<void> {
  for (const method of METHODS)
    await stack.google.addFault({
      match: { method, calendarId: google },
      times: 100,
      forMs: FAULT_MS,
      ...fault,
    });
}

const SEAMS: Seam[] = [
  {
    at: 'before it announces them',
    halt: async ({ workspaceId, writes }) => {
      const rows = lock(`select from event_writes where workspace_id = '${workspaceId}' for update`);
      await rows.isHeld;
      return async () => {
        await expect.poll(() => blocked('update event_writes')).toBe(writes);
        return rows.release;
      };
    },
  },
  {
    at: 'while its requests are on their way, and they arrive after the retries',
    halt: async ({ workspaceId, google, writes }) => {
      await slow(google, { delayMs: LATE_MS });
      return async () => {
        const sent = { workspaceId, status: 'sent' };
        await expect.poll(() => stack.database.eventWrite.count({ where: sent })).toBe(writes);
        // From the announcement to the request.
        await sleep(1_500);
        const arrived = sleep(LATE_MS);
        return async () => {
          await expect
            .poll(() => stack.database.eventWrite.count({ where: { workspaceId, status: 'done' } }), {
              timeout: HOLD_MS,
            })
            .toBe(writes);
          await arrived;
        };
      };
    },
  },
  {
    at: 'after Google has made them, and before the answers',
    halt: async ({ google, writes }) => {
      await slow(google, { delayMs: LATE_MS, afterCommit: true });
      return async () => {
        await expect.poll(() => mailsOf(google)).toHaveLength(writes);
        return async () => undefined;
      };
    },
  },
  {
    at: 'after the answers, and before it records them',
    halt: async ({ workspaceId, google, writes }) => {
      const states = lock(
        `select from calendar_sync_states where workspace_id = '${workspaceId}' for update`,
      );
      await states.isHeld;
      return async () => {
        await expect.poll(() => blocked('update calendar_sync_states')).toBe(writes);
        expect(await mailsOf(google)).toHaveLength(writes);
        return states.release;
      };
    },
  },
  {
    at: 'after it has recorded the first of them',
    halt: async () => {
      const mirror = lock('lock table calendar_events in share mode');
      await mirror.isHeld;
      return async () => {
        await expect.poll(() => blocked('calendar_events')).toBe(1);
        // Queues behind the transaction that records; nothing is read or written after it.
        const journal = lock('lock table event_writes in access exclusive mode');
        await expect.poll(() => blocked('lock table event_writes')).toBe(1);
        await mirror.release();
        await journal.isHeld;
        return journal.release;
      };
    },
  },
];

/** A calendar with an event to change, one to delete, and a series to split. Nobody was told of them. */
async function connect(workspaceId: string, google: string): Promise<Record<string, string>> {
  await stack.connect(workspaceId, google, 'UTC');
  await stack.database.workspace.update({ where: { id: workspaceId }, data: { writing: true } });
  await stack.google.insertEvent(google, { summary: 'To change', ...at(1), attendees });
  await stack.google.insertEvent(google, { summary: 'To delete', ...at(2), attendees });
  await stack.google.insertEvent(google, {
    summary: 'To split',
    ...at(3),
    attendees,
    recurrence: ['RRULE:FREQ=DAILY;COUNT=4'],
  });
  await stack.withWorkers(() => stack.sync(workspaceId));
  const shown = await stack.database.workspaceCalendarEvent.findMany({
    where: { workspaceId },
    orderBy: { startAt: 'desc' },
  });
  return Object.fromEntries(shown.map(({ id, title }) => [title ?? '', id]));
}

it.each(SEAMS.map((seam) => [seam.at, seam.halt] as const))(
  'makes every write once, and tells each guest once, when the worker is killed %s',
  async (place, halt) => {
    const workspaceId = `seam-${SEAMS.findIndex((seam) => seam.at === place)}`;
    const google = `${workspaceId}@example.com`;
    const shown = await connect(workspaceId, google);
    const { id: calendarId } = await stack.database.calendar.findFirstOrThrow({ where: { workspaceId } });
    const last = await stack.database.workspaceCalendarEvent.findFirstOrThrow({
      where: { workspaceId, startAt: new Date('2026-12-05T09:00:00Z') },
    });
    const sendUpdates = 'all' as const;
    const writes: Write[] = [
      {
        operation: 'create',
        calendarId,
        title: 'Created',
        start: '2026-12-09T09:00:00Z',
        end: '2026-12-09T10:00:00Z',
        attendees,
        sendUpdates,
      },
      { operation: 'change', eventId: shown['To change']!, title: 'Changed', sendUpdates },
      { operation: 'delete', eventId: shown['To delete']!, sendUpdates },
      { operation: 'change', eventId: last.id, series: 'following', title: 'Split', sendUpdates },
    ];
    const batches: string[] = [];
    for (const write of writes) batches.push(await beginWrites(stack.database, workspaceId, [write]));
    const reached = await halt({ workspaceId, google, writes: writes.length });

    const client = createEventWriteClient(stack.temporal.client);
    const making = Promise.all(batches.map((batchId) => client.makeWrites({ workspaceId, batchId })));
    const killed = await startWorker(stack);
    const lift = await reached();
    await end(killed, 'SIGKILL');
    await cutBlocked();
    const next = await startWorker(stack);
    await lift();
    await making;
    await end(next, 'SIGTERM');

    const outcomes = await Promise.all(
      batches.map((batchId) => readWrites(stack.database, workspaceId, batchId)),
    );
    expect(outcomes.flat().map(({ status }) => status)).toEqual(['done', 'done', 'done', 'done']);
    const events = (await stack.google.listEvents(google)).filter(({ status }) => status !== 'cancelled');
    const titles = new Map(events.map(({ id, summary }) => [id, summary ?? '']));
    expect([...titles.values()].toSorted()).toEqual(['Changed', 'Created', 'Split', 'To split']);
    const mails = await mailsOf(google);
    expect(
      mails.map(({ kind, eventId }) => `${kind} ${titles.get(eventId) ?? 'Deleted'}`).toSorted(),
    ).toEqual([
      'cancellation Deleted',
      'invitation Created',
      'invitation Split',
      'update Changed',
      'update To split',
    ]);
    await expectMirrorEqualsGoogle(stack, google);
  },
  240_000,
);
