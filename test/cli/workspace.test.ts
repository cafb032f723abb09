import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTask } from '../../services/planning/tasks.ts';
import { runCli } from '../support/run-cli.ts';
import { startServedStack, type WorkflowStack } from '../support/workflow-stack.ts';

let stack: WorkflowStack;
let env: Record<string, string>;

beforeAll(async () => {
  stack = await startServedStack();
  const { address, namespace } = stack.temporal;
  env = { ...stack.environment, TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace };
});
afterAll(() => stack.close());

const workspace = (...args: string[]) => runCli(['workspace', ...args], { env });

describe('almanac workspace delete', () => {
  it('deletes nothing without --yes', async () => {
    await stack.connect('acme', 'ada@example.com');
    await createTask(stack.database, 'acme', { title: 'Write', durationMinutes: 30 });
    const refused = await workspace('delete', 'acme');
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toMatch(/^yes must be given/);
    expect(await workspace('delete', 'unknown', '--yes')).toMatchObject({ code: 1 });
    expect(await stack.database.task.count()).toBe(1);
  });

  it('prints a receipt', async () => {
    const { code, stdout } = await workspace('delete', 'acme', '--yes', '--own-calendars', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      workspaceId: 'acme',
      keyId: null,
      ownCalendars: true,
      rows: { tasks: 1, calendar_auth_tokens: 1, workspaces: 1 },
    });
    expect(await workspace('list', '--json')).toMatchObject({ stdout: '[]\n' });
  });
});
