import { join, resolve } from 'node:path';
import { stackPaths } from '../stack-paths.ts';
import { projectFolder } from './root-folder.ts';
import { isReachableByAll } from './system-user.ts';

/**
 * Folder of the project's database: in the project's state folder, unless root runs Almanac in a folder that
 * the user `postgres` cannot reach.
 */
export function postgresFolder(directory: string): string {
  const isRoot = process.getuid?.() === 0;
  if (isRoot && !isReachableByAll(resolve(directory))) return join(projectFolder(directory), 'postgres');
  return stackPaths(directory).postgres;
}
