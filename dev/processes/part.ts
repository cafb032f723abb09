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
