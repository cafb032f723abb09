import { counted } from '../support/counted.ts';
import type { BenchDatabase } from '../support/database-server.ts';
import { peakResidentBytes, residentBytes, sampleMemory } from '../support/process-memory.ts';
import { processorMs } from '../support/processor-time.ts';
import type { BenchStack } from '../support/stack.ts';
import { type ExecutionFigures, readExecutions } from './executions.ts';

const QUARTERS = 4;

/** Processor time by process, in milliseconds. */
export interface ProcessorTimes {
  worker: number;
  temporal: number;
  postgres: number;
  emulator: number;
}

/** One fan-out from start to result. */
export interface FanOutRun extends ExecutionFigures {
  ms: number;
  perSecond: number;
  requests: number;
  /** Explicit transactions' `BEGIN` and `COMMIT` left out. */
  statements: number;
  processor: ProcessorTimes;
  worker: {
    idleBytes: number;
    peakBytes: number;
    /** The most in each quarter of the run. */
    quarterBytes: number[];
  };
}

interface RunInput {
  rootId: string;
  children: number;
  childTypes: readonly string[];
  workerPid: number;
  target: BenchDatabase;
  /** Starts the fan-out and returns when it has ended. */
  fanOut: () => Promise<void>;
}

function processorTimes({ servers }: BenchStack, workerPid: number): ProcessorTimes {
  return {
    worker: processorMs(workerPid),
    temporal: servers.temporal === null ? 0 : processorMs(servers.temporal),
    postgres: processorMs(servers.postgres),
    emulator: processorMs(servers.emulator),
  };
}

/** Runs a fan-out, and reads from kernel, Postgres, emulator and Temporal what it took. */
export async function measureRun(stack: BenchStack, input: RunInput): Promise<FanOutRun> {
  const { children, workerPid, target, fanOut } = input;
  const idleBytes = residentBytes(workerPid);
  const before = processorTimes(stack, workerPid);
  const memory = sampleMemory(workerPid);
  const startedAtMs = Date.now();
  const { result: ms, ...counts } = await counted(stack, target, async () => {
    const startedAt = performance.now();
    await fanOut();
    return performance.now() - startedAt;
  }).finally(() => memory.stop());
  const samples = memory.stop();
  const after = processorTimes(stack, workerPid);
  const quarterBytes = Array.from({ length: QUARTERS }, (_, quarter) =>
    Math.max(
      0,
      ...samples
        .filter(({ atMs }) => Math.floor(((atMs - startedAtMs) / ms) * QUARTERS) === quarter)
        .map(({ bytes }) => bytes),
    ),
  );
  return {
    ms,
    perSecond: (children / ms) * 1_000,
    requests: counts.requests,
    statements: counts.statements,
    processor: {
      worker: after.worker - before.worker,
      temporal: after.temporal - before.temporal,
      postgres: after.postgres - before.postgres,
      emulator: after.emulator - before.emulator,
    },
    worker: { idleBytes, peakBytes: peakResidentBytes(workerPid), quarterBytes },
    ...(await readExecutions(stack.temporal, input)),
  };
}
