import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTask } from '../../services/planning/tasks.ts';
import { createWorkspace } from '../../services/workspaces.ts';
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

describe('almanac workspace export', () => {
  it('writes an archive that import restores', { tags: ['slow'] }, async () => {
    const directory = await mkdtemp(join(tmpdir(), 'almanac-export-'));
    const path = join(directory, 'source.zip');
    await createWorkspace(stack.database, { id: 'source', timeZone: 'UTC', name: 'Source' });
    await createTask(stack.database, 'source', { title: 'Write', durationMinutes: 30 });
    const { code, stdout } = await workspace('export', 'source', '--to', path, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ workspaceId: 'source', format: 'almanac-workspace' });
    expect(await readdir(directory)).toEqual(['source.zip']);
    await createWorkspace(stack.database, { id: 'target', timeZone: 'UTC' });
    const restored = await workspace('import', 'target', '--from', path, '--json');
    expect(JSON.parse(restored.stdout)).toMatchObject({ workspaceId: 'target', rows: { tasks: 1 } });
    expect(await workspace('import', 'target', '--from', path)).toMatchObject({ code: 1 });
    expect(await workspace('import', 'target', '--from', directory)).toMatchObject({ code: 2 });
    const nowhere = join(directory, 'no', 'file.zip');
    expect(await workspace('export', 'source', '--to', nowhere)).toMatchObject({ code: 2 });
    for (const id of ['source', 'target']) await stack.database.workspace.delete({ where: { id } });
    await rm(directory, { recursive: true });
  });
});

describe('almanac workspace delete', () => {
  it('deletes nothing without --yes', { tags: ['slow'] }, async () => {
    await stack.connect('acme', 'ada@example.com');
    await createTask(stack.database, 'acme', { title: 'Write', durationMinutes: 30 });
    const refused = await workspace('delete', 'acme');
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toMatch(/^yes must be given/);
    expect(await workspace('delete', 'unknown', '--yes')).toMatchObject({ code: 1 });
    expect(await stack.database.task.count()).toBe(1);
  });

  it('prints a receipt', { tags: ['slow'] }, async () => {
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
