import type { Client } from '@temporalio/client';
import { listSchedules } from '../../client/schedules.ts';
import { missingSearchAttributes } from '../../client/search-attributes.ts';
import { unservedTaskQueues } from '../../client/task-queue-pollers.ts';
import { describeDeployment } from '../../client/worker-deployment.ts';
import { type Check, fail, ok, warn } from './check.ts';

type Connect = () => Promise<Client>;

export function namespaceCheck(connect: Connect): Check {
  return {
    name: 'temporal',
    async run() {
      const { workflowService, options } = await connect();
      await workflowService.describeNamespace({ namespace: options.namespace });
      return ok(`answers, namespace ${options.namespace}`);
    },
  };
}

export function searchAttributesCheck(connect: Connect): Check {
  return {
    name: 'search attributes',
    async run() {
      const missing = await missingSearchAttributes(await connect());
      return missing.length === 0
        ? ok('declared in the namespace')
        : fail(`missing or not of type Keyword: ${missing.join(', ')}`, 'Run `almanac schedules apply`.');
    },
  };
}

export function workersCheck(connect: Connect): Check {
  return {
    name: 'workers',
    async run() {
      const unserved = await unservedTaskQueues(await connect());
      return unserved.length === 0
        ? ok('every task queue is polled')
        : fail(
            `no worker polls ${unserved.join(', ')}`,
            'Run `almanac worker` to start one, and check its WORKER_TASK_QUEUES.',
          );
    },
  };
}

export function schedulesCheck(connect: Connect): Check {
  return {
    name: 'schedules',
    async run() {
      const schedules = await listSchedules(await connect());
      const missing = schedules.filter(({ exists }) => !exists).map(({ id }) => id);
      if (missing.length > 0) return fail(`missing: ${missing.join(', ')}`, 'Run `almanac schedules apply`.');
      const paused = schedules.filter((schedule) => schedule.paused).map(({ id }) => id);
      return paused.length > 0
        ? warn(`paused: ${paused.join(', ')}`, 'Run `almanac schedules resume <id>` to resume them.')
        : ok(`${schedules.length} applied, none paused`);
    },
  };
}

/** For versioned workers: without a current build, none of them gets workflows. */
export function deploymentCheck(connect: Connect, name: string, buildId: string): Check {
  return {
    name: 'worker deployment',
    async run() {
      const setCurrent = `temporal worker deployment set-current-version --deployment-name ${name} --build-id ${buildId}`;
      const deployment = await describeDeployment(await connect(), name);
      if (deployment === null)
        return fail(`no worker of ${name} has been seen`, 'Run `almanac worker` to start one.');
      const { currentBuildId, buildIds } = deployment;
      if (currentBuildId === null)
        return fail(`${name} has no current build: its workers get no workflows`, `Run \`${setCurrent}\`.`);
      if (currentBuildId === buildId) return ok(`${buildId} is the current build of ${name}`);
      return buildIds.includes(buildId)
        ? warn(
            `${buildId} waits; the current build of ${name} is ${currentBuildId}`,
            `To switch: \`${setCurrent}\`.`,
          )
        : warn(
            `no worker of build ${buildId} has been seen; the current build of ${name} is ${currentBuildId}`,
            'Run `almanac worker` with this build.',
          );
    },
  };
}
