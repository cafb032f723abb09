import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRunningFanOuts } from '../../client/fan-outs.ts';
import type { FanOutProgress } from '../../contracts/fan-out.ts';
import { PROGRESS_QUERY } from '../../contracts/sync.ts';
import { TaskQueue } from '../../contracts/task-queues.ts';
import { runCli } from '../support/run-cli.ts';
import { withWorkers } from '../support/temporal.ts';
import { startWorkflowStack, type WorkflowStack } from '../support/workflow-stack.ts';

const WAIT = { timeout: 15_000 };

let stack: WorkflowStack;
beforeAll(async () => {
  stack = await startWorkflowStack();
});
afterAll(() => stack.close());

const workflowIds = async () =>
  (await readRunningFanOuts(stack.temporal.client)).map(({ workflowId }) => workflowId);

describe('running fan-outs', () => {
  it('are shown without progress as long as no worker answers', { tags: ['slow'] }, async () => {
    const handle = await stack.startFanOut();
    await expect.poll(workflowIds, WAIT).toContain(handle.workflowId);
    const [running] = await readRunningFanOuts(stack.temporal.client);
    expect(running).toMatchObject({ type: 'syncAllWorkspaces', progress: null });
    // Otherwise it would take the workspace from the next one.
    await handle.terminate();
  });

  it('are part of the status, with what they have done so far', async () => {
    await stack.connect('acme', 'ada@example.com');
    // No worker serves Google's queue, so the one child waits.
    const serving = { activities: stack.activities, taskQueues: [TaskQueue.calendarSync] };
    await withWorkers(stack.temporal, serving, async () => {
      const handle = await stack.startFanOut();
      await expect
        .poll(() => handle.query<FanOutProgress>(PROGRESS_QUERY), WAIT)
        .toMatchObject({ workspaces: 1 });
      await expect.poll(workflowIds, WAIT).toContain(handle.workflowId);
      expect((await status()).fanOuts).toContainEqual(
        expect.objectContaining({
          workflowId: handle.workflowId,
          progress: expect.objectContaining({ workspaces: 1, partitions: 1, succeeded: 0 }),
        }),
      );
      await handle.terminate();
      await expect.poll(workflowIds, WAIT).not.toContain(handle.workflowId);
    });
  });

  it('are missing from the status, and nothing else is, where Temporal does not answer', async () => {
    const { code, stderr, stdout } = await runCli(['status', '--running'], {
      env: { ...stack.environment, TEMPORAL_ADDRESS: '127.0.0.1:9' },
    });
    expect(code).toBe(0);
    expect(stdout).toContain('acme');
    expect(stderr).toContain('Temporal does not answer, so running fan-outs are not shown.');
  });
});

async function status() {
  const { address, namespace } = stack.temporal;
  const env = { ...stack.environment, TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace };
  const { stdout } = await runCli(['status', '--json'], { env });
  return JSON.parse(stdout) as { fanOuts: unknown[] };
}
