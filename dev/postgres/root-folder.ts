import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

const ROOT_FOLDER = '/var/tmp/almanac-root';

/**
 * Folder for files that the user `postgres` must reach when root runs Almanac in a folder that `postgres`
 * cannot. Every user may write to its parent, so a folder that is not root's is refused.
 */
export function rootFolder(): string {
  mkdirSync(ROOT_FOLDER, { recursive: true, mode: 0o755 });
  const stat = lstatSync(ROOT_FOLDER);
  if (!stat.isDirectory() || stat.uid !== 0)
    throw new Error(`${ROOT_FOLDER} does not belong to root: remove it, or set DATABASE_URL.`);
  return ROOT_FOLDER;
}

/** The part of `rootFolder()` that belongs to the project in `directory`. */
export function projectFolder(directory: string): string {
  const key = createHash('sha256').update(directory).digest('hex').slice(0, 16);
  const folder = join(rootFolder(), key);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  return folder;
}
