import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createAlmanacClient } from '../../client/almanac-client.ts';
import { listDeadLetters } from '../../services/dead-letters.ts';
import { retryDeadLetter } from '../../client/retry-dead-letters.ts';
import { FailureType } from '../../contracts/failure-types.ts';
import type { PlanRequest } from '../../contracts/planning.ts';
import { hoursAfter, nextMonday, runPlan } from '../support/planning-stack.ts';
import { startServedStack, type WorkflowStack } from '../support/workflow-stack.ts';

let stack: WorkflowStack;
let workspaceId: string;
let workspaces = 0;

beforeAll(async () => {
  stack = await startServedStack();
  stack.clock.now = hoursAfter(nextMonday(), 8);
});
afterEach(() => stack.google.clearFaults());
afterAll(() => stack.close());

const plan = (request: Partial<PlanRequest> = {}) =>
  runPlan(stack, { workspaceId, days: 7, mode: 'apply', ...request });
const deadLetters = () => listDeadLetters(stack.database, { workspaceId, all: true });
const statuses = async () => (await deadLetters()).map(({ status }) => status);

/** A workspace with a task; Google refuses to take its block for as long as a fault stands. */
async function refusedWorkspace(): Promise<void> {
  workspaces += 1;
  workspaceId = `planner-${workspaces}`;
  await stack.connect(workspaceId, `${workspaceId}@example.com`, 'UTC');
  await stack.database.task.create({ data: { workspaceId, title: 'Report', durationMinutes: 60 } });
  await refuse();
}

async function refuse(): Promise<void> {
  const match = { method: 'POST', pathContains: '/events' };
  await stack.google.addFault({ match, times: 100, status: 403, reason: 'forbidden' });
}

it('a plan that cannot be applied leaves one dead letter, however often it fails, which the next success resolves', async () => {
  await refusedWorkspace();
  expect(await plan()).toMatchObject({ success: false, error: FailureType.googleForbidden });
  expect(await plan()).toMatchObject({ success: false });
  expect(await deadLetters()).toMatchObject([
    {
      workspaceId,
      operation: 'plan',
      failureType: FailureType.googleForbidden,
      workflowId: `smart-schedule/${workspaceId}`,
      attempts: 2,
      status: 'open',
    },
  ]);
  expect(await plan({ mode: 'preview' })).toMatchObject({ success: true });
  expect(await statuses()).toEqual(['open']);
  await stack.google.clearFaults();
  expect(await plan()).toMatchObject({ success: true, applied: true });
  expect(await statuses()).toEqual(['resolved']);
});

it('a dead letter about a plan is retried by planning anew', async () => {
  await refusedWorkspace();
  await plan();
  await stack.google.clearFaults();
  const almanac = createAlmanacClient({ temporal: stack.temporal.client, database: stack.database });
  const retried = await retryDeadLetter({ database: stack.database, almanac }, (await deadLetters())[0]!.id);
  const { workflowId = '', runId = '' } = retried;
  expect(await almanac.waitForPlan({ workflowId, runId })).toMatchObject({ applied: true, created: 1 });
  expect(await statuses()).toEqual(['resolved']);
});

it('a dead letter about a plan that was discarded stays closed until a plan has been applied', async () => {
  await refusedWorkspace();
  await plan();
  await stack.database.deadLetter.updateMany({
    where: { workspaceId },
    data: { status: 'discarded', closedAt: stack.clock.now },
  });
  await plan();
  expect(await statuses()).toEqual(['discarded']);
  await stack.google.clearFaults();
  stack.clock.now = hoursAfter(nextMonday(), 9);
  await plan();
  await stack.database.task.create({ data: { workspaceId, title: 'Slides', durationMinutes: 60 } });
  await refuse();
  await plan();
  expect(await statuses()).toEqual(['discarded', 'open']);
});

it('a purge closes the dead letter: nothing is to be applied any more', async () => {
  await refusedWorkspace();
  await plan();
  await stack.google.clearFaults();
  expect(await plan({ mode: 'purge' })).toMatchObject({ success: true });
  expect(await statuses()).toEqual(['resolved']);
});

it.each(['preview', 'apply', 'purge'] as const)(
  'a %s for a workspace that does not exist fails and leaves no dead letter',
  async (mode) => {
    const request = runPlan(stack, { workspaceId: `nobody-${mode}`, mode });
    await expect(request).rejects.toMatchObject({ cause: { type: FailureType.workspaceNotFound } });
    expect(await stack.database.deadLetter.count({ where: { workspaceId: `nobody-${mode}` } })).toBe(0);
  },
);
