import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import getPort, { portNumbers } from 'get-port';
import { parse } from 'yaml';
import { createDatabase } from '../../dev/postgres/create-database.ts';
import { SUPERUSER } from '../../dev/postgres/create-cluster.ts';
import { startPostgres } from '../../dev/postgres/start-postgres.ts';
import type { Part } from '../../dev/processes/part.ts';
import { startNative } from '../../dev/processes/start-native.ts';
import { PROJECT_ROOT } from '../../dev/project-root.ts';
import { findServerBinaries, type ServerBinaries } from './server-binaries.ts';
import { serverConfig, type Service, type ServicePorts, SERVICES } from './server-config.ts';
import { scriptRunner, SETUP, untilHealthy, untilListening } from './set-up.ts';

const STOP_GRACE_MS = 30_000;
/** Temporal keeps them in a smallint, which ends below those that a system gives out. */
const PORTS = [17_233, 32_767] as const;

export interface Cluster {
  address: string;
  historyShards: number;
  createNamespace(name: string): Promise<void>;
  kill(service: Service): Promise<void>;
  start(service: Service): Promise<void>;
  close(): Promise<void>;
}

/** As many shards as `temporal-compose.yml` sets up. */
function composedShards(): number {
  const text = readFileSync(join(PROJECT_ROOT, 'temporal-compose.yml'), 'utf8');
  const { services } = parse(text, { merge: true }) as {
    services: { temporal: { environment: { NUM_HISTORY_SHARDS: number } } };
  };
  return services.temporal.environment.NUM_HISTORY_SHARDS;
}

async function freePorts(): Promise<Record<Service, ServicePorts>> {
  const ports: [Service, ServicePorts][] = [];
  const next = async () => getPort({ port: portNumbers(...PORTS) });
  for (const name of SERVICES) ports.push([name, { grpc: await next(), membership: await next() }]);
  return Object.fromEntries(ports) as Record<Service, ServicePorts>;
}

/**
 * Starts a Temporal server as a cluster runs it: PostgreSQL below it, many shards, frontend, history, matching and
 * worker service each in a process of its own, set up by the scripts of the compose file.
 * @param temporalCommand the Temporal CLI
 * @throws an error that names the folder of the logs, which is kept then.
 */
export async function startCluster(temporalCommand: string): Promise<Cluster> {
  const binaries = await findServerBinaries((text) => process.stderr.write(`${text}\n`));
  const directory = await mkdtemp(join(tmpdir(), 'almanac-cluster-'));
  // As root, PostgreSQL runs as another user.
  await chmod(directory, 0o755);
  const parts: Part[] = [];
  const stop = async () => {
    for (const part of parts.toReversed()) await part.stop();
  };
  try {
    const started = await startServices({ binaries, directory, temporalCommand, parts });
    return {
      ...started,
      async close() {
        await stop();
        await rm(directory, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await stop();
    throw new Error(`The cluster did not start: see the logs in ${directory}.`, { cause: error });
  }
}

interface Context {
  binaries: ServerBinaries;
  directory: string;
  temporalCommand: string;
  /** Running processes, in the order of their starts. */
  parts: Part[];
}

async function startServices(context: Context): Promise<Omit<Cluster, 'close'>> {
  const { binaries, directory, temporalCommand, parts } = context;
  const run = scriptRunner(binaries.folder, temporalCommand);
  const postgres = await startDatabases(context, run);
  const ports = await freePorts();
  const historyShards = composedShards();
  await mkdir(join(directory, 'config'));
  const dynamicConfigFile = join(SETUP, 'dynamic-config.yaml');
  await writeFile(
    join(directory, 'config', 'almanac.yaml'),
    serverConfig({ postgres, ports, historyShards, dynamicConfigFile }),
    { mode: 0o600 },
  );
  const running = new Map<Service, Part>();
  const start = async (service: Service) => {
    const part = await startNative({
      name: `Temporal's ${service}`,
      command: binaries.server,
      args: [`--root=${directory}`, '--env=almanac', '--allow-no-auth', 'start', `--service=${service}`],
      logFile: join(directory, `${service}.log`),
      stopSignal: 'SIGTERM',
      graceMs: STOP_GRACE_MS,
    });
    parts.push(part);
    running.set(service, part);
  };
  const [first, ...others] = SERVICES;
  await start(first);
  // On an empty database each would write what the cluster knows of itself, and fail where another is doing so.
  await untilListening(ports[first].grpc, [...running.values()]);
  for (const service of others) await start(service);
  const address = `127.0.0.1:${ports.frontend.grpc}`;
  await untilHealthy(temporalCommand, address, [...running.values()]);
  return {
    address,
    historyShards,
    start,
    createNamespace: (name) =>
      run('set-up-namespace.sh', { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: name, RETENTION: '7d' }),
    async kill(service) {
      const part = running.get(service);
      if (part?.pids[0] === undefined) throw new Error(`Temporal's ${service} does not run.`);
      process.kill(part.pids[0], 'SIGKILL');
      await part.ended;
    },
  };
}

async function startDatabases({ binaries, directory, parts }: Context, run: ReturnType<typeof scriptRunner>) {
  const password = randomBytes(16).toString('hex');
  const port = await getPort();
  const postgres = await startPostgres({
    directory: join(directory, 'postgres'),
    port,
    password,
    logFile: join(directory, 'postgres.log'),
    settings: { max_connections: '300' },
  });
  parts.push(postgres);
  for (const name of ['temporal', 'temporal_visibility']) {
    await createDatabase(postgres.databaseUrl('postgres'), name);
  }
  await run('set-up-schema.sh', {
    SQL_PLUGIN: 'postgres12',
    SQL_HOST: '127.0.0.1',
    SQL_PORT: String(port),
    SQL_USER: SUPERUSER,
    SQL_PASSWORD: password,
    TEMPORAL_SCHEMAS: binaries.schemas,
  });
  return { address: `127.0.0.1:${port}`, user: SUPERUSER, password };
}
