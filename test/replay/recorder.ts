import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { WorkflowHandle } from '@temporalio/client';
import { inject } from 'vitest';
import { PROJECT_ROOT } from '../../dev/project-root.ts';
import type { WorkflowStack } from '../support/workflow-stack.ts';
import { HISTORIES } from './histories.ts';

/** Histories of more characters are written without indentation. */
const LONG = 100_000;

/** Stack traces name folders, and workers name themselves after their host: neither belongs in a committed file. */
function withoutMachine(history: string): string {
  return history.replaceAll(`${PROJECT_ROOT}/`, '').replaceAll(/"\d+@[^"]+"/g, '"worker"');
}

/**
 * Writes the history of a run, once it has ended, as the Temporal CLI exports it. One that is there is kept: what a
 * released workflow has done must stay replayable. To record it anew, delete it first, and only where no run of its
 * kind can be open any more.
 */
export async function recordHistory(
  name: string,
  handle: WorkflowHandle,
  { temporal }: Pick<WorkflowStack, 'temporal'>,
): Promise<void> {
  await handle.result().catch(() => undefined);
  const path = join(HISTORIES, `${name}.json`);
  if (existsSync(path)) return;
  const { firstExecutionRunId } = handle as { firstExecutionRunId?: string };
  const server = ['--address', temporal.address, '--namespace', temporal.namespace];
  const run = ['--workflow-id', handle.workflowId, '--run-id', firstExecutionRunId ?? ''];
  const { stdout } = await promisify(execFile)(
    inject('servers').temporalCommand,
    ['workflow', 'show', '--output', 'json', ...server, ...run],
    { maxBuffer: 64 * 2 ** 20 },
  );
  const text = withoutMachine(stdout);
  await writeFile(path, text.length > LONG ? `${JSON.stringify(JSON.parse(text))}\n` : text);
}
