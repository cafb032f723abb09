import { type Client, isGrpcServiceError, ServiceError } from '@temporalio/client';
import { readRunningFanOuts, type RunningFanOut } from '../client/fan-outs.ts';
import { readTaskQueueLag, type TaskQueueLag } from '../client/task-queue-lag.ts';
import { describeDeployment, type WorkerDeployment } from '../client/worker-deployment.ts';
import { UnreachableError } from '../services/errors.ts';
import type { CommandContext } from './command-context.ts';

/** Short, because health comes from the database: the command does not wait for a Temporal that is down. */
const TEMPORAL_PATIENCE_MS = 1_000;

/** State of the installation that only Temporal knows. */
export interface TemporalState {
  /** Null: no deployment is configured, or Temporal does not answer. */
  deployment: (WorkerDeployment & { name: string }) | null;
  /** Null: Temporal does not answer. */
  fanOuts: RunningFanOut[] | null;
  /** Null: Temporal does not answer. */
  taskQueues: TaskQueueLag[] | null;
}

/** @param deploymentName name of the configured worker deployment, if any */
export async function readTemporalState(
  context: CommandContext,
  deploymentName: string | undefined,
): Promise<TemporalState> {
  const [fanOuts, taskQueues, deployment] = await Promise.all([
    whereTemporalAnswers(context, readRunningFanOuts),
    whereTemporalAnswers(context, readTaskQueueLag),
    deploymentName
      ? whereTemporalAnswers(context, (temporal) => readDeployment(temporal, deploymentName))
      : null,
  ]);
  return { deployment, fanOuts, taskQueues };
}

async function readDeployment(temporal: Client, name: string): Promise<TemporalState['deployment']> {
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
