import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';

const PREVIOUS = '.previous';

/** Begins new logs and keeps those of the previous run. */
export function rotateLogs(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (!name.endsWith(PREVIOUS) && existsSync(path)) renameSync(path, `${path}${PREVIOUS}`);
  }
}
