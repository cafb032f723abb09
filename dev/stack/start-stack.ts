import { relative } from 'node:path';
import { createDatabase } from '../postgres/create-database.ts';
import { createLogins } from '../postgres/create-logins.ts';
import { postgresFolder } from '../postgres/postgres-folder.ts';
import { startPostgres } from '../postgres/start-postgres.ts';
import { migrate } from '../../prisma/migrate.ts';
import type { Progress } from '../progress.ts';
import { type StackAddresses, type StackEnvironment, writeStackFile } from '../stack-file.ts';
import { stackPaths } from '../stack-paths.ts';
import type { Supervisor } from '../supervision/supervisor.ts';
import { asTyped, findServer } from '../temporal/find-server.ts';
import { startTemporal } from '../temporal/start-temporal.ts';
import { onFreePort } from './free-port.ts';
import { loadKeys } from './keys.ts';
import { prepareTemporal } from './prepare-temporal.ts';
import { startApi } from './start-api.ts';
import { startMail } from './start-mail.ts';
import { startEmulator } from './start-emulator.ts';
import { startWorker } from './start-worker.ts';

/**
 * Usual ports; if one is taken, the next free one is used. PostgreSQL's is not 5432, often the machine's own.
 */
const POSTGRES_PORT = 54_320;
const TEMPORAL_PORT = 7_233;
const TEMPORAL_UI_PORT = 8_233;
const EMULATOR_PORT = 4_010;
const WORKER_HEALTH_PORT = 8_081;
const METRICS_PORT = 9_464;
const API_PORT = 8_090;
const MAIL_PORT = 1_025;

const DATABASE = 'almanac';
/** The CLI's name when Temporal runs elsewhere. */
const DEFAULT_CLI = 'temporal';
/** OAuth client that every emulator accepts. */
const EMULATOR_CLIENT = { GOOGLE_CLIENT_ID: 'almanac-dev', GOOGLE_CLIENT_SECRET: 'almanac-dev-secret' };

interface StackContext {
  directory: string;
  /** The caller's variables, which override the stack's choices. */
  variables: NodeJS.ProcessEnv;
  progress: Progress;
  supervisor: Supervisor;
}

export interface Stack {
  environment: StackEnvironment;
  addresses: StackAddresses;
  /** The Temporal CLI, as typed in a shell. */
  temporalCommand: string;
  /** Whether the stack runs the database; only then may its URL, with the password, be printed. */
  ownsDatabase: boolean;
  /** The API's admin key; null when the caller set it. */
  ownAdminKey: string | null;
}

/** Starts all parts in the order of their dependencies and writes the stack file. */
export async function startStack(context: StackContext): Promise<Stack> {
  const { directory, variables, progress, supervisor } = context;
  const [database, temporal, google] = await startServers(context);
  await progress.step('Applying migrations', () => supervisor.during(migrate(database.url)));
  const { workerUrl, apiUrl } = database.isOwn
    ? await supervisor.during(createLogins(database.url))
    : { workerUrl: database.url, apiUrl: database.url };

  const environment: StackEnvironment = {
    ...passedOn(variables, (name) => name.startsWith('TEMPORAL_')),
    DATABASE_URL: database.url,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: variables.TEMPORAL_NAMESPACE || 'default',
    TOKEN_ENCRYPTION_KEY: variables.TOKEN_ENCRYPTION_KEY || loadKeys(directory).tokenEncryptionKey,
    INTERNAL_TRIGGER_SECRET_KEY: variables.INTERNAL_TRIGGER_SECRET_KEY || loadKeys(directory).adminKey,
    // Receivers on this machine.
    WEBHOOK_ALLOWED_NETWORKS: variables.WEBHOOK_ALLOWED_NETWORKS || '127.0.0.0/8,::1/128',
    ...(temporal.ui !== null && { TEMPORAL_UI_URL: variables.TEMPORAL_UI_URL || temporal.ui }),
    ...google.environment,
    ...(await provideMail(context)),
  };
  await progress.step('Setting up search attributes and schedules', () =>
    supervisor.during(prepareTemporal(environment)),
  );
  const api = await progress.step('Starting the API', () =>
    provideApi(context, { ...environment, DATABASE_URL: apiUrl }),
  );
  // Google cannot push to this machine; the emulator can.
  if (google.emulator !== null) environment.PUBLIC_URL = variables.PUBLIC_URL || api;
  const worker = await progress.step('Starting the worker', () =>
    provideWorker(context, { ...environment, DATABASE_URL: workerUrl }),
  );

  const addresses: StackAddresses = {
    database: withoutPassword(database.url),
    temporal: temporal.address,
    ui: temporal.ui,
    emulator: google.emulator,
    api,
    ...worker,
  };
  const startedAt = new Date().toISOString();
  await writeStackFile(directory, { parts: supervisor.processes, startedAt, addresses, environment });
  return {
    environment,
    addresses,
    temporalCommand: asTyped(temporal.command, variables),
    ownsDatabase: database.isOwn,
    ownAdminKey: variables.INTERNAL_TRIGGER_SECRET_KEY ? null : loadKeys(directory).adminKey,
  };
}

async function startServers(context: StackContext) {
  const { directory, variables, progress, supervisor } = context;
  const folder = postgresFolder(directory);
  if (!variables.DATABASE_URL && !folder.startsWith(stackPaths(directory).state))
    progress.line(`The database is in ${folder}, because the user postgres cannot reach ${directory}.`);
  const command = variables.TEMPORAL_ADDRESS
    ? DEFAULT_CLI
    : await supervisor.during(findServer(variables, progress, supervisor.signal));
  const names = [
    ...(variables.DATABASE_URL ? [] : ['PostgreSQL']),
    ...(variables.TEMPORAL_ADDRESS ? [] : ['Temporal']),
    ...(variables.GOOGLE_CLIENT_ID ? [] : ['the Google Calendar emulator']),
  ];
  const start = () =>
    Promise.all([
      provideDatabase(context, folder),
      provideTemporal(context, command),
      provideGoogle(context),
    ]);
  return names.length === 0 ? start() : progress.step(`Starting ${names.join(', ')}`, start);
}

async function provideDatabase({ directory, variables, supervisor }: StackContext, folder: string) {
  if (variables.DATABASE_URL) return { url: variables.DATABASE_URL, isOwn: false };
  const password = loadKeys(directory).postgresPassword;
  const logFile = stackPaths(directory).log('postgres');
  const server = await onFreePort(POSTGRES_PORT, (port) =>
    supervisor.start(() => startPostgres({ directory: folder, port, password, logFile })),
  );
  await supervisor.during(createDatabase(server.databaseUrl('postgres'), DATABASE));
  return { url: server.databaseUrl(DATABASE), isOwn: true };
}

async function provideTemporal({ directory, variables, supervisor }: StackContext, command: string) {
  const { TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE } = variables;
  if (TEMPORAL_ADDRESS) return { address: TEMPORAL_ADDRESS, ui: null, command };
  const { temporalDatabase, log } = stackPaths(directory);
  return onFreePort(TEMPORAL_PORT, (port) =>
    onFreePort(TEMPORAL_UI_PORT, async (uiPort) => {
      const { address } = await supervisor.start(() =>
        startTemporal({
          command,
          port,
          uiPort,
          databaseFile: temporalDatabase,
          namespaces: TEMPORAL_NAMESPACE ? [TEMPORAL_NAMESPACE] : [],
          logFile: log('temporal'),
        }),
      );
      return { address, ui: `http://127.0.0.1:${uiPort}`, command };
    }),
  );
}

async function provideGoogle({ directory, variables, supervisor }: StackContext) {
  if (variables.GOOGLE_CLIENT_ID)
    return { emulator: null, environment: passedOn(variables, (name) => name.startsWith('GOOGLE_')) };
  const { emulatorState, log } = stackPaths(directory);
  const { url } = await onFreePort(EMULATOR_PORT, (port) =>
    supervisor.start(() =>
      startEmulator({ port, stateFile: emulatorState, logFile: log('emulator'), directory }),
    ),
  );
  return {
    emulator: url,
    environment: {
      ...EMULATOR_CLIENT,
      GOOGLE_API_ROOT_URL: url,
      GOOGLE_OAUTH_AUTH_URL: `${url}/o/oauth2/v2/auth`,
      GOOGLE_OAUTH_TOKEN_URL: `${url}/token`,
      GOOGLE_OAUTH_REVOKE_URL: `${url}/revoke`,
      // The emulator has no limit on writes: a first plan need not wait.
      GOOGLE_USER_WRITES_PER_MINUTE: '600',
    },
  };
}

/** The caller's mail server, or one that keeps mails in a folder. */
async function provideMail({ directory, variables, progress, supervisor }: StackContext) {
  if (variables.SMTP_URL) return passedOn(variables, (name) => name.startsWith('SMTP_'));
  const { url } = await onFreePort(MAIL_PORT, (port) =>
    supervisor.start(() =>
      startMail({
        port,
        directory,
        onMail: (file) => progress.line(`A mail has come: ${relative(directory, file)}`),
      }),
    ),
  );
  return { SMTP_URL: url, SMTP_FROM: 'Almanac <almanac@localhost>' };
}

async function provideWorker({ directory, supervisor }: StackContext, environment: StackEnvironment) {
  const logFile = stackPaths(directory).log('worker');
  return onFreePort(WORKER_HEALTH_PORT, (healthPort) =>
    onFreePort(METRICS_PORT, async (metricsPort) => {
      await supervisor.start(() => startWorker({ healthPort, metricsPort, environment, logFile, directory }));
      return {
        workerHealth: `http://127.0.0.1:${healthPort}`,
        metrics: `http://127.0.0.1:${metricsPort}/metrics`,
      };
    }),
  );
}

async function provideApi({ directory, supervisor }: StackContext, environment: StackEnvironment) {
  const logFile = stackPaths(directory).log('api');
  return onFreePort(API_PORT, async (port) => {
    await supervisor.start(() => startApi({ port, environment, logFile, directory }));
    return `http://localhost:${port}`;
  });
}

/** Variables that the stack file passes on, so that commands in other shells use the same servers. */
function passedOn(variables: NodeJS.ProcessEnv, isWanted: (name: string) => boolean): StackEnvironment {
  const entries = Object.entries(variables).filter(
    (entry): entry is [string, string] => isWanted(entry[0]) && Boolean(entry[1]),
  );
  return Object.fromEntries(entries);
}

function withoutPassword(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  url.password = '';
  return url.href;
}
