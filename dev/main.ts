import { resolve } from 'node:path';
import { DomainError, ErrorCode } from '../services/errors.ts';
import { createPrismaClient, type Database } from '../prisma/client.ts';
import { createSignInToken, signInUrl } from '../services/keys/sessions.ts';
import { createProgress, type Progress } from './progress.ts';
import { runSamples, type SampleRuns } from './run-samples.ts';
import { rotateLogs } from './stack/log-files.ts';
import { lockStack, unlockStack } from './stack/lock.ts';
import { resetStack } from './stack/reset.ts';
import { type Stack, startStack } from './stack/start-stack.ts';
import { readRunningStack, removeStackFile } from './stack-file.ts';
import { stackPaths } from './stack-paths.ts';
import { addressLines, summaryTable, temporalCommands } from './summary/print-summary.ts';
import { type DevSummary, readWorkspaceSummaries } from './summary/read-summary.ts';
import { PartEndedError, StopRequestedError, Supervisor } from './supervision/supervisor.ts';

interface DevOptions {
  /** Stop after the summary. */
  once: boolean;
  /** Print the summary as one JSON object on stdout. */
  json: boolean;
  /** Remove the state of earlier runs first. */
  reset: boolean;
  /** Default: the working directory. */
  directory?: string;
  /** Default: `process.env`. */
  variables?: NodeJS.ProcessEnv;
}

/** The stack could not start, or did not keep running. The message is a sentence for the user. */
class StackError extends DomainError {
  readonly code = ErrorCode.runFailed;
}

const POOL_SIZE = 4;

/**
 * Runs Postgres, Temporal, the emulator, a worker and the API with sample workspaces until a signal stops it.
 * `npm start` is this function.
 * @throws StackError when a part could not start or ended by itself; every part is stopped by then.
 */
export async function runDev(options: DevOptions): Promise<void> {
  const directory = resolve(options.directory ?? process.cwd());
  const variables = options.variables ?? process.env;
  const progress = createProgress();
  refuseSecondStack(directory);
  const supervisor = new Supervisor();
  let isUp = false;
  try {
    if (options.reset) await progress.step('Removing what earlier runs left', () => resetStack(directory));
    rotateLogs(stackPaths(directory).logs);
    const stack = await startStack({ directory, variables, progress, supervisor });
    const summary = await supervisor.during(summarise(stack, progress));
    show(summary, stack, options, progress);
    isUp = true;
    if (!options.once) await supervisor.during(new Promise<never>(() => {}));
    if (!summary.ok)
      throw new StackError('Not every sync and plan succeeded: run `almanac status` to see the failures.');
  } catch (error) {
    if (error instanceof StopRequestedError && isUp) return;
    throw asStackError(error);
  } finally {
    await stopAll(supervisor, directory, progress);
  }
}

function refuseSecondStack(directory: string): void {
  const holder = lockStack(directory);
  if (!holder) return;
  const running = readRunningStack(directory);
  const where = running
    ? `:\n${addressLines(toAddresses(running.addresses)).join('\n')}`
    : ', and it is still starting.';
  throw new StackError(`Almanac is already running in this folder (process ${holder.pid})${where}`);
}

function toAddresses({ temporal, ui, emulator, database, metrics, api }: Stack['addresses']) {
  return { temporal: { address: temporal, ui }, emulator, database, metrics, api };
}

async function summarise(stack: Stack, progress: Progress): Promise<DevSummary> {
  const { environment, addresses } = stack;
  const databaseUrl = environment.DATABASE_URL ?? '';
  const database = createPrismaClient({ databaseUrl, poolSize: POOL_SIZE });
  try {
    const runs = await syncAndPlanSamples(stack, database, progress);
    const outcomes = [...runs.first.values(), ...runs.afterEdits.values()];
    const planned = [...runs.plans.values()].every(({ success }) => success);
    return {
      ok: planned && outcomes.every(({ outcome }) => outcome === 'success'),
      workspaces: await readWorkspaceSummaries(database, runs),
      agenda: runs.agenda,
      ...toAddresses(addresses),
      ...(stack.ownsDatabase && { database: databaseUrl }),
      console: await signInLink(database, stack),
      ...(stack.ownAdminKey !== null && { apiKey: stack.ownAdminKey }),
    };
  } finally {
    await database.$disconnect();
  }
}

/** For the first browser. `almanac console` prints further ones. */
async function signInLink(database: Database, { addresses, environment }: Stack): Promise<string> {
  const { signInToken } = await createSignInToken({ database, adminSecret: undefined });
  return signInUrl(new URL(environment['PUBLIC_URL'] ?? addresses.api).origin, signInToken);
}

async function syncAndPlanSamples(
  { environment, addresses }: Stack,
  database: Database,
  progress: Progress,
): Promise<SampleRuns> {
  if (addresses.emulator === null)
    return { first: new Map(), afterEdits: new Map(), plans: new Map(), agenda: null };
  return runSamples({ environment, emulatorUrl: addresses.emulator, database, progress });
}

function show(summary: DevSummary, stack: Stack, { json, once }: DevOptions, progress: Progress): void {
  const { agenda, ...printed } = summary;
  if (json) process.stdout.write(`${JSON.stringify(printed)}\n`);
  const print = (text: string) => {
    if (json) progress.line(text);
    else process.stdout.write(`${text}\n`);
  };
  const { addresses, environment, temporalCommand } = stack;
  const [workspace] = summary.workspaces;
  if (workspace && !json) {
    if (agenda !== null) print(`\nThe next days of ${workspace.id}\n\n${agenda}`);
    print(`\n${summaryTable(summary.workspaces)}\n`);
  }
  if (once) return;
  addressLines(summary).forEach(print);
  if (addresses.emulator === null) {
    print('\nConnect an account: almanac workspace create <id> --time-zone <zone>, then');
    print('  almanac account connect <id>');
  } else if (workspace) {
    print('\nTry next:');
    const namespace = environment.TEMPORAL_NAMESPACE ?? 'default';
    temporalCommands(temporalCommand, addresses.temporal, namespace, workspace.id).forEach((line) =>
      print(`  ${line}`),
    );
  }
  print('\nCtrl-C stops everything; the state stays in .almanac/.');
}

async function stopAll(supervisor: Supervisor, directory: string, progress: Progress): Promise<void> {
  await progress.step('Stopping', () => supervisor.stop());
  await removeStackFile(directory);
  unlockStack(directory);
}

function asStackError(error: unknown): Error {
  if (error instanceof DomainError) return error;
  if (!(error instanceof Error)) return new StackError(String(error));
  if (error instanceof PartEndedError) return new StackError(`${error.message} Everything has been stopped.`);
  return new StackError(error.message, { cause: error });
}
