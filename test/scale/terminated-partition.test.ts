import { WorkflowNotFoundError } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { partitionWorkflowId } from '../../contracts/workflow-ids.ts';
import { startServedStack, type WorkflowStack } from '../support/workflow-stack.ts';
import {
  countListings,
  countRuns,
  listingsOf,
  postponeSynced,
  seedWorkspaces,
  TEST_TIMEOUT_MS,
  whileHeld,
  WORKSPACES,
} from '../support/scale.ts';

/** So many syncs cannot end, so that their partition is still running when the others are far. */
const HELD = 4;
const POLL = { interval: 50, timeout: TEST_TIMEOUT_MS };

let stack: WorkflowStack;

beforeAll(async () => {
  stack = await startServedStack();
});
afterAll(() => stack.close());

/** The workflow IDs of children that a partition's current run has asked for. */
async function childrenOf(partition: string): Promise<string[]> {
  const { events } = await stack.temporal.client.workflow.getHandle(partition).fetchHistory();
  return (events ?? []).flatMap(
    ({ startChildWorkflowExecutionInitiatedEventAttributes: child }) => child?.workflowId ?? [],
  );
}

/** One that was asked for, and not yet started when the partition ended, is never started. */
async function isRunning(workflowId: string): Promise<boolean> {
  try {
    const { status } = await stack.temporal.client.workflow.getHandle(workflowId).describe();
    return status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

describe('a partition that is terminated', () => {
  it(
    `leaves its ${WORKSPACES} workspaces to the next tick, which takes each that was not synced and no other`,
    async () => {
      const workspaces = await seedWorkspaces(stack, 'cut', WORKSPACES);
      const startedAt = new Date();
      const { partition, cut } = await whileHeld(stack, workspaces.slice(0, HELD), async () => {
        const coordinator = await stack.startFanOut({ source: 'schedule' });
        await expect.poll(() => countRuns(stack, workspaces), POLL).toBeGreaterThan(WORKSPACES / 3);
        const first = partitionWorkflowId(coordinator.firstExecutionRunId, 0);
        await stack.temporal.client.workflow.getHandle(first).terminate('test');
        return { partition: first, cut: await coordinator.result() };
      });
      expect(cut.failed).toBe(1);

      // A sync outlives its partition.
      for (const child of await childrenOf(partition))
        await expect.poll(() => isRunning(child), POLL).toBe(false);
      const before = await countRuns(stack, workspaces);
      await postponeSynced(stack, startedAt);
      expect(before).toBeLessThan(WORKSPACES);
      const next = await (await stack.startFanOut({ source: 'schedule' })).result();
      expect(next).toMatchObject({ succeeded: WORKSPACES - before, skipped: 0, failed: 0 });
      expect(listingsOf(await countListings(stack, startedAt), workspaces)).toEqual([1]);
    },
    TEST_TIMEOUT_MS * 2,
  );
});
