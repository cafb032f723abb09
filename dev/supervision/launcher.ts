import { readFileSync } from 'node:fs';

const POLL_MS = 250;

/** Parent of a process; null outside Linux. */
function parentOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null;
  }
}

/** npm starts a shell, which starts this process. */
function launchers(): string {
  return `${process.ppid} ${parentOf(process.ppid)}`;
}

/**
 * Calls back once when npm or its shell has ended. A signal sent to npm ends that shell and never reaches
 * this process. Does nothing unless npm started this process.
 */
export function onLauncherGone(callback: () => void): void {
  if (!process.env.npm_lifecycle_event) return;
  const atStart = launchers();
  const timer = setInterval(() => {
    if (launchers() === atStart) return;
    clearInterval(timer);
    callback();
  }, POLL_MS);
  timer.unref();
}
