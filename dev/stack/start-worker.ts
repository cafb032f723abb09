import type { Part } from '../processes/part.ts';
import { startNode } from '../processes/start-node.ts';
import type { StackEnvironment } from '../stack-file.ts';
import { PROGRAM } from './program.ts';
import { untilAnswers } from './start-emulator.ts';

/** Longer than the worker gives its running activities. */
const STOP_GRACE_MS = 10_000;

/** Starts a worker for all task queues and waits until it polls them. */
export async function startWorker(options: {
  healthPort: number;
  metricsPort: number;
  environment: StackEnvironment;
  logFile: string;
  directory: string;
}): Promise<Part> {
  const { healthPort, metricsPort, environment, logFile, directory } = options;
  const part = await startNode({
    name: 'The worker',
    script: PROGRAM,
    args: ['worker'],
    env: {
      LOG_FORMAT: 'pretty',
      ...process.env,
      ...environment,
      WORKER_HEALTH_HOST: '127.0.0.1',
      WORKER_HEALTH_PORT: String(healthPort),
      METRICS_HOST: '127.0.0.1',
      METRICS_PORT: String(metricsPort),
    },
    cwd: directory,
    logFile,
    graceMs: STOP_GRACE_MS,
  });
  await untilAnswers(part, `http://127.0.0.1:${healthPort}/readyz`);
  return part;
}
