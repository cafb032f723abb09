import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { stopProcess } from '../processes/stop-process.ts';
import { isRunning } from '../processes/process-identity.ts';

const STATUS_LINE = 7;
const STOP_SIGNAL = 'SIGINT';
const STOP_GRACE_MS = 10_000;

function read(data: string): { pid: number; isReady: boolean } | null {
  try {
    const lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
    return { pid: Number(lines[0]), isReady: lines[STATUS_LINE]?.trim() === 'ready' };
  } catch {
    return null;
  }
}

/** Whether the server with this process ID accepts connections. */
export function isPostmasterReady(data: string, pid: number): boolean {
  const file = read(data);
  return file !== null && file.pid === pid && file.isReady;
}

function isPostmaster(pid: number, data: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(data);
  } catch {
    return process.platform !== 'linux' && isRunning(pid);
  }
}

/**
 * Cleans up after a crash. A server that still runs on this folder is stopped. A stale postmaster.pid is
 * removed, because PostgreSQL refuses to start if its process ID belongs to another program.
 */
export async function clearPostmasterFile(data: string): Promise<void> {
  const file = read(data);
  if (!file) return;
  if (isPostmaster(file.pid, data)) await stopProcess(file.pid, STOP_SIGNAL, STOP_GRACE_MS);
  else rmSync(join(data, 'postmaster.pid'), { force: true });
}
