import type { Client } from '@temporalio/client';
import type { AlmanacClient } from '../client/almanac-client.ts';
import type { Database } from '../prisma/client.ts';
import { startTracing } from '../tracing/start-tracing.ts';
import type { Tracing } from '../tracing/tracing.ts';
import { requireVariables, type Variables } from '../client/environment.ts';
import { compileLightly } from './compile-lightly.ts';
import { loadDotEnv, loadVariables } from './load-variables.ts';
import { ExitCode } from './exit-code.ts';
import { describeFailure, explainError } from './explain-error.ts';
import { printHint } from '../terminal/output.ts';
import type { CommandSettings, CommonOptions } from './common-options.ts';

/** Commands run at most two queries at once. */
const POOL_SIZE = 2;

/** Dependencies of a command's body. Connections are opened on first use and closed after the command. */
export interface CommandContext {
  json: boolean;
  variables: Variables;
  database: () => Promise<Database>;
  /** `patienceMs` is the longest wait for a connection. Default: five seconds. */
  temporal: (patienceMs?: number) => Promise<Client>;
  almanac: () => Promise<AlmanacClient>;
}

type Close = () => Promise<void>;

/** Calls `open` once; every call returns its outcome. */
function once<T, Arguments extends unknown[]>(
  open: (...given: Arguments) => Promise<T>,
): (...given: Arguments) => Promise<T> {
  let opening: Promise<T> | undefined;
  return (...given) => (opening ??= open(...given));
}

function createContext(
  variables: Variables,
  json: boolean,
  tracing: Tracing | null,
  closing: Close[],
): CommandContext {
  const database = once(async () => {
    const { DATABASE_URL } = requireVariables(variables, 'DATABASE_URL');
    const { createPrismaClient, StatementTimeout } = await import('../prisma/client.ts');
    const opened = createPrismaClient({
      databaseUrl: DATABASE_URL,
      poolSize: POOL_SIZE,
      statementTimeoutMs: StatementTimeout.commandMs,
    });
    closing.push(() => opened.$disconnect());
    return opened;
  });
  const temporal = once(async (patienceMs?: number) => {
    const { connectTemporal, temporalSettings } = await import('../client/temporal-client.ts');
    const interceptors = tracing === null ? [] : [tracing.client];
    const connected = await connectTemporal(temporalSettings(variables), interceptors, patienceMs);
    closing.push(() => connected.connection.close());
    return connected;
  });
  const almanac = once(async () => {
    const { createAlmanacClient } = await import('../client/almanac-client.ts');
    return createAlmanacClient({ temporal: await temporal(), database: await database() });
  });
  return { json, variables, database, temporal, almanac };
}

/** Runs the body of a command and returns its exit code. A failure is explained on stderr. */
export async function executeCommand(
  { json = false, verbose = false }: CommonOptions,
  body: (context: CommandContext) => Promise<number | void>,
  { ownStack = false, isServer = ownStack }: CommandSettings,
): Promise<number> {
  const variables: Variables = process.env;
  const closing: Close[] = [];
  let tracing: Tracing | null = null;
  try {
    if (ownStack) loadDotEnv(process.cwd(), variables);
    else await loadVariables(process.cwd(), variables);
    if (!isServer) {
      compileLightly();
      tracing = await startTracing(variables);
    }
    const context = createContext(variables, json, tracing, closing);
    const exitCode = await (tracing === null ? body(context) : runTraced(() => body(context)));
    return exitCode ?? ExitCode.ok;
  } catch (error) {
    const { message, exitCode } = explainError(error, variables);
    printHint(message);
    if (verbose || variables['DEBUG']) printHint(describeFailure(error, variables));
    return exitCode;
  } finally {
    await Promise.allSettled(closing.map((close) => close()));
    await tracing?.shutdown();
  }
}

/** Loads OpenTelemetry only where the process is traced. */
async function runTraced<T>(work: () => Promise<T>): Promise<T> {
  const { traced } = await import('../tracing/traced.ts');
  return traced(spanName(), {}, work);
}

/** Name of the command, without its arguments, which may be personal data. */
function spanName(): string {
  return `almanac ${process.argv[2] ?? ''}`.trimEnd();
}
