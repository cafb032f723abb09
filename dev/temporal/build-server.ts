import { execFile } from 'node:child_process';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { programErrors } from '../error-details.ts';
import { CLI_VERSION, EXECUTABLE, serverFolder } from './server-version.ts';

const OLDEST_GO = [1, 25] as const;
const BUILD_TIMEOUT_MS = 30 * 60_000;
const MAX_OUTPUT_BYTES = 64_000_000;

const execute = promisify(execFile);

/** Whether the Go on the PATH can build the server. */
export async function canBuildServer(): Promise<boolean> {
  try {
    const { stdout } = await execute('go', ['env', 'GOVERSION']);
    const [, major, minor] = /^go(\d+)\.(\d+)/.exec(stdout) ?? [];
    if (!major || !minor) return false;
    return Number(major) > OLDEST_GO[0] || (Number(major) === OLDEST_GO[0] && Number(minor) >= OLDEST_GO[1]);
  } catch {
    return false;
  }
}

/** Builds the server from source through the Go module proxy. Takes minutes and 250 MB of modules, once. */
export async function buildServer(signal?: AbortSignal): Promise<string> {
  const folder = serverFolder();
  const unfinished = `${folder}.build-${process.pid}`;
  await mkdir(unfinished, { recursive: true });
  try {
    await execute('go', ['install', `github.com/temporalio/cli/cmd/temporal@v${CLI_VERSION}`], {
      // Keeps a go.mod of the working directory out of the build.
      cwd: unfinished,
      env: { ...process.env, GOBIN: unfinished, GOFLAGS: '-mod=mod', GO111MODULE: 'on' },
      signal,
      timeout: BUILD_TIMEOUT_MS,
      maxBuffer: MAX_OUTPUT_BYTES,
    });
    await mkdir(folder, { recursive: true });
    await rename(join(unfinished, EXECUTABLE), join(folder, EXECUTABLE));
    return join(folder, EXECUTABLE);
  } catch (error) {
    throw new Error(`go install failed: ${programErrors(error).split('\n').at(-1)}`, {
      cause: error,
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}
