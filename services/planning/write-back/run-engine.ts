import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { type Plan, plan, type PlanInput } from '../../../scheduling/index.ts';

/**
 * Created by the build. It is missing when Almanac runs from its sources, which Node cannot load in a thread.
 */
const THREAD = fileURLToPath(new URL('./engine-thread.js', import.meta.url));

/**
 * Plans in a separate thread: a plan takes some hundred milliseconds of computing, during which the process
 * could answer neither Temporal nor health checks. An abort ends the thread.
 */
export async function runEngine(input: PlanInput, signal: AbortSignal): Promise<Plan> {
  if (!existsSync(THREAD)) return plan(input);
  signal.throwIfAborted();
  const thread = new Worker(THREAD, { workerData: input });
  const abort = () => void thread.terminate();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await new Promise<Plan>((resolve, reject) => {
      thread.once('message', resolve);
      thread.once('error', reject);
      thread.once('exit', () =>
        reject(
          signal.aborted ? (signal.reason as Error) : new Error('The planning thread ended without a plan.'),
        ),
      );
    });
  } finally {
    signal.removeEventListener('abort', abort);
    await thread.terminate();
  }
}
