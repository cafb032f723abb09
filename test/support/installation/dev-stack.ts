import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning } from '../../../dev/processes/process-identity.ts';
import { readRunningStack, type StackFile } from '../../../dev/stack-file.ts';
import { type RunningProgram, startProgram } from './program.ts';

const POLL_MS = 50;
const START_TIMEOUT_MS = 120_000;
const GONE_TIMEOUT_MS = 30_000;
/** The last line that a start prints on stderr or stdout. */
const READY = /Ctrl-C stops everything/;

export interface DevStack extends RunningProgram {
  stack: StackFile;
}

/** Every process of the stack, with the one that runs it. */
export function stackPids({ pid, parts }: StackFile): number[] {
  return [pid, ...parts.flatMap((part) => part.pids)];
}

export function pidsOf(stack: StackFile, part: string): number[] {
  const pids = stack.parts.find(({ name }) => name === part)?.pids;
  if (!pids) throw new Error(`The stack has no part ${part}.`);
  return pids;
}

/** The description of the stack as soon as there is one. */
export async function untilStackFile(directory: string, program: RunningProgram): Promise<StackFile> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const stack = readRunningStack(directory);
    if (stack) return stack;
    if (program.child.exitCode !== null || Date.now() > deadline)
      throw new Error(`No stack came up:\n${program.stderr()}`);
    await sleep(POLL_MS);
  }
}

/** Runs `npm start` until the samples are synced. With `--json` everything but the summary is on stderr. */
export async function startDevStack(directory: string): Promise<DevStack> {
  const program = startProgram('npm', ['start', '--silent', '--', '--json'], { cwd: directory });
  const stack = await untilStackFile(directory, program);
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!READY.test(program.stderr())) {
    if (program.child.exitCode !== null || Date.now() > deadline)
      throw new Error(`The stack did not come up:\n${program.stderr()}`);
    await sleep(POLL_MS);
  }
  return { ...program, stack };
}

/** Those of the processes that still run after a while in which they should have ended. */
export async function leftRunning(pids: number[]): Promise<number[]> {
  const deadline = Date.now() + GONE_TIMEOUT_MS;
  while (pids.some(isRunning) && Date.now() < deadline) await sleep(POLL_MS);
  return pids.filter(isRunning);
}
