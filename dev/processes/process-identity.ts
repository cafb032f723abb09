import { readFileSync } from 'node:fs';
import { errorCode } from '../error-details.ts';

/** Fields of `/proc/<pid>/stat` after the program's name, counted from 0. */
const STATE_FIELD = 0;
const START_TIME_FIELD = 19;
const ENDED_STATES = ['Z', 'X'];

function readStat(pid: number): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

/**
 * Distinguishes a process from a later one with the same ID, by its start time on Linux. Null when no such
 * process runs; a zombie does not run.
 */
export function processIdentity(pid: number): string | null {
  if (process.platform !== 'linux') return exists(pid) ? String(pid) : null;
  const stat = readStat(pid);
  if (!stat || ENDED_STATES.includes(stat[STATE_FIELD] ?? '')) return null;
  return `${pid}@${stat[START_TIME_FIELD]}`;
}

export function isRunning(pid: number): boolean {
  return processIdentity(pid) !== null;
}
