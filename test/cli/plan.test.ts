import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blocksInGoogle } from '../support/planning-stack.ts';
import { runCli } from '../support/run-cli.ts';
import { startServedStack, type WorkflowStack } from '../support/workflow-stack.ts';

let stack: WorkflowStack;

beforeAll(async () => {
  stack = await startServedStack();
  await stack.connect('acme', 'anna@example.com', 'UTC');
  for (const title of ['Report', 'Slides']) {
    await stack.database.task.create({
      data: { workspaceId: 'acme', title, durationMinutes: 60, hours: 'personal' },
    });
  }
});
afterAll(() => stack.close());

const almanac = (...args: string[]) =>
  runCli(args, {
    env: {
      ...stack.environment,
      TEMPORAL_ADDRESS: stack.temporal.address,
      TEMPORAL_NAMESPACE: stack.temporal.namespace,
    },
  });

describe('almanac plan', () => {
  it('shows a preview for people and for programs, and writes nothing', { tags: ['slow'] }, async () => {
    const shown = await almanac('plan', 'acme', '--days', '7');
    expect(shown).toMatchObject({ code: 0 });
    expect(shown.stdout).toContain('Report');
    expect(shown.stdout).toContain('Nothing was written');
    const { code, stdout } = await almanac('plan', 'acme', '--days', '7', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      blocks: [{ kind: 'task' }, { kind: 'task' }],
      unscheduled: [],
      late: [],
      warnings: [],
      objective: { moved: 0, blocks: 2 },
      runId: expect.any(String),
      applied: false,
      created: 2,
      moved: 0,
      deleted: 0,
    });
    expect(await blocksInGoogle(stack, 'anna@example.com')).toEqual([]);
  });

  it('applies what was shown, undoes it, and purges', { tags: ['slow'] }, async () => {
    const applied = await almanac('plan', 'acme', '--days', '7', '--apply', '--safe', '--json');
    expect(applied.code, applied.stderr).toBe(0);
    const { runId, ...result } = JSON.parse(applied.stdout);
    expect(result).toMatchObject({ applied: true, created: 2, moved: 0, deleted: 0 });
    expect(await blocksInGoogle(stack, 'anna@example.com')).toHaveLength(2);
    const undone = await almanac('plan', 'undo', runId, '--json');
    expect(JSON.parse(undone.stdout)).toMatchObject({ mode: 'undo', success: true, deleted: 2 });
    expect(await blocksInGoogle(stack, 'anna@example.com')).toEqual([]);
    const again = await almanac('plan', 'undo', runId);
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('Nothing was undone') });
    await almanac('plan', 'acme', '--apply');
    expect((await almanac('plan', 'purge', 'acme')).stdout).toContain('2 events were removed');
    const purged = await almanac('plan', 'purge', 'acme', '--json');
    expect(JSON.parse(purged.stdout)).toMatchObject({ mode: 'purge', success: true, deleted: 0 });
  });

  it('refuses what makes no sense, in one sentence', async () => {
    for (const args of [
      ['plan'],
      ['plan', 'acme', '--days', '3'],
      ['plan', 'acme', '--apply', '--safe'],
      ['plan', 'undo', 'nonsense'],
    ]) {
      const { code, stderr } = await almanac(...args);
      expect([args, code]).toEqual([args, 2]);
      expect(stderr).not.toBe('');
    }
    expect((await almanac('plan', 'nobody')).code).toBe(1);
    await almanac('workspace', 'create', 'lonely', '--time-zone', 'UTC');
    expect(await almanac('plan', 'lonely', '--apply')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Workspace lonely has no account to write to'),
    });
  });
});
