import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Client } from '@temporalio/client';
import getPort from 'get-port';
import { createTokenCipher, type TokenCipher } from '../../services/google/token-cipher.ts';
import { ensureSearchAttributes } from '../../client/search-attributes.ts';
import { connectTemporal, temporalSettings } from '../../client/temporal-client.ts';
import { startPostgres } from '../../dev/postgres/start-postgres.ts';
import type { Part } from '../../dev/processes/part.ts';
import { startNode } from '../../dev/processes/start-node.ts';
import { createProgress, type Progress } from '../../dev/progress.ts';
import { startApi } from '../../dev/stack/start-api.ts';
import { startEmulator } from '../../dev/stack/start-emulator.ts';
import { startWorker } from '../../dev/stack/start-worker.ts';
import { findServer } from '../../dev/temporal/find-server.ts';
import { startTemporal } from '../../dev/temporal/start-temporal.ts';
import type { EmulatorAdmin } from '../../emulator/admin.ts';
import { createEmulatorAdminClient } from '../../emulator/admin-client.ts';
import { DatabaseServer } from './database-server.ts';

const SETTINGS = {
  // Counts statements. Other settings are those of `npm start`: commits are durable.
  shared_preload_libraries: 'pg_stat_statements',
  'pg_stat_statements.track': 'top',
};

/** Grace period of the benchmark's own programs. */
const STOP_GRACE_MS = 10_000;

/** System under test: the servers, each in its own process as in production, and workers on demand. */
export interface BenchStack {
  databases: DatabaseServer;
  temporal: Client;
  emulatorUrl: string;
  admin: EmulatorAdmin;
  tokenCipher: TokenCipher;
  progress: Progress;
  /** Process IDs of the servers; null for a given Temporal server. */
  servers: { postgres: number; temporal: number | null; emulator: number };
  /** Starts a worker process and waits until it polls. */
  startWorker(databaseUrl: string, options?: WorkerOptions): Promise<Part>;
  /** Starts the API in its own process and waits until it accepts requests. */
  startApi(databaseUrl: string, options?: WorkerOptions): Promise<Part & { url: string }>;
  /** Starts a Node program of the benchmark with the environment of a worker. */
  startProgram(script: string, databaseUrl: string, options?: WorkerOptions): Promise<Part>;
}

export interface WorkerOptions {
  /** Write a CPU profile into this folder when the worker stops. */
  cpuProfile?: string | undefined;
  /** Variables besides those of every worker. */
  environment?: Record<string, string>;
}

/** A running Temporal server. */
export interface GivenServer {
  address: string;
  namespace: string;
}

/**
 * Starts PostgreSQL, Temporal and the emulator on free ports, runs `work`, and leaves nothing behind.
 * @param given Temporal server to use instead of starting one; its processor time is not counted
 */
export async function withStack<T>(work: (stack: BenchStack) => Promise<T>, given?: GivenServer): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'almanac-bench-'));
  // As root, PostgreSQL runs as another user.
  await chmod(directory, 0o755);
  const parts: Part[] = [];
  const keep = async <P extends Part>(starting: Promise<P>): Promise<P> => {
    const part = await starting;
    parts.unshift(part);
    return part;
  };
  const log = (name: string) => join(directory, `${name}.log`);
  const progress = createProgress();
  try {
    const postgres = await keep(
      startPostgres({
        directory: join(directory, 'postgres'),
        port: await getPort(),
        password: randomBytes(16).toString('hex'),
        logFile: log('postgres'),
        settings: SETTINGS,
      }),
    );
    const startOwnServer = async () =>
      keep(
        startTemporal({
          command: await findServer(process.env, progress),
          port: await getPort(),
          databaseFile: join(directory, 'temporal.db'),
          logFile: log('temporal'),
        }),
      );
    const server = given === undefined ? await startOwnServer() : { ...given, pids: [] };
    const emulator = await keep(
      startEmulator({
        port: await getPort(),
        stateFile: join(directory, 'emulator.ndjson'),
        logFile: log('emulator'),
        directory,
      }),
    );
    const toServer = {
      TEMPORAL_ADDRESS: server.address,
      TEMPORAL_NAMESPACE: given?.namespace ?? 'default',
    };
    const temporal = await connectTemporal(temporalSettings(toServer));
    await ensureSearchAttributes(temporal);
    const encryptionKey = randomBytes(32).toString('base64');
    const environmentOf = (databaseUrl: string, { cpuProfile, environment }: WorkerOptions) => ({
      DATABASE_URL: databaseUrl,
      ...toServer,
      TOKEN_ENCRYPTION_KEY: encryptionKey,
      GOOGLE_CLIENT_ID: 'almanac-dev',
      GOOGLE_CLIENT_SECRET: 'almanac-dev-secret',
      GOOGLE_API_ROOT_URL: emulator.url,
      GOOGLE_OAUTH_TOKEN_URL: `${emulator.url}/token`,
      GOOGLE_USER_WRITES_PER_MINUTE: '600',
      LOG_FORMAT: 'json',
      METRICS_PORT: '0',
      ...(cpuProfile !== undefined && {
        BENCH_CPU_PROFILE: resolve(cpuProfile),
        NODE_OPTIONS: `--import ${new URL('./cpu-profile.js', import.meta.url).href}`,
      }),
      ...environment,
    });
    try {
      return await work({
        databases: await DatabaseServer.create(postgres),
        temporal,
        emulatorUrl: emulator.url,
        admin: createEmulatorAdminClient(emulator.url),
        tokenCipher: createTokenCipher([encryptionKey]),
        progress,
        servers: {
          postgres: postgres.pids[0] ?? 0,
          temporal: server.pids[0] ?? null,
          emulator: emulator.pids[0] ?? 0,
        },
        startWorker: async (databaseUrl, options = {}) =>
          keep(
            startWorker({
              healthPort: await getPort(),
              metricsPort: await getPort(),
              environment: environmentOf(databaseUrl, options),
              logFile: log('worker'),
              directory,
            }),
          ),
        startApi: async (databaseUrl, options = {}) => {
          const port = await getPort();
          const environment = environmentOf(databaseUrl, options);
          const part = await keep(startApi({ port, environment, logFile: log('api'), directory }));
          return { ...part, url: `http://127.0.0.1:${port}` };
        },
        startProgram: async (script, databaseUrl, options = {}) =>
          keep(
            startNode({
              name: script,
              script,
              args: [],
              env: { ...process.env, ...environmentOf(databaseUrl, options) },
              cwd: directory,
              logFile: log('program'),
              graceMs: STOP_GRACE_MS,
            }),
          ),
      });
    } finally {
      await temporal.connection.close();
    }
  } finally {
    for (const part of parts) await part.stop();
    await rm(directory, { recursive: true, force: true });
  }
}
