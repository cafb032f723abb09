import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { networkError } from '../error-details.ts';
import { goInstall, hasGo } from '../go-install.ts';
import { findOnPath, isExecutable } from '../find-on-path.ts';
import type { Progress } from '../progress.ts';
import { downloadServer } from './download-server.ts';
import { CLI_VERSION, EXECUTABLE, serverFolder } from './server-version.ts';

/** The Temporal CLI as typed in a shell: its name where the PATH leads to the same file. */
export function asTyped(command: string, variables: NodeJS.ProcessEnv): string {
  if (findOnPath(EXECUTABLE, variables.PATH) === command) return 'temporal';
  return /^[\w./-]+$/.test(command) ? command : JSON.stringify(command);
}

/** The Temporal CLI that is already on this machine, if any. */
function findInstalled(variables: NodeJS.ProcessEnv): string | undefined {
  const given = variables.TEMPORAL_CLI_PATH;
  if (given) {
    if (isExecutable(given)) return given;
    throw new Error(`TEMPORAL_CLI_PATH must name an executable file, but ${given} is not one.`);
  }
  const cached = join(serverFolder(), EXECUTABLE);
  return findOnPath(EXECUTABLE, variables.PATH) ?? (existsSync(cached) ? cached : undefined);
}

/**
 * The Temporal CLI, whose `server start-dev` is the development server. Tried in this order:
 * `TEMPORAL_CLI_PATH`, `temporal` on the PATH, an earlier download or build, Temporal's release, a build with
 * Go.
 */
export async function findServer(
  variables: NodeJS.ProcessEnv,
  progress: Progress,
  signal?: AbortSignal,
): Promise<string> {
  const installed = findInstalled(variables);
  if (installed) return installed;

  progress.line(
    `Temporal's development server (CLI ${CLI_VERSION}) is not on this machine yet. It is fetched once and kept.`,
  );
  let downloadProblem: string;
  try {
    return await progress.step('Fetching the Temporal server, once', (note) => downloadServer(note, signal));
  } catch (error) {
    signal?.throwIfAborted();
    downloadProblem = networkError(error);
    progress.line(`The download failed (${downloadProblem}).`);
  }
  // It takes 250 MB of modules.
  if (await hasGo())
    return progress.step('Building the Temporal server with Go instead, once: about 4 minutes', () =>
      goInstall(
        `github.com/temporalio/cli/cmd/temporal@v${CLI_VERSION}`,
        join(serverFolder(), EXECUTABLE),
        signal,
      ),
    );
  throw new Error(
    `There is no Temporal server: it could not be fetched (${downloadProblem}), and there is no Go 1.25 to build it. ` +
      'Install the Temporal CLI (https://docs.temporal.io/cli), or set TEMPORAL_CLI_PATH or TEMPORAL_ADDRESS.',
  );
}
