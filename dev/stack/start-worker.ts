import type { Part } from '../processes/part.ts';
import { startNode } from '../processes/start-node.ts';
import { untilAnswers } from '../processes/until-ready.ts';
import type { StackEnvironment } from '../stack-file.ts';
import { WORKER_SHUTDOWN_MS } from '../../contracts/limits.ts';
import { PROGRAM } from './program.ts';

/** Longer than the worker waits for its running activities; an idle worker stops at once. */
const STOP_GRACE_MS = WORKER_SHUTDOWN_MS + 5_000;

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
