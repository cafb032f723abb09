import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { processIdentity } from '../processes/process-identity.ts';
import { stackPaths } from '../stack-paths.ts';

const PRIVATE_FOLDER = 0o755;

function readHolder(lockFile: string): { pid: number; identity: string } | null {
  try {
    return JSON.parse(readFileSync(lockFile, 'utf8')) as { pid: number; identity: string };
  } catch {
    return null;
  }
}

function tryToLock(lockFile: string): boolean {
  const holder = { pid: process.pid, identity: processIdentity(process.pid) };
  try {
    writeFileSync(lockFile, JSON.stringify(holder), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Makes this process the one that runs the stack of `directory`. Returns the process that is it already, or null. */
export function lockStack(directory: string): { pid: number } | null {
  const { state, lockFile } = stackPaths(directory);
  mkdirSync(state, { recursive: true, mode: PRIVATE_FOLDER });
  if (tryToLock(lockFile)) return null;
  const holder = readHolder(lockFile);
  if (holder && processIdentity(holder.pid) === holder.identity) return { pid: holder.pid };
  // Its holder has died without a chance to remove it.
  rmSync(lockFile, { force: true });
  return tryToLock(lockFile) ? null : (readHolder(lockFile) ?? { pid: 0 });
}

export function unlockStack(directory: string): void {
  rmSync(stackPaths(directory).lockFile, { force: true });
}
