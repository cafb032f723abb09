import { Client } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import {
  type NativeConnection,
  type NativeConnectionOptions,
  Runtime,
  type Worker,
} from '@temporalio/worker';
import type { Logger } from 'pino';
import type { Environment } from '../contracts/environment.ts';
import { TaskQueue } from '../contracts/task-queues.ts';
import { pushSettings } from '../contracts/push.ts';
import { createPrismaClient, StatementTimeout, type Database } from '../prisma/client.ts';
import { createRequestMeter } from '../services/google/request-meter.ts';
import { createLogger } from '../services/logger.ts';
import { startFlushes } from '../services/usage/start-flushes.ts';
import { createUsageMeter } from '../services/usage/usage-meter.ts';
import type { Tracing } from '../tracing/tracing.ts';
import { connectWorker } from './connect.ts';
import { createDependencies } from './create-dependencies.ts';
import { createWorker } from './create-worker.ts';
import { startGauges } from './gauges.ts';
import { startDeliveryWaker } from './wake-deliveries.ts';
import { serveProbes } from './probes.ts';
import { installRuntime } from './runtime.ts';

const STOP_SIGNALS = ['SIGINT', 'SIGTERM'] as const;

interface WorkerTemporalSettings {
  connectionOptions: NativeConnectionOptions;
  namespace: string;
  dataConverter?: DataConverter;
}

/**
 * The worker process: serves the configured task queues until SIGINT or SIGTERM, then lets running activities
 * finish. It survives outages of Temporal, Postgres and Google.
 */
export async function runWorker(
  environment: Environment,
  temporal: WorkerTemporalSettings,
  tracing: Tracing | null,
): Promise<void> {
  const logger = createLogger(environment);
  const metrics = await installRuntime(environment, logger, STOP_SIGNALS);
  const connection = await connectUnlessStopped(temporal.connectionOptions, logger);
  if (connection === null) return;
  const database = createPrismaClient({
    databaseUrl: environment.DATABASE_URL,
    poolSize: environment.DATABASE_POOL_SIZE,
    statementTimeoutMs: StatementTimeout.workerMs,
  });
  try {
    await serve({ environment, temporal, connection, database, logger, metrics, tracing });
  } finally {
    await connection.close();
    await database.$disconnect();
  }
}

/** Temporal's runtime passes signals to workers only; before the first worker exists, this handles them. */
async function connectUnlessStopped(
  options: NativeConnectionOptions,
  logger: Logger,
): Promise<NativeConnection | null> {
  const stop = new AbortController();
  const abort = () => stop.abort();
  for (const signal of STOP_SIGNALS) process.once(signal, abort);
  try {
    return await connectWorker(options, logger, stop.signal);
  } finally {
    for (const signal of STOP_SIGNALS) process.off(signal, abort);
  }
}

interface Process {
  environment: Environment;
  temporal: WorkerTemporalSettings;
  connection: NativeConnection;
  database: Database;
  logger: Logger;
  /** Address at which metrics are served. */
  metrics: string;
  tracing: Tracing | null;
}

async function serve(parts: Process): Promise<void> {
  const { environment, temporal, connection, database, logger, metrics } = parts;
  const { namespace } = temporal;
  const requestMeter = createRequestMeter(database);
  const usage = createUsageMeter(database);
  const dependencies = createDependencies(environment, database, Runtime.instance().metricMeter, {
    requestMeter,
    usage,
  });
  const workers: Worker[] = [];
  for (const taskQueue of environment.WORKER_TASK_QUEUES) {
    workers.push(await createWorker(taskQueue, { ...parts, ...temporal, dependencies }));
  }
  const health = await serveProbes(environment, workers, database);
  logger.info(
    { taskQueues: environment.WORKER_TASK_QUEUES, namespace, health: health.server.address(), metrics },
    'Worker started',
  );
  const { address, offBecause } = pushSettings(environment);
  if (offBecause === null) logger.info({ address }, 'Push channels are opened');
  else logger.info(`Push channels are not opened: ${offBecause} Calendars are polled.`);
  const stopGauges = startGauges(
    Runtime.instance().metricMeter,
    {
      ...dependencies,
      dailyBudget: environment.GOOGLE_DAILY_BUDGET,
      connection,
      namespace,
      taskQueues: environment.WORKER_TASK_QUEUES,
    },
    logger,
  );
  const stopFlushes = startFlushes([requestMeter, usage], logger);
  // Deliveries need no more to be woken than the workers that make them.
  const stopWaking = environment.WORKER_TASK_QUEUES.includes(TaskQueue.webhookDelivery)
    ? startDeliveryWaker({
        databaseUrl: environment.DATABASE_URL,
        database: parts.database,
        temporal: new Client({ ...temporal, connection }),
        logger,
      })
    : async () => undefined;
  const runs = workers.map((worker) =>
    worker.run().finally(() => {
      // A worker that stops for any reason stops the others: half a process would look healthy.
      for (const other of workers) if (other.getState() === 'RUNNING') other.shutdown();
    }),
  );
  try {
    await Promise.all(runs);
    logger.info('Worker stopped');
  } finally {
    await Promise.allSettled(runs);
    await stopWaking();
    await stopGauges();
    await stopFlushes();
    await health.close();
  }
}
