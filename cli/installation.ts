import { type Client, isGrpcServiceError, ServiceError } from '@temporalio/client';
import { pushSettings } from '../contracts/push.ts';
import type { Database } from '../prisma/client.ts';
import { requireVariables } from '../client/environment.ts';
import { UnreachableError } from '../services/errors.ts';
import { readRunningFanOuts, type RunningFanOut } from '../client/fan-outs.ts';
import { type PushCoverage, readPushCoverage } from '../services/push/push-coverage.ts';
import { describeDeployment, type WorkerDeployment } from '../client/worker-deployment.ts';
import type { CommandContext } from './command-context.ts';
import { printHint, printLine, printTable } from '../terminal/output.ts';

/** Short, because health comes from the database: the command does not wait for a Temporal that is down. */
const TEMPORAL_PATIENCE_MS = 1_000;

/** State of the installation that `almanac status` prints besides the health of workspaces. */
export interface Installation {
  push: PushCoverage;
  /** Null: no deployment is configured, or Temporal does not answer. */
  deployment: (WorkerDeployment & { name: string }) | null;
  /** Null: Temporal does not answer. */
  fanOuts: RunningFanOut[] | null;
}

export async function readInstallation(context: CommandContext, database: Database): Promise<Installation> {
  const name = context.variables['TEMPORAL_DEPLOYMENT_NAME'];
  const push = await readPushCoverage(database);
  const [fanOuts, deployment] = await Promise.all([
    whereTemporalAnswers(context, readRunningFanOuts),
    name ? whereTemporalAnswers(context, (temporal) => readDeployment(temporal, name)) : null,
  ]);
  return { push, deployment, fanOuts };
}

async function readDeployment(temporal: Client, name: string): Promise<Installation['deployment']> {
  const none: WorkerDeployment = { currentBuildId: null, buildIds: [] };
  return { name, ...((await describeDeployment(temporal, name)) ?? none) };
}

/** Null if Temporal does not answer; the health of workspaces is shown even then. */
async function whereTemporalAnswers<T>(
  context: CommandContext,
  read: (temporal: Client) => Promise<T>,
): Promise<T | null> {
  try {
    return await read(await context.temporal(TEMPORAL_PATIENCE_MS));
  } catch (error) {
    const isAway = error instanceof UnreachableError || error instanceof ServiceError;
    if (isAway || isGrpcServiceError(error)) return null;
    throw error;
  }
}

export async function printInstallation(
  { variables }: CommandContext,
  { push, deployment, fanOuts }: Installation,
): Promise<void> {
  const settings = requireVariables(variables, 'PUBLIC_URL', 'GOOGLE_API_ROOT_URL');
  if (push.live > 0 || pushSettings(settings).address !== null)
    printLine(`Push: ${push.live} of ${push.calendars} calendars have a live channel.`);
  if (deployment !== null) printLine(`Worker deployment ${deployment.name}: ${buildsOf(deployment)}`);
  if (fanOuts === null) return printHint('Temporal does not answer, so running fan-outs are not shown.');
  if (fanOuts.length === 0) return;
  await printTable(
    ['running', 'since', 'workspaces', 'done', 'failed', 'skipped'],
    fanOuts.map(({ type, startedAt, progress }) => [
      type,
      startedAt,
      progress?.workspaces,
      progress && progress.succeeded + progress.failed + progress.skipped,
      progress?.failed,
      progress?.skipped,
    ]),
    '',
  );
}

function buildsOf({ currentBuildId, buildIds }: WorkerDeployment): string {
  if (buildIds.length === 0) return 'no worker of this deployment has been seen.';
  const others = buildIds.filter((buildId) => buildId !== currentBuildId);
  const waiting = others.length === 0 ? '' : `; besides: ${others.join(', ')}`;
  return currentBuildId === null
    ? `no build is current, so its workers get no workflows${waiting}.`
    : `the current build is ${currentBuildId}${waiting}.`;
}
