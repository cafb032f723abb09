import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { postgresFolder } from '../postgres/postgres-folder.ts';
import { clearPostmasterFile } from '../postgres/postmaster-file.ts';
import { dataDirectory } from '../postgres/create-cluster.ts';
import { stackPaths } from '../stack-paths.ts';

/** Removes the stack's state for `directory`, except the lock, which this process holds. */
export async function resetStack(directory: string): Promise<void> {
  const { state, lockFile } = stackPaths(directory);
  const postgres = postgresFolder(directory);
  if (existsSync(postgres)) await clearPostmasterFile(dataDirectory(postgres));
  await rm(postgres, { recursive: true, force: true });
  for (const name of await readdir(state)) {
    const path = join(state, name);
    if (path !== lockFile) await rm(path, { recursive: true, force: true });
  }
}
