import { parentPort, workerData } from 'node:worker_threads';
import { plan, type PlanInput } from '../../scheduling/index.ts';

// The body of a thread that makes one plan. See run-engine.ts.
parentPort?.postMessage(plan(workerData as PlanInput));
