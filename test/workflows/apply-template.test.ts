import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createApplyTemplatePage } from '../../activities/apply-template-page.ts';
import { createAlmanacClient } from '../../client/almanac-client.ts';
import { InvalidInputError, NotFoundError } from '../../services/errors.ts';
import { createTemplate, removeTemplate } from '../../services/planning/templates.ts';
import { createWorkspace } from '../../services/workspaces.ts';
import { runCli } from '../support/run-cli.ts';
import { startServedStack, type WorkflowStack } from '../support/workflow-stack.ts';

/** More than a page. */
const MANY = 60;
const START = '2026-12-01';

let stack: WorkflowStack;
beforeAll(async () => {
  stack = await startServedStack();
  for (let index = 0; index < MANY; index += 1)
    await createWorkspace(stack.database, { id: `w-${String(index).padStart(2, '0')}`, timeZone: 'UTC' });
  await createTemplate(stack.database, {
    name: 'onboarding',
    tasks: [
      { name: 'draft', title: 'Draft', durationMinutes: 60, after: ['outline'] },
      { name: 'outline', title: 'Outline', durationMinutes: 60, deadlineDay: 7, hours: 'focus' },
    ],
    habits: [{ name: 'review', title: 'Review', rrule: 'FREQ=WEEKLY;BYDAY=FR', durationMinutes: 30 }],
  });
  // All but one have the hours that the template asks for.
  const workspaces = await stack.database.workspace.findMany({ where: { id: { not: 'w-07' } } });
  await stack.database.calendarHours.createMany({
    data: workspaces.map(({ id }) => ({
      workspaceId: id,
      type: 'focus',
      weekday: 'mon',
      blocks: ['09:00-12:00'],
    })),
  });
});
afterAll(() => stack.close());

const almanac = () => createAlmanacClient({ temporal: stack.temporal.client, database: stack.database });
const titles = async (workspaceId: string) =>
  (await stack.database.task.findMany({ where: { workspaceId }, orderBy: { title: 'asc' } })).map(
    ({ title }) => title,
  );

it('makes a template in every workspace once, however often it is repeated, and names those that failed', async () => {
  const request = { start: START, all: true, applicationId: randomUUID() };
  const run = await almanac().applyTemplateToMany('onboarding', request);
  const failures = { failed: 1, sampleFailures: [{ workspaceId: 'w-07', error: 'invalid-input' }] };
  expect(await almanac().waitForApplication(run)).toEqual({ applied: MANY - 1, skipped: 0, ...failures });
  expect(await titles('w-59')).toEqual(['Draft', 'Outline']);
  expect(await titles('w-07')).toEqual([]);
  expect(await stack.database.taskDependency.count()).toBe(MANY - 1);
  expect(await stack.database.habit.count()).toBe(MANY - 1);
  expect(await almanac().readApplication(request.applicationId)).toMatchObject({
    state: 'done',
    progress: { applied: MANY - 1, left: 0 },
  });

  const repeated = await almanac().applyTemplateToMany('onboarding', request);
  expect(await almanac().waitForApplication(repeated)).toEqual({
    applied: 0,
    skipped: MANY - 1,
    ...failures,
  });
  expect(await stack.database.task.count()).toBe(2 * (MANY - 1));
});

it('makes it in the named workspaces, anew in another application', async () => {
  const before = await stack.database.task.count();
  const run = await almanac().applyTemplateToMany('onboarding', {
    start: START,
    workspaceIds: ['w-01', 'w-02', 'w-01'],
  });
  expect(await almanac().waitForApplication(run)).toMatchObject({ applied: 2, skipped: 0, failed: 0 });
  expect(await titles('w-01')).toEqual(['Draft', 'Draft', 'Outline', 'Outline']);
  expect(await stack.database.task.count()).toBe(before + 4);
});

it('starts nothing for an unknown template or workspace, or without workspaces', async () => {
  const apply = (template: string, request: object) =>
    almanac().applyTemplateToMany(template, { start: START, ...request });
  await expect(apply('unknown', { all: true })).rejects.toThrow(NotFoundError);
  await expect(apply('onboarding', { workspaceIds: ['w-01', 'unknown'] })).rejects.toThrow(NotFoundError);
  await expect(apply('onboarding', {})).rejects.toThrow(InvalidInputError);
  await expect(apply('onboarding', { all: true, workspaceIds: ['w-01'] })).rejects.toThrow(InvalidInputError);
  await expect(apply('onboarding', { all: true, start: 'soon' })).rejects.toThrow(InvalidInputError);
  await expect(almanac().readApplication(randomUUID())).rejects.toThrow(NotFoundError);
});

it('is waited for on the command line, which exits with 1 where it failed in a workspace', async () => {
  const { address, namespace } = stack.temporal;
  const env = { ...stack.environment, TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace };
  const apply = (...args: string[]) =>
    runCli(['template', 'apply', 'onboarding', '--start', START, '--wait', '--json', ...args], { env });
  const applied = await apply('--workspace', 'w-03, w-04');
  expect(applied.code).toBe(0);
  expect(JSON.parse(applied.stdout)).toMatchObject({ applied: 2, failed: 0 });
  expect(await apply('--workspace', 'w-07')).toMatchObject({ code: 1 });
  expect(await apply()).toMatchObject({ code: 2, stdout: '' });
});

it('fails where the template is deleted meanwhile', async () => {
  await removeTemplate(stack.database, 'onboarding');
  const page = { template: 'onboarding', start: START, applicationId: randomUUID() };
  const applyPage = createApplyTemplatePage(stack.dependencies);
  await expect(applyPage({ ...page, targets: { after: null } })).rejects.toThrow(NotFoundError);
});
