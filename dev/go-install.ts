import { execFile } from 'node:child_process';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { programErrors } from './error-details.ts';

const OLDEST_GO = [1, 25] as const;
const BUILD_TIMEOUT_MS = 30 * 60_000;
const MAX_OUTPUT_BYTES = 64_000_000;

const execute = promisify(execFile);

/** Whether the Go on the PATH can build the programs of `goInstall`. */
export async function hasGo(): Promise<boolean> {
  try {
    const { stdout } = await execute('go', ['env', 'GOVERSION']);
    const [, major, minor] = /^go(\d+)\.(\d+)/.exec(stdout) ?? [];
    if (!major || !minor) return false;
    return Number(major) > OLDEST_GO[0] || (Number(major) === OLDEST_GO[0] && Number(minor) >= OLDEST_GO[1]);
  } catch {
    return false;
  }
}

/**
 * Builds a program from source through the Go module proxy, and moves it into place when it is whole.
 * @param program package and version, such as `github.com/temporalio/cli/cmd/temporal@v1.5.1`
 * @param file where the program is kept, under the name that Go gives it
 */
export async function goInstall(program: string, file: string, signal?: AbortSignal): Promise<string> {
  const folder = join(file, '..');
  const unfinished = `${folder}.build-${process.pid}`;
  await mkdir(unfinished, { recursive: true });
  try {
    await execute('go', ['install', program], {
      // Keeps a go.mod of the working directory out of the build.
      cwd: unfinished,
      env: { ...process.env, GOBIN: unfinished, GOFLAGS: '-mod=mod', GO111MODULE: 'on' },
      signal,
      timeout: BUILD_TIMEOUT_MS,
      maxBuffer: MAX_OUTPUT_BYTES,
    });
    await mkdir(folder, { recursive: true });
    await rename(join(unfinished, basename(file)), file);
    return file;
  } catch (error) {
    throw new Error(`go install failed: ${programErrors(error).split('\n').at(-1)}`, {
      cause: error,
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}
