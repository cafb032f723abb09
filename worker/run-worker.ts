import type { DataConverter } from '@temporalio/common';
import { type NativeConnection, type NativeConnectionOptions, Runtime, Worker } from '@temporalio/worker';
import type { Logger } from 'pino';
import {
  createDatabaseActivities,
  createGoogleActivities,
  createPlanningActivities,
} from '../activities/create-activities.ts';
import type { ActivityDependencies } from '../activities/dependencies.ts';
import { createAccessTokens } from '../services/google/access-tokens.ts';
import { createGoogleCalendar } from '../services/google/google-calendar.ts';
import { createGoogleQuota } from '../services/google/quota.ts';
import { runningPriority } from '../services/google/quota.ts';
import { createTokenCipher } from '../services/google/token-cipher.ts';
import { logNotifier } from '../services/notifier/log-notifier.ts';
import { createWebhookNotifier } from '../services/notifier/webhook-notifier.ts';
import type { Environment } from '../contracts/environment.ts';
import { pushSettings } from '../contracts/push.ts';
import { TaskQueue } from '../contracts/task-queues.ts';
import { createPrismaClient, StatementTimeout, type Database } from '../prisma/client.ts';
import { readClock } from '../prisma/read-clock.ts';
import type { Tracing } from '../tracing/tracing.ts';
import { activityLogging, reportUnexpected } from './activity-logging.ts';
import { activityMetrics } from './activity-metrics.ts';
import { connectWorker } from './connect.ts';
import { startGauges } from './gauges.ts';
import { serveProbes } from './probes.ts';
import { createLogger } from '../services/logger.ts';
import { createMetrics } from './metrics.ts';
import { installRuntime } from './runtime.ts';
import { deploymentOptions } from './worker-deployment.ts';
import { workerOptionsFor } from './worker-options.ts';
import { workflowBundle } from './workflow-bundle.ts';
import { MINUTE_MS } from '../contracts/durations.ts';

const STOP_SIGNALS = ['SIGINT', 'SIGTERM'] as const;

type WorkerVariables = Pick<
  Environment,
  'GOOGLE_REQUESTS_PER_MINUTE' | 'TEMPORAL_DEPLOYMENT_NAME' | 'TEMPORAL_WORKER_BUILD_ID'
>;

interface WorkerTemporalSettings {
  connectionOptions: NativeConnectionOptions;
  namespace: string;
  dataConverter?: DataConverter;
}

/** Dependencies of activities in production. */
function createDependencies(environment: Environment, database: Database): ActivityDependencies {
  const metrics = createMetrics(Runtime.instance().metricMeter);
  const cipher = createTokenCipher(environment.TOKEN_ENCRYPTION_KEY);
  const accessTokens = createAccessTokens(
    database,
    cipher,
    {
      clientId: environment.GOOGLE_CLIENT_ID,
      clientSecret: environment.GOOGLE_CLIENT_SECRET,
      tokenUrl: environment.GOOGLE_OAUTH_TOKEN_URL,
    },
    metrics,
  );
  const limits = {
    project: environment.GOOGLE_REQUESTS_PER_MINUTE,
    user: environment.GOOGLE_USER_REQUESTS_PER_MINUTE,
  };
  const quota = createGoogleQuota(database, limits, runningPriority);
  return {
    database,
    google: createGoogleCalendar(environment.GOOGLE_API_ROOT_URL, accessTokens, quota, metrics),
    poll: {
      plainMs: environment.POLL_INTERVAL_MINUTES * MINUTE_MS,
      withPushMs: environment.POLL_INTERVAL_WITH_PUSH_MINUTES * MINUTE_MS,
    },
    metrics,
    retention: {
      runLogDays: environment.RUN_LOG_RETENTION_DAYS,
      changeLogDays: environment.CHANGE_LOG_RETENTION_DAYS,
    },
    push: pushSettings(environment),
    notices: {
      notifier: environment.NOTIFIER_WEBHOOK_URL
        ? createWebhookNotifier(environment.NOTIFIER_WEBHOOK_URL, {
            networks: environment.NOTIFIER_ALLOWED_NETWORKS,
          })
        : logNotifier,
      messagesPerHour: environment.NOTIFIER_MESSAGES_PER_HOUR,
    },
    now: () => readClock(database),
    reportUnexpected,
  };
}

/** A worker for one task queue. Workflows run on `calendar-sync` only. */
async function createWorker(
  taskQueue: TaskQueue,
  connection: NativeConnection,
  { namespace, dataConverter }: WorkerTemporalSettings,
  environment: WorkerVariables,
  dependencies: ActivityDependencies,
  tracing: Tracing | null = null,
): Promise<Worker> {
  const workflows =
    taskQueue === TaskQueue.calendarSync
      ? { workflowBundle: await workflowBundle({ traced: tracing !== null }) }
      : {};
  return Worker.create({
    ...workerOptionsFor(taskQueue, environment),
    ...deploymentOptions(environment),
    ...workflows,
    connection,
    namespace,
    ...(dataConverter !== undefined && { dataConverter }),
    taskQueue,
    activities: activitiesOf(taskQueue, dependencies),
    interceptors: {
      // The trace comes first, so that log lines of activities carry its ID.
      activity: [
        ...(tracing === null ? [] : [tracing.activity]),
        activityLogging,
        activityMetrics(dependencies.metrics),
      ],
    },
    ...(tracing === null ? {} : { sinks: tracing.sinks }),
  });
}

function activitiesOf(taskQueue: TaskQueue, dependencies: ActivityDependencies): object {
  switch (taskQueue) {
    case TaskQueue.calendarSync:
      return createDatabaseActivities(dependencies);
    case TaskQueue.googleCalendar:
      return createGoogleActivities(dependencies);
    case TaskQueue.smartSchedule:
      return createPlanningActivities(dependencies);
  }
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
    await serve(environment, temporal, connection, database, logger, metrics, tracing);
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

async function serve(
  environment: Environment,
  temporal: WorkerTemporalSettings,
  connection: NativeConnection,
  database: Database,
  logger: Logger,
  metrics: string,
  tracing: Tracing | null,
): Promise<void> {
  const { namespace } = temporal;
  const dependencies = createDependencies(environment, database);
  const workers: Worker[] = [];
  for (const taskQueue of environment.WORKER_TASK_QUEUES) {
    workers.push(await createWorker(taskQueue, connection, temporal, environment, dependencies, tracing));
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
    { ...dependencies, connection, namespace, taskQueues: environment.WORKER_TASK_QUEUES },
    logger,
  );
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
    await stopGauges();
    await health.close();
  }
}
