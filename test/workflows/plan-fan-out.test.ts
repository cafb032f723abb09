import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countActions } from '../../bench/support/billed-actions.ts';
import type { PlanFanOutInput } from '../../contracts/plan-fan-out.ts';
import type { PlanFanOutResult } from '../../contracts/fan-out-results.ts';
import { TaskQueue } from '../../contracts/task-queues.ts';
import { WorkflowType } from '../../contracts/workflow-types.ts';
import { blocksInGoogle, runPlan } from '../support/planning-stack.ts';
import { startServedStack, type WorkflowStack } from '../support/workflow-stack.ts';

let stack: WorkflowStack;
let fanOuts = 0;

beforeAll(async () => {
  stack = await startServedStack();
});
afterAll(() => stack.close());

async function workspace(workspaceId: string, { tasks = 1, autoApply = true } = {}): Promise<string> {
  const email = `${workspaceId}@example.com`;
  await stack.connect(workspaceId, email, 'UTC');
  await stack.database.schedulePolicy.create({ data: { workspaceId, autoApply } });
  for (let task = 0; task < tasks; task += 1) {
    await stack.database.task.create({
      data: { workspaceId, title: `Task ${task}`, durationMinutes: 60, priority: 'high' },
    });
  }
  return email;
}

async function fanOut(input: PlanFanOutInput = {}): Promise<PlanFanOutResult> {
  fanOuts += 1;
  return stack.temporal.client.workflow.execute<(input: PlanFanOutInput) => Promise<PlanFanOutResult>>(
    WorkflowType.scheduleAllWorkspaces,
    { taskQueue: TaskQueue.calendarSync, workflowId: `plan-fan-out-${fanOuts}`, args: [input] },
  );
}

describe('the fan-out of planning', () => {
  it('applies the plans of workspaces that want it, and costs the others nothing', async () => {
    const busy = await workspace('busy', { tasks: 3 });
    const idle = await workspace('idle', { tasks: 0 });
    const manual = await workspace('manual', { autoApply: false });
    const since = new Date().toISOString();
    expect(await fanOut()).toEqual({
      succeeded: 1,
      failed: 0,
      skipped: 0,
      placed: 3,
      unscheduled: 0,
      created: 3,
      moved: 0,
      deleted: 0,
      sampleFailures: [],
    });
    expect(await blocksInGoogle(stack, busy)).toHaveLength(3);
    const asked = new Set((await stack.google.requests({ since })).map(({ email }) => email));
    expect([asked.has(busy), asked.has(idle), asked.has(manual)]).toEqual([true, false, false]);
    expect(await fanOut()).toMatchObject({ succeeded: 1, created: 0, moved: 0, deleted: 0 });
  });

  it('starts nothing where nothing is to be planned', async () => {
    await workspace('restful', { tasks: 0 });
    await stack.database.task.deleteMany();
    await stack.database.schedulePolicy.updateMany({ data: { autoApply: false } });
    await stack.database.schedulePolicy.update({
      where: { workspaceId: 'restful' },
      data: { autoApply: true },
    });
    expect(await fanOut()).toMatchObject({ succeeded: 0, failed: 0, skipped: 0 });
    const { events } = await stack.temporal.client.workflow
      .getHandle(`plan-fan-out-${fanOuts}`)
      .fetchHistory();
    expect(countActions(events ?? [])).toBe(2);
  });

  it(
    'tidies up where a task is done or gone, and is then done with the workspace',
    { tags: ['slow'] },
    async () => {
      const email = await workspace('tidy');
      await runPlan(stack, { workspaceId: 'tidy', mode: 'apply' });
      await stack.database.task.deleteMany({ where: { workspaceId: 'tidy' } });
      expect(await fanOut()).toMatchObject({ deleted: 1 });
      expect(await blocksInGoogle(stack, email)).toEqual([]);
      const { succeeded } = await fanOut();
      await stack.database.task.create({ data: { workspaceId: 'tidy', title: 'More', durationMinutes: 30 } });
      expect((await fanOut()).succeeded).toBe(succeeded + 1);
    },
  );

  it('plans the workspaces it is given, and counts those that fail', async () => {
    await workspace('given', { autoApply: false });
    expect(await fanOut({ workspaceIds: ['given', 'nobody'] })).toMatchObject({
      succeeded: 1,
      failed: 1,
      created: 1,
      sampleFailures: [{ workspaceId: 'nobody', error: 'WorkspaceNotFound' }],
    });
  });
});
