import { readdirSync, readFileSync } from 'node:fs';

/** `USER_HZ`: what the kernel counts in, on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;

interface ProcessTimes {
  parent: number;
  /** Its own, and that of children that have ended. */
  ticks: number;
}

function readTimes(pid: number): ProcessTimes | null {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null;
  }
  // The name before it stands in brackets and may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [utime, stime, cutime, cstime] = fields.slice(11, 15).map(Number);
  return {
    parent: Number(fields[1]),
    ticks: (utime ?? 0) + (stime ?? 0) + (cutime ?? 0) + (cstime ?? 0),
  };
}

/** Processor time of a process and everything below it, in milliseconds. Linux only. */
export function processorMs(root: number): number {
  const times = new Map<number, ProcessTimes>();
  for (const name of readdirSync('/proc')) {
    const found = /^\d+$/.test(name) ? readTimes(Number(name)) : null;
    if (found !== null) times.set(Number(name), found);
  }
  const belongs = (pid: number): boolean =>
    pid === root || (times.has(pid) && belongs(times.get(pid)?.parent ?? 0));
  let ticks = 0;
  for (const [pid, own] of times) if (belongs(pid)) ticks += own.ticks;
  return (ticks * 1_000) / TICKS_PER_SECOND;
}
