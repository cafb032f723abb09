import type { ChildProcess } from 'node:child_process';
import { tmpdir } from 'node:os';
import { exitOf, spawnCli } from '../support/run-cli.ts';
import type { WorkflowStack } from '../support/workflow-stack.ts';

/** Variables by which an `almanac` command finds the servers of the stack. */
export function environmentOf(stack: WorkflowStack): Record<string, string> {
  const { address, namespace } = stack.temporal;
  return {
    ...stack.environment,
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: namespace,
    WORKER_HEALTH_PORT: '0',
    METRICS_PORT: '0',
  };
}

/** A worker that can be killed without the test. */
export async function startWorker(stack: WorkflowStack): Promise<ChildProcess> {
  const worker = await spawnCli(['worker'], tmpdir(), environmentOf(stack));
  worker.stdout.resume();
  worker.stderr.resume();
  return worker;
}

/** Sends the signal and waits until the worker has gone. */
export async function end(worker: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  const exited = exitOf(worker);
  worker.kill(signal);
  await exited;
}
