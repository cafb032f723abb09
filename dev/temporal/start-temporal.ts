import { Connection } from '@temporalio/client';
import { SEARCH_ATTRIBUTE_NAMES } from '../../contracts/search-attributes.ts';
import type { Part } from '../processes/part.ts';
import { startNative } from '../processes/start-native.ts';
import { untilReady } from '../processes/until-ready.ts';

const CONNECT_TIMEOUT_MS = 500;
const STOP_GRACE_MS = 8_000;

/**
 * The first two turn on priorities and fairness keys; these apply within one partition of a task queue, hence
 * one partition. `deploy/temporal/dynamic-config.yaml` is the same for a cluster.
 */
const FAIRNESS = {
  'matching.useNewMatcher': 'true',
  'matching.enableFairness': 'true',
  'matching.numTaskqueueReadPartitions': '1',
  'matching.numTaskqueueWritePartitions': '1',
};

interface TemporalServerOptions {
  /** The Temporal CLI. */
  command: string;
  port: number;
  /** Port of the Web UI. Default: no Web UI. */
  uiPort?: number;
  /** SQLite file that keeps the state. Default: in memory. */
  databaseFile?: string;
  /** Namespaces created at start besides `default`, with Almanac's search attributes. */
  namespaces?: string[];
  /** Dynamic configuration; values are JSON. */
  dynamicConfig?: Record<string, string>;
  logFile: string;
}

interface TemporalServer extends Part {
  address: string;
}

function serverArguments(options: TemporalServerOptions): string[] {
  const { port, uiPort, databaseFile, namespaces = [], dynamicConfig } = options;
  return [
    'server',
    'start-dev',
    '--ip=127.0.0.1',
    `--port=${port}`,
    uiPort === undefined ? '--headless' : `--ui-port=${uiPort}`,
    '--log-level=warn',
    ...(databaseFile === undefined ? [] : [`--db-filename=${databaseFile}`]),
    ...namespaces.map((name) => `--namespace=${name}`),
    ...SEARCH_ATTRIBUTE_NAMES.map((name) => `--search-attribute=${name}=Keyword`),
    ...Object.entries({ ...FAIRNESS, ...dynamicConfig }).map(
      ([name, value]) => `--dynamic-config-value=${name}=${value}`,
    ),
  ];
}

/** Starts Temporal's development server on 127.0.0.1 and waits until it answers. */
export async function startTemporal(options: TemporalServerOptions): Promise<TemporalServer> {
  const part = await startNative({
    name: 'Temporal',
    command: options.command,
    args: serverArguments(options),
    logFile: options.logFile,
    stopSignal: 'SIGTERM',
    graceMs: STOP_GRACE_MS,
  });
  const address = `127.0.0.1:${options.port}`;
  await untilReady(part, () => answers(address, options.namespaces?.at(-1) ?? 'default'));
  return { ...part, address };
}

async function answers(address: string, namespace: string): Promise<boolean> {
  try {
    const connection = await Connection.connect({ address, connectTimeout: CONNECT_TIMEOUT_MS });
    try {
      await connection.workflowService.listOpenWorkflowExecutions({ namespace, maximumPageSize: 1 });
      return true;
    } finally {
      await connection.close();
    }
  } catch {
    return false;
  }
}
