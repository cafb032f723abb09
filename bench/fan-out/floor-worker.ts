import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { temporalSettings } from '../../client/temporal-client.ts';
import { parseEnvironment } from '../../contracts/environment.ts';
import { TaskQueue } from '../../contracts/task-queues.ts';
import { workerOptionsFor } from '../../worker/worker-options.ts';
import { FLOOR_ACTIVITIES, FLOOR_WORKFLOWS } from './floor-input.ts';

// A worker process with Almanac's own settings, for the floor's workflows and its empty activity.

const activities = { doNothing: async (): Promise<void> => undefined };
export type FloorActivities = typeof activities;

Runtime.install({ logger: new DefaultLogger('WARN') });
const environment = parseEnvironment(process.env);
const { connectionOptions, namespace } = temporalSettings(process.env);
const connection = await NativeConnection.connect(connectionOptions);
const workflowBundle = await bundleWorkflowCode({
  workflowsPath: fileURLToPath(new URL('./floor-workflows.js', import.meta.url)),
  logger: new DefaultLogger('WARN'),
});
const workflows = await Worker.create({
  ...workerOptionsFor(TaskQueue.calendarSync, environment),
  connection,
  namespace,
  taskQueue: FLOOR_WORKFLOWS,
  workflowBundle,
});
const doers = await Worker.create({
  ...workerOptionsFor(TaskQueue.googleCalendar, environment),
  connection,
  namespace,
  taskQueue: FLOOR_ACTIVITIES,
  activities,
});
await Promise.all([workflows.run(), doers.run()]);
await connection.close();
