import { readFileSync } from 'node:fs';

const POLL_MS = 250;

/** The parent of a process, where the system tells it by a file. */
function parentOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null;
  }
}

/** npm starts a shell, which starts this process: both have to stay. */
function launchers(): string {
  return `${process.ppid} ${parentOf(process.ppid)}`;
}

/**
 * Calls back once when npm, or the shell it has put in between, is gone: a signal sent to npm ends that shell and
 * never arrives here. Nothing is watched where this process was started in another way.
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
