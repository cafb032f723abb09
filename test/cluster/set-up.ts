import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Part } from '../../dev/processes/part.ts';
import { PROJECT_ROOT } from '../../dev/project-root.ts';

const POLL_MS = 500;
const START_TIMEOUT_MS = 120_000;

/** Files that `temporal-compose.yml` mounts into its containers. */
export const SETUP = join(PROJECT_ROOT, 'deploy', 'temporal');

const execute = promisify(execFile);

/** Runs the set-up scripts of the compose file, which find their tools on the PATH as they do in its images. */
export function scriptRunner(toolFolder: string, temporalCommand: string) {
  const PATH = [toolFolder, dirname(temporalCommand), process.env.PATH].join(delimiter);
  return async (script: string, variables: Record<string, string>): Promise<void> => {
    await execute('/bin/sh', [join(SETUP, script)], { env: { ...process.env, ...variables, PATH } });
  };
}

/** Asks again and again; gives up as soon as one of the processes has ended. */
async function untilReady(parts: Part[], ask: () => Promise<unknown>): Promise<void> {
  const ends: string[] = [];
  for (const { name, ended } of parts) void ended.then((how) => ends.push(`${name} has ended: ${how}.`));
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    try {
      await ask();
      return;
    } catch (error) {
      if (ends[0] !== undefined) throw new Error(ends[0], { cause: error });
      if (Date.now() > deadline) throw new Error('It was not ready in time.', { cause: error });
      await sleep(POLL_MS);
    }
  }
}

/** A service opens its port when it has found or written what the cluster knows of itself. */
export async function untilListening(port: number, parts: Part[]): Promise<void> {
  await untilReady(parts, async () => {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect').finally(() => socket.destroy());
  });
}

/** As the compose file's health check. */
export async function untilHealthy(temporalCommand: string, address: string, parts: Part[]): Promise<void> {
  await untilReady(parts, () =>
    execute(temporalCommand, ['operator', 'cluster', 'health', '--address', address]),
  );
}
