import { isGrpcServiceError, type Client } from '@temporalio/client';

/** `grpc.status.NOT_FOUND`. */
const NOT_FOUND = 5;
const isNotFound = (code: number) => code === NOT_FOUND;

/** Which builds of a worker deployment there are, and which of them gets work. */
export interface WorkerDeployment {
  /** Null: none, so that workflows go to workers that are not versioned. */
  currentBuildId: string | null;
  buildIds: string[];
}

/** A worker deployment as the server knows it, or null where no worker of it has ever been seen. */
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
