import type { ChildProcess } from 'node:child_process';

/** A process of the development stack. */
export interface Part {
  /** As in "Temporal has stopped". */
  name: string;
  logFile: string;
  /** What has to be gone when the stack has stopped. */
  pids: number[];
  /** Settles when the part has ended, with how: `exit code 1` or `SIGKILL`. Never rejects. */
  ended: Promise<string>;
  /** Asks it to stop, insists after its grace period, and settles when no process of it is left. */
  stop(): Promise<void>;
}

export function describeEnd(code: number | null, signal: NodeJS.Signals | null): string {
  return signal ?? `exit code ${code}`;
}

/** How a child process has ended. Never rejects. */
export function untilExit(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.on('exit', (code, signal) => resolve(describeEnd(code, signal)));
  });
}
