import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import envPaths from 'env-paths';
import { programErrors } from '../../dev/error-details.ts';

/** Programs that `temporal-compose.yml` runs. */
const SERVER_VERSION = '1.29.1';
const MODULE = `go.temporal.io/server`;
const BUILD_TIMEOUT_MS = 30 * 60_000;
const MAX_OUTPUT_BYTES = 64_000_000;

const execute = promisify(execFile);

/** Holds `temporal-server`, `temporal-sql-tool` and the database schemas in `schema`. */
export interface ServerBinaries {
  folder: string;
  server: string;
  schemas: string;
}

function binariesIn(folder: string): ServerBinaries {
  return { folder, server: join(folder, 'temporal-server'), schemas: join(folder, 'schema') };
}

/** The Temporal server as a cluster runs it: kept under the user's cache folder, built with Go where it is not there. */
export async function findServerBinaries(note: (text: string) => void): Promise<ServerBinaries> {
  const folder = join(envPaths('almanac', { suffix: '' }).cache, 'temporal-server', `v${SERVER_VERSION}`);
  if (!existsSync(folder)) {
    note(`Building Temporal's server ${SERVER_VERSION} with Go, once: about 4 minutes and 250 MB of modules`);
    await build(folder);
  }
  return binariesIn(folder);
}

/** Renamed into place when all of it is there. */
async function build(folder: string): Promise<void> {
  const unfinished = `${folder}.build-${process.pid}`;
  await mkdir(unfinished, { recursive: true });
  const go = async (...args: string[]) =>
    execute('go', args, {
      // Modules of the folder we happen to run in must not take part.
      cwd: unfinished,
      env: { ...process.env, GOBIN: unfinished, GOFLAGS: '-mod=mod', GO111MODULE: 'on' },
      timeout: BUILD_TIMEOUT_MS,
      maxBuffer: MAX_OUTPUT_BYTES,
    });
  try {
    const commands = ['cmd/server', 'cmd/tools/sql'];
    await go('install', ...commands.map((command) => `${MODULE}/${command}@v${SERVER_VERSION}`));
    const { stdout } = await go('mod', 'download', '-json', `${MODULE}@v${SERVER_VERSION}`);
    const { Dir: source } = JSON.parse(stdout) as { Dir: string };
    const { schemas, server } = binariesIn(unfinished);
    await cp(join(source, 'schema', 'postgresql', 'v12'), schemas, { recursive: true });
    await rename(join(unfinished, 'server'), server);
    await rename(join(unfinished, 'sql'), join(unfinished, 'temporal-sql-tool'));
    await mkdir(dirname(folder), { recursive: true });
    await rename(unfinished, folder);
  } catch (error) {
    throw new Error(`The server could not be built: ${programErrors(error).split('\n').at(-1)}`, {
      cause: error,
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}
