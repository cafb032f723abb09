import { execFile } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Part } from '../../dev/processes/part.ts';
import { PROJECT_ROOT } from '../../dev/project-root.ts';

const HEALTH_POLL_MS = 500;
const START_TIMEOUT_MS = 120_000;

/** What `temporal-compose.yml` mounts into its containers. */
export const SETUP = join(PROJECT_ROOT, 'deploy', 'temporal');

const execute = promisify(execFile);

/** Runs the set-up scripts of the compose file, which find their tools on the PATH as they do in its images. */
export function scriptRunner(toolFolder: string, temporalCommand: string) {
  const PATH = [toolFolder, dirname(temporalCommand), process.env.PATH].join(delimiter);
  return async (script: string, variables: Record<string, string>): Promise<void> => {
    await execute('/bin/sh', [join(SETUP, script)], { env: { ...process.env, ...variables, PATH } });
  };
}

/** As the compose file's health check; gives up as soon as one of the processes has ended. */
export async function untilHealthy(temporalCommand: string, address: string, parts: Part[]): Promise<void> {
  const ends: string[] = [];
  for (const { name, ended } of parts) void ended.then((how) => ends.push(`${name} has ended: ${how}.`));
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    try {
      await execute(temporalCommand, ['operator', 'cluster', 'health', '--address', address]);
      return;
    } catch (error) {
      if (ends[0] !== undefined) throw new Error(ends[0], { cause: error });
      if (Date.now() > deadline) throw new Error('It was not healthy in time.', { cause: error });
      await sleep(HEALTH_POLL_MS);
    }
  }
}
