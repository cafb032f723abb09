import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventWriting } from '../../support/event-writing.ts';
import { startServedStack, type WorkflowStack } from '../../support/workflow-stack.ts';

let stack: WorkflowStack;
beforeAll(async () => {
  stack = await startServedStack();
});
afterAll(() => stack.close());

const { connect } = eventWriting(() => stack);

/** Whether a session of this database waits for a lock. */
async function someoneWaits(): Promise<boolean> {
  const rows = await stack.database.$queryRaw<unknown[]>`
    select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  return rows.length > 0;
}

it('a page sees what a write has left behind while the page waited for its lock', async () => {
  const { workspaceId, google, calendarId } = await connect('overtaken');
  const event = await stack.google.insertEvent(google, {
    summary: 'Before',
    start: { dateTime: '2026-12-02T12:00:00Z' },
    end: { dateTime: '2026-12-02T13:00:00Z' },
  });
  await stack.sync(workspaceId);
  const stored = () =>
    stack.database.calendarEvent.findFirstOrThrow({ where: { calendarId, googleEventId: event.id } });
  const { etag, syncedState } = { ...(await stored()), syncedState: await stateOf(calendarId) };
  await stack.google.patchEvent(google, event.id, { summary: 'Listed' });
  await stack.google.addFault({
    match: { method: 'GET', calendarId: google, pathContains: '/events' },
    times: 1,
    afterCommit: true,
    delayMs: 1_500,
  });
  const sync = await stack.startSync({ workspaceId }, 'incremental');
  await expect
    .poll(async () => +(await stateOf(calendarId)).listingStartedAt! > +syncedState.listingStartedAt!)
    .toBe(true);
  const listed = (await stack.google.listEvents(google)).find(({ id }) => id === event.id)!.etag;
  await stack.database.$transaction(
    async (transaction) => {
      await transaction.$queryRaw`
        select 1 from calendar_sync_states where calendar_id = ${calendarId}::uuid for update`;
      await transaction.eventWrite.create({
        data: {
          id: randomUUID(),
          workspaceId,
          batchId: randomUUID(),
          position: 0,
          calendarId,
          subject: event.id,
          operation: 'change',
          status: 'done',
          appliedAt: new Date(),
          applied: [
            {
              calendarId,
              googleEventId: event.id,
              etag: '"own"',
              updated: null,
              deleted: false,
              replaced: [etag!, listed!],
            },
          ],
        },
      });
      await expect.poll(someoneWaits, { timeout: 10_000 }).toBe(true);
    },
    { timeout: 20_000 },
  );
  await sync.result();
  expect(await stored()).toMatchObject({ etag });
});

const stateOf = (calendarId: string) =>
  stack.database.calendarSyncState.findUniqueOrThrow({ where: { calendarId } });
