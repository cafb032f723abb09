import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectMirrorEqualsGoogle } from '../support/mirror.ts';
import { createRandom } from '../support/random-editor.ts';
import { startWorkflowStack, type WorkflowStack } from '../support/workflow-stack.ts';
import { end, startWorker } from './worker-process.ts';

const KILLS = Number(process.env['ALMANAC_KILLS'] ?? 2);
const EVENTS = 4_000;

let stack: WorkflowStack;

beforeAll(async () => {
  stack = await startWorkflowStack();
});
afterAll(() => stack.close());

/** Polls a calendar until stopped. Returns the smallest number of events that it saw. */
async function smallestSize(calendarId: string, stop: AbortSignal): Promise<number> {
  let smallest = Number.POSITIVE_INFINITY;
  while (!stop.aborted) {
    smallest = Math.min(smallest, await stack.database.calendarEvent.count({ where: { calendarId } }));
    await sleep(20);
  }
  return smallest;
}

it('loses, doubles and hides nothing when the worker is killed in the middle of a full sync, again and again', async () => {
  const google = 'killed@example.com';
  const random = createRandom(11);
  await stack.connect('killed', google);
  await stack.google.generateEvents(google, { count: EVENTS, recurringShare: 0.1, seed: 11 });
  await stack.withWorkers(() => stack.sync('killed'));
  const { id: calendarId } = await stack.database.calendar.findFirstOrThrow({
    where: { googleCalendarId: google },
  });
  const before = await stack.database.calendarEvent.count({ where: { calendarId } });

  // A tenth is gone and a tenth is new by the time of the full sync.
  const events = await stack.google.listEvents(google);
  const singles = events.filter(({ recurrence, recurringEventId }) => !recurrence && !recurringEventId);
  for (const { id } of singles.slice(0, EVENTS / 10)) await stack.google.deleteEvent(google, id);
  await stack.google.generateEvents(google, { count: EVENTS / 10, seed: 12 });
  await stack.google.setPageShape({ maxPageSize: 100 });

  const stopLooking = new AbortController();
  const smallest = smallestSize(calendarId, stopLooking.signal);
  const handle = await stack.startSync({ workspaceId: 'killed' }, 'full');
  for (let kill = 0; kill < KILLS; kill += 1) {
    const worker = await startWorker(stack);
    const pages = () =>
      stack.database.workspaceCalendarSyncLog.findFirst({ where: { runId: handle.firstExecutionRunId } });
    const done = (await pages())?.pages ?? 0;
    await expect
      .poll(async () => (await pages())?.pages ?? 0, { timeout: 60_000, interval: 20 })
      .toBeGreaterThan(done);
    await sleep(random() * 150);
    await end(worker, 'SIGKILL');
  }
  const last = await startWorker(stack);
  const result = await handle.result();
  await end(last, 'SIGTERM');

  expect(result).toMatchObject({ success: true, calendars: [{ mode: 'full', deleted: EVENTS / 10 }] });
  stopLooking.abort();
  expect(await smallest).toBeGreaterThanOrEqual(before - EVENTS / 10);
  await expectMirrorEqualsGoogle(stack, google);
}, 240_000);
