import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Client } from '@temporalio/client';
import getPort from 'get-port';
import { createTokenCipher, type TokenCipher } from '../../services/google/token-cipher.ts';
import { connectTemporal, temporalSettings } from '../../client/temporal-client.ts';
import { createDatabase } from '../../dev/postgres/create-database.ts';
import { startPostgres } from '../../dev/postgres/start-postgres.ts';
import type { Progress } from '../../dev/progress.ts';
import { PROJECT_ROOT } from '../../dev/project-root.ts';
import { startApi } from '../../dev/stack/start-api.ts';
import { startEmulator } from '../../dev/stack/start-emulator.ts';
import { startWorker } from '../../dev/stack/start-worker.ts';
import { findServer } from '../../dev/temporal/find-server.ts';
import { startTemporal } from '../../dev/temporal/start-temporal.ts';
import { createEmulatorAdminClient } from '../../emulator/admin-client.ts';
import type { EmulatorAdmin } from '../../emulator/admin.ts';
import { createPrismaClient, type Database } from '../../prisma/client.ts';
import { migrate } from '../../prisma/migrate.ts';
import { CLIENT_SECRET } from './canary.ts';
import { CutProxy } from './cut-proxy.ts';
import { Restartable } from './restartable.ts';

const DATABASE = 'almanac';
const WORKERS = 2;
const POOL_SIZE = 4;
const SHIFTED_CLOCK = pathToFileURL(join(PROJECT_ROOT, 'test', 'chaos', 'shifted-clock.mjs')).href;

/** Processes are killed here, machines are not: what Postgres has handed to the system is safe. */
const SETTINGS = { fsync: 'off', full_page_writes: 'off', max_connections: '120' };

/** A worker process, whose clock can be wrong from its next start on. */
export interface ChaosWorker {
  process: Restartable;
  clockOffsetMs: number;
}

/** Parts of a deployment, each in a process of its own. */
export interface ChaosStack {
  /** Logs, and the servers' data. */
  directory: string;
  logFiles: string[];
  temporalFile: string;
  postgres: Restartable;
  temporalServer: Restartable;
  workers: ChaosWorker[];
  /** Where Google posts its notifications. */
  api: Restartable;
  proxy: CutProxy;
  google: EmulatorAdmin;
  googleUrl: string;
  /** Straight to Postgres, past the proxy. */
  database: Database;
  temporal: Client;
  encryptionKey: string;
  tokenCipher: TokenCipher;
  close(options: { keepLogs: boolean }): Promise<void>;
}

/** Starts the servers and two workers on free ports. What was started is stopped again when a start fails. */
export async function startChaosStack(progress: Progress): Promise<ChaosStack> {
  const directory = await mkdtemp(join(tmpdir(), 'almanac-chaos-'));
  // As root, PostgreSQL runs as another user.
  await chmod(directory, 0o755);
  const closers: (() => Promise<unknown>)[] = [];
  const close: ChaosStack['close'] = async ({ keepLogs }) => {
    for (const closeOne of closers.splice(0)) await closeOne();
    if (!keepLogs) await rm(directory, { recursive: true, force: true });
  };
  try {
    return { ...(await startParts(directory, progress, closers)), directory, close };
  } catch (error) {
    await close({ keepLogs: false });
    throw error;
  }
}

async function startParts(directory: string, progress: Progress, closers: (() => Promise<unknown>)[]) {
  const log = (name: string) => join(directory, `${name}.log`);
  const keep = async (start: () => Promise<Restartable>): Promise<Restartable> => {
    const process = await start();
    closers.unshift(() => process.stop());
    await process.up();
    return process;
  };

  const postgresPort = await getPort();
  const password = randomBytes(16).toString('hex');
  let databaseUrl = '';
  const postgres = await keep(async () => {
    const options = { directory: join(directory, 'postgres'), port: postgresPort, password };
    return new Restartable(async () => {
      const server = await startPostgres({ ...options, logFile: log('postgres'), settings: SETTINGS });
      databaseUrl = server.databaseUrl(DATABASE);
      return server;
    });
  });
  const maintenanceUrl = Object.assign(new URL(databaseUrl), { pathname: '/postgres' }).href;
  await createDatabase(maintenanceUrl, DATABASE);
  await migrate(databaseUrl);
  const { proxy, url: proxiedUrl } = await CutProxy.start(databaseUrl);
  closers.unshift(() => proxy.stop());

  const temporalPort = await getPort();
  const temporalFile = join(directory, 'temporal.db');
  const command = await findServer(process.env, progress);
  const temporalServer = await keep(async () => {
    const options = { command, port: temporalPort, databaseFile: temporalFile, logFile: log('temporal') };
    return new Restartable(() => startTemporal(options));
  });
  const emulatorPort = await getPort();
  await keep(async () => {
    const options = { port: emulatorPort, stateFile: join(directory, 'emulator.ndjson'), directory };
    return new Restartable(() => startEmulator({ ...options, logFile: log('emulator') }));
  });
  const googleUrl = `http://127.0.0.1:${emulatorPort}`;

  const apiPort = await getPort();
  const encryptionKey = randomBytes(32).toString('base64');
  const environment = {
    DATABASE_URL: proxiedUrl,
    TEMPORAL_ADDRESS: `127.0.0.1:${temporalPort}`,
    TOKEN_ENCRYPTION_KEY: encryptionKey,
    GOOGLE_CLIENT_ID: 'almanac-dev',
    GOOGLE_CLIENT_SECRET: CLIENT_SECRET,
    GOOGLE_API_ROOT_URL: googleUrl,
    GOOGLE_OAUTH_TOKEN_URL: `${googleUrl}/token`,
    PUBLIC_URL: `http://127.0.0.1:${apiPort}`,
    WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8',
    // Edits come faster than people make them.
    GOOGLE_USER_REQUESTS_PER_MINUTE: '60000',
    GOOGLE_USER_WRITES_PER_MINUTE: '60000',
    GOOGLE_REQUESTS_PER_MINUTE: '600000',
    LOG_FORMAT: 'json',
    LOG_LEVEL: 'debug',
  };
  const workers: ChaosWorker[] = [];
  const logFiles = ['postgres', 'temporal', 'api'].map(log);
  const api = await keep(async () => {
    const options = { port: apiPort, environment, logFile: log('api'), directory };
    return new Restartable(() => startApi(options));
  });
  for (let number = 1; number <= WORKERS; number += 1) {
    const [healthPort, metricsPort] = [await getPort(), await getPort()];
    const logFile = log(`worker-${number}`);
    logFiles.push(logFile);
    const worker: ChaosWorker = { clockOffsetMs: 0, process: new Restartable(() => startOne()) };
    const startOne = () =>
      startWorker({
        healthPort,
        metricsPort,
        environment: { ...environment, ...clockOf(worker) },
        logFile,
        directory,
      });
    workers.push(worker);
    await keep(async () => worker.process);
  }

  const database = createPrismaClient({ databaseUrl, poolSize: POOL_SIZE });
  closers.unshift(() => database.$disconnect());
  const temporal = await connectTemporal(temporalSettings(environment));
  closers.unshift(() => temporal.connection.close());
  return {
    logFiles,
    temporalFile,
    postgres,
    temporalServer,
    workers,
    api,
    proxy,
    google: createEmulatorAdminClient(googleUrl),
    googleUrl,
    database,
    temporal,
    encryptionKey,
    tokenCipher: createTokenCipher([encryptionKey]),
  };
}

function clockOf({ clockOffsetMs }: ChaosWorker): Record<string, string> {
  if (clockOffsetMs === 0) return {};
  return { CHAOS_CLOCK_OFFSET_MS: String(clockOffsetMs), NODE_OPTIONS: `--import ${SHIFTED_CLOCK}` };
}
