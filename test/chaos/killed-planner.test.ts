import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  blocksInDatabase,
  blocksInGoogle,
  eventsOf,
  ownCalendarId,
  runPlan,
  startPlan,
  watching,
} from '../support/planning-stack.ts';
import { startWorkflowStack, type WorkflowStack } from '../support/workflow-stack.ts';
import { end, startWorker } from './worker-process.ts';

const KILLS = Number(process.env['ALMANAC_KILLS'] ?? 2);
const TASKS = 12;

let stack: WorkflowStack;

beforeAll(async () => {
  stack = await startWorkflowStack();
});
afterAll(() => stack.close());

it('writes every block once when the worker is killed while it writes, again and again', async () => {
  const [workspaceId, google] = ['killed', 'killed-planner@example.com'];
  await stack.connect(workspaceId, google, 'UTC');
  await stack.database.task.createMany({
    data: Array.from({ length: TASKS }, (_, index) => ({
      workspaceId,
      title: `Task ${index}`,
      durationMinutes: 60,
      hours: 'personal',
    })),
  });
  // Slow enough to be killed between a write and its answer, or its record.
  await stack.google.addFault({
    match: { method: 'POST', pathContains: '/events' },
    times: 1_000,
    afterCommit: true,
    delayMs: 150,
  });
  const { result, seen } = await watching(stack, google, async () => {
    const handle = await startPlan(stack, { workspaceId, mode: 'apply' });
    for (let kill = 0; kill < KILLS; kill += 1) {
      const worker = await startWorker(stack);
      const before = (await eventsOf(stack, google)).length;
      await expect
        .poll(async () => (await eventsOf(stack, google)).length, { timeout: 60_000, interval: 5 })
        .toBeGreaterThan(before + 1);
      await end(worker, 'SIGKILL');
    }
    const last = await startWorker(stack);
    const applied = await handle.result();
    await end(last, 'SIGTERM');
    return applied;
  });

  expect(result).toMatchObject({ success: true, applied: true, created: TASKS, moved: 0, deleted: 0 });
  expect(seen).toEqual([]);
  const events = await eventsOf(stack, google);
  expect(events).toHaveLength(TASKS);
  expect(new Set(events.map(({ summary }) => summary)).size).toBe(TASKS);
  expect(await ownCalendarId(stack, google)).toBeDefined();
  expect(await blocksInGoogle(stack, google)).toEqual(await blocksInDatabase(stack, workspaceId));
  await stack.google.clearFaults();
  await stack.withWorkers(async () => {
    expect(await runPlan(stack, { workspaceId, mode: 'apply' })).toMatchObject({
      created: 0,
      moved: 0,
      deleted: 0,
    });
  });
}, 240_000);
