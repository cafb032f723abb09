import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname } from 'node:path';

const USER = 'postgres';
const OTHERS_MAY_ENTER = 0o001;

export interface SystemUser {
  uid: number;
  gid: number;
}

function id(flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, USER], { stdio: ['ignore', 'pipe', 'ignore'] }));
}

function findUser(): SystemUser | null {
  try {
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return null;
  }
}

/** PostgreSQL refuses to run as root, so root runs it as the user `postgres`, which is created if missing. */
export function postgresUser(): SystemUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const known = findUser();
  if (known) return known;
  try {
    execFileSync('useradd', ['--system', '--user-group', '--no-create-home', USER], { stdio: 'ignore' });
  } catch {
    // The missing user is reported below.
  }
  const created = findUser();
  if (created) return created;
  throw new Error(
    `PostgreSQL does not run as root, and no user ${USER} could be created: run as another user, create that user, or set DATABASE_URL.`,
  );
}

/** Whether every folder on the way to `path` lets any user pass. */
export function isReachableByAll(path: string): boolean {
  for (let directory = path; ; directory = dirname(directory)) {
    if ((statSync(directory).mode & OTHERS_MAY_ENTER) === 0) return false;
    if (directory === dirname(directory)) return true;
  }
}
