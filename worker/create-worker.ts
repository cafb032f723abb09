import type { DataConverter } from '@temporalio/common';
import { type NativeConnection, Worker } from '@temporalio/worker';
import {
  createDatabaseActivities,
  createDeliveryActivities,
  createGoogleActivities,
  createPlanningActivities,
} from '../activities/create-activities.ts';
import type { ActivityDependencies } from '../activities/dependencies.ts';
import type { Environment } from '../contracts/environment.ts';
import { TaskQueue } from '../contracts/task-queues.ts';
import type { Tracing } from '../tracing/tracing.ts';
import { activityLogging } from './activity-logging.ts';
import { activityMetrics } from './activity-metrics.ts';
import { countActions } from './count-actions.ts';
import { createNexusService } from './nexus/create-nexus-service.ts';
import { deploymentOptions } from './worker-deployment.ts';
import { workerOptionsFor, type WorkerSizes } from './worker-options.ts';
import { workflowBundle } from './workflow-bundle.ts';

type WorkerVariables = WorkerSizes &
  Pick<Environment, 'TEMPORAL_DEPLOYMENT_NAME' | 'TEMPORAL_WORKER_BUILD_ID'>;

/** Parts that the workers of a process share. */
export interface WorkerParts {
  connection: NativeConnection;
  namespace: string;
  dataConverter?: DataConverter | undefined;
  environment: WorkerVariables;
  dependencies: ActivityDependencies;
  tracing: Tracing | null;
}

/** A worker for one task queue. Workflows and the Nexus service run on `calendar-sync` only. */
export async function createWorker(
  taskQueue: TaskQueue,
  { connection, namespace, dataConverter, environment, dependencies, tracing }: WorkerParts,
): Promise<Worker> {
  const workflows =
    taskQueue === TaskQueue.calendarSync
      ? {
          workflowBundle: await workflowBundle({ traced: tracing !== null }),
          nexusServices: [createNexusService(dependencies.database)],
        }
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
        countActions(dependencies.usage),
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
    case TaskQueue.webhookDelivery:
      return createDeliveryActivities(dependencies);
  }
}
