import { readFileSync } from 'node:fs';
import { errorCode } from '../error-details.ts';

/** `/proc/<pid>/stat` after the program's name: state is the first field, the start time the twentieth. */
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
 * Tells a process from a later one with the same ID, by the time it started where the system says so. Null when no
 * such process runs; one that has ended and waits to be reaped does not.
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
