import { join, resolve } from 'node:path';
import { stackPaths } from '../stack-paths.ts';
import { projectFolder } from './root-folder.ts';
import { isReachableByAll } from './system-user.ts';

/**
 * Where the database of the project in `directory` lies: in its state folder, except for root in a folder that the
 * user `postgres` cannot reach.
 */
export function postgresFolder(directory: string): string {
  const isRoot = process.getuid?.() === 0;
  if (isRoot && !isReachableByAll(resolve(directory))) return join(projectFolder(directory), 'postgres');
  return stackPaths(directory).postgres;
}
