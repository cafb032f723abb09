import { isGrpcServiceError, type Client } from '@temporalio/client';

/** `grpc.status.NOT_FOUND`. */
const NOT_FOUND = 5;
const isNotFound = (code: number) => code === NOT_FOUND;

/** Builds of a worker deployment, and the one that gets work. */
export interface WorkerDeployment {
  /** Null: none, so that workflows go to unversioned workers. */
  currentBuildId: string | null;
  buildIds: string[];
}

/** Reads a worker deployment from the server; null if no worker of it has ever polled. */
export async function describeDeployment(
  { workflowService, options }: Client,
  deploymentName: string,
): Promise<WorkerDeployment | null> {
  try {
    const { workerDeploymentInfo } = await workflowService.describeWorkerDeployment({
      namespace: options.namespace,
      deploymentName,
    });
    const { routingConfig, versionSummaries } = workerDeploymentInfo ?? {};
    return {
      currentBuildId: routingConfig?.currentDeploymentVersion?.buildId ?? null,
      buildIds: (versionSummaries ?? []).flatMap(({ deploymentVersion }) => deploymentVersion?.buildId ?? []),
    };
  } catch (error) {
    if (isGrpcServiceError(error) && isNotFound(error.code)) return null;
    throw error;
  }
}
