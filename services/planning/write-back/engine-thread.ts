import { parentPort, workerData } from 'node:worker_threads';
import { plan, type PlanInput } from '../../../scheduling/index.ts';

// Body of a thread that computes one plan. See run-engine.ts.
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has no origin.
parentPort?.postMessage(plan(workerData as PlanInput));
