import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { errorCode } from '../error-details.ts';
import { processIdentity } from '../processes/process-identity.ts';
import { stackPaths } from '../stack-paths.ts';

const FOLDER_MODE = 0o755;

const holderSchema = z.object({ pid: z.int(), identity: z.string() });

function readHolder(lockFile: string): z.infer<typeof holderSchema> | null {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(lockFile, 'utf8')));
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
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Makes this process the one that runs the stack of `directory`. Returns the current holder, or null on
 * success.
 */
export function lockStack(directory: string): { pid: number } | null {
  const { state, lockFile } = stackPaths(directory);
  mkdirSync(state, { recursive: true, mode: FOLDER_MODE });
  if (tryToLock(lockFile)) return null;
  const holder = readHolder(lockFile);
  if (holder && processIdentity(holder.pid) === holder.identity) return { pid: holder.pid };
  // The holder was killed before it could remove the lock.
  rmSync(lockFile, { force: true });
  return tryToLock(lockFile) ? null : (readHolder(lockFile) ?? { pid: 0 });
}

export function unlockStack(directory: string): void {
  rmSync(stackPaths(directory).lockFile, { force: true });
}
