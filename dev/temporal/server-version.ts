import { join } from 'node:path';
import envPaths from 'env-paths';

/** Temporal CLI 1.5.1: server 1.29.1, Web UI 2.42.1. The newest that `go install` can build. */
export const CLI_VERSION = '1.5.1';

export const EXECUTABLE = process.platform === 'win32' ? 'temporal.exe' : 'temporal';

/** Where a fetched or built server is kept, for all projects of this user. */
export function serverFolder(): string {
  return join(envPaths('almanac', { suffix: '' }).cache, 'temporal-cli', `v${CLI_VERSION}`);
}
