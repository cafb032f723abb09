import { pushSettings } from '../contracts/push.ts';
import type { Database } from '../prisma/client.ts';
import { requireVariables } from '../client/environment.ts';
import type { WorkerDeployment } from '../client/worker-deployment.ts';
import { type ProjectUsage, readProjectUsage } from '../services/google/project-usage.ts';
import { type PushCoverage, readPushCoverage } from '../services/push/push-coverage.ts';
import type { CommandContext } from './command-context.ts';
import type { TemporalState } from './temporal-state.ts';
import { printHint, printLine, printTable } from '../terminal/output.ts';

/** State of the installation that `almanac status` prints besides the health of workspaces. */
export interface Installation extends Partial<TemporalState> {
  push: PushCoverage;
  google: ProjectUsage;
}

/**
 * Asks Temporal only if `withRunning` is set or a worker deployment is configured: loading its client takes as
 * much processor time as the rest of the command.
 */
export async function readInstallation(
  context: CommandContext,
  database: Database,
  { withRunning }: { withRunning: boolean },
): Promise<Installation> {
  const { GOOGLE_DAILY_BUDGET } = requireVariables(context.variables, 'GOOGLE_DAILY_BUDGET');
  const push = await readPushCoverage(database);
  const google = await readProjectUsage(database, GOOGLE_DAILY_BUDGET);
  const deploymentName = context.variables['TEMPORAL_DEPLOYMENT_NAME'];
  if (!withRunning && !deploymentName) return { push, google };
  const { readTemporalState } = await import('./temporal-state.ts');
  return { push, google, ...(await readTemporalState(context, deploymentName)) };
}

export async function printInstallation(
  { variables }: CommandContext,
  { push, google, deployment, fanOuts, taskQueues }: Installation,
): Promise<void> {
  const settings = requireVariables(variables, 'PUBLIC_URL', 'GOOGLE_API_ROOT_URL');
  if (push.live > 0 || pushSettings(settings).address !== null)
    printLine(`Push: ${push.live} of ${push.calendars} calendars have a live channel.`);
  const { day, requests, forecast, budget, stretchedCalendars: stretched } = google;
  printLine(
    `Google: ${requests} requests on ${day} in Pacific time, ${forecast} expected, of ${budget} a day${stretched > 0 ? `; calendars that are polled less: ${stretched}` : ''}.`,
  );
  if (deployment) printLine(`Worker deployment ${deployment.name}: ${buildsOf(deployment)}`);
  if (fanOuts === null) return printHint('Temporal does not answer, so running fan-outs are not shown.');
  if (taskQueues)
    await printTable(
      ['task queue', 'tasks', 'waiting', 'oldest (s)', 'added/s', 'dispatched/s', 'pollers'],
      taskQueues.map(({ taskQueue, type, tasks, oldestSeconds, ...rates }) => [
        taskQueue,
        type,
        tasks,
        oldestSeconds,
        rates.addedPerSecond,
        rates.dispatchedPerSecond,
        rates.pollers,
      ]),
      '',
    );
  if (fanOuts === undefined || fanOuts.length === 0) return;
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
