import type { WorkerOptions } from '@temporalio/worker';
import type { Environment } from '../contracts/environment.ts';

type DeploymentVariables = Pick<Environment, 'TEMPORAL_DEPLOYMENT_NAME' | 'TEMPORAL_WORKER_BUILD_ID'>;

/**
 * Options that make a worker part of the named deployment; none without a name. Every workflow moves to the
 * current build with its next task (`AUTO_UPGRADE`): the committed histories prove that all of them replay. A
 * run pinned to its build would wait for ever once the last worker of that build is gone.
 */
export function deploymentOptions({
  TEMPORAL_DEPLOYMENT_NAME: deploymentName,
  TEMPORAL_WORKER_BUILD_ID: buildId,
}: DeploymentVariables): Pick<WorkerOptions, 'workerDeploymentOptions'> {
  if (deploymentName === undefined || buildId === undefined) return {};
  return {
    workerDeploymentOptions: {
      version: { deploymentName, buildId },
      useWorkerVersioning: true,
      defaultVersioningBehavior: 'AUTO_UPGRADE',
    },
  };
}
