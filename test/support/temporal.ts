import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import {
  DefaultLogger,
  NativeConnection,
  Runtime,
  Worker,
  type WorkerOptions,
  type WorkflowBundleOption,
} from '@temporalio/worker';
import getPort from 'get-port';
import { inject } from 'vitest';
import { TaskQueue } from '../../contracts/task-queues.ts';
import { errorCode } from '../../dev/error-details.ts';
import { startTemporal } from '../../dev/temporal/start-temporal.ts';

export interface TestTemporal {
  address: string;
  /** Namespace of this test file, so that its IDs and task queues do not meet those of other files. */
  namespace: string;
  client: Client;
  /** Connection of workers. */
  nativeConnection: NativeConnection;
  close(): Promise<void>;
}

interface TestWorkersOptions {
  activities: object;
  /** Default: all. */
  taskQueues?: TaskQueue[];
  /** Default: that of the workflows as they are. */
  workflowBundle?: WorkflowBundleOption;
  /** Over what every test worker has. */
  worker?: Partial<WorkerOptions>;
}

function installQuietRuntime(): void {
  try {
    Runtime.install({ logger: new DefaultLogger('ERROR') });
  } catch {
    // Another connection of this process has installed it.
  }
}

function claimNamespace(): string {
  const { namespaces, claimsDirectory } = inject('servers');
  for (const namespace of namespaces) {
    try {
      mkdirSync(join(claimsDirectory, namespace));
      return namespace;
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    }
  }
  throw new Error(
    'All namespaces of the test server are taken: raise NAMESPACES in test/support/servers.ts.',
  );
}

/** Connects to a server that the test has started itself. */
export async function connectTo(address: string, namespace: string): Promise<TestTemporal> {
  installQuietRuntime();
  const connection = await Connection.connect({ address });
  const nativeConnection = await NativeConnection.connect({ address });
  return {
    address,
    namespace,
    client: new Client({ connection, namespace }),
    nativeConnection,
    async close() {
      await connection.close();
      await nativeConnection.close();
    },
  };
}

/** Connects to the server that all tests share, in a namespace that no other test file has. */
export async function connectTestTemporal(): Promise<TestTemporal> {
  return connectTo(inject('servers').temporalAddress, claimNamespace());
}

/**
 * A server of the test's own, for behaviour that takes other settings.
 *
 * @example
 * // Histories continue as new after 40 events.
 * await startOwnTemporal({ 'limit.historyCount.suggestContinueAsNew': '40' });
 */
export async function startOwnTemporal(dynamicConfig: Record<string, string>): Promise<TestTemporal> {
  const { temporalCommand, logDirectory } = inject('servers');
  const port = await getPort();
  const server = await startTemporal({
    command: temporalCommand,
    port,
    dynamicConfig,
    logFile: join(logDirectory, `temporal-${port}.log`),
  });
  const temporal = await connectTo(server.address, 'default');
  return {
    ...temporal,
    async close() {
      await temporal.close();
      await server.stop();
    },
  };
}

/** Runs `work` while workers serve the task queues, and ends with them drained. */
export async function withWorkers<T>(
  temporal: TestTemporal,
  {
    activities,
    taskQueues = Object.values(TaskQueue),
    workflowBundle = { codePath: inject('servers').workflowBundleFile },
    worker: overrides,
  }: TestWorkersOptions,
  work: () => Promise<T>,
): Promise<T> {
  const workers = await Promise.all(
    taskQueues.map((taskQueue) =>
      Worker.create({
        connection: temporal.nativeConnection,
        namespace: temporal.namespace,
        taskQueue,
        activities,
        // Workflows run on one queue only.
        ...(taskQueue === TaskQueue.calendarSync && { workflowBundle }),
        ...overrides,
      }),
    ),
  );
  const runs = workers.map((worker) => worker.run());
  // A worker that fails ends the test at once; one that is shut down ends after `work`.
  const failed = Promise.all(runs).then(() => new Promise<never>(() => {}));
  try {
    return await Promise.race([work(), failed]);
  } finally {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    await Promise.allSettled(runs);
  }
}
