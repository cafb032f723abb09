import type { ChildProcess } from 'node:child_process';

/** A process of the development stack. */
export interface Part {
  /** Subject of a message, as in "Temporal has stopped". */
  name: string;
  logFile: string;
  /** Processes that must have ended when the stack has stopped. */
  pids: number[];
  /** Resolves when the part has ended: to `exit code 1` or `SIGKILL`, for instance. Never rejects. */
  ended: Promise<string>;
  /** Asks the part to stop, kills it after its grace period, and resolves when its processes have ended. */
  stop(): Promise<void>;
}

export function describeEnd(code: number | null, signal: NodeJS.Signals | null): string {
  return signal ?? `exit code ${code}`;
}

/** Resolves to how a child process ended. Never rejects. */
export function untilExit(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.on('exit', (code, signal) => resolve(describeEnd(code, signal)));
  });
}
