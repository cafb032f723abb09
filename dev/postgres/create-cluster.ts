import { execFile } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { programErrors } from '../error-details.ts';
import type { SystemUser } from './system-user.ts';

/** Owner of the cluster and its databases. */
export const SUPERUSER = 'almanac';

/** Sorts text in the same order on every machine, without the machine's locales. */
const LOCALE_FLAGS = [
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
];

interface ClusterOptions {
  initdb: string;
  /** Folder of the cluster, which is in its subfolder `data`. */
  directory: string;
  password: string;
  user: SystemUser | undefined;
}

export function dataDirectory(directory: string): string {
  return join(directory, 'data');
}

/** Creates the database cluster unless it exists. An unfinished one, left by a crash, is removed first. */
export async function createCluster({ initdb, directory, password, user }: ClusterOptions): Promise<void> {
  const data = dataDirectory(directory);
  if (existsSync(data)) return;
  const unfinished = `${data}.unfinished`;
  const passwordFile = join(directory, 'password');
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user) for (const path of [directory, passwordFile]) chownSync(path, user.uid, user.gid);
  try {
    await promisify(execFile)(
      initdb,
      [
        `--pgdata=${unfinished}`,
        `--username=${SUPERUSER}`,
        '--auth=scram-sha-256',
        `--pwfile=${passwordFile}`,
        ...LOCALE_FLAGS,
        '--no-instructions',
      ],
      { ...user, cwd: directory },
    );
  } catch (error) {
    throw new Error(`PostgreSQL could not create its data folder ${data}: ${programErrors(error)}`, {
      cause: error,
    });
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(unfinished, data);
}
