import { setTimeout as sleep } from 'node:timers/promises';
import type { Part } from '../../dev/processes/part.ts';
import { stopProcess } from '../../dev/processes/stop-process.ts';

const RETRY_MS = 250;
const START_TIMEOUT_MS = 90_000;

/** A process that can be killed and is started again, as a process manager does. */
export class Restartable {
  private part: Part | undefined;
  private stopped = false;
  private expected = false;
  private readonly start: () => Promise<Part>;
  /** Unexpected ends: how the process ended each time that it was not killed. */
  readonly ownExits: string[] = [];

  constructor(start: () => Promise<Part>) {
    this.start = start;
  }

  /** Starts it, again and again until it is up. */
  async up(): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (!this.stopped) {
      try {
        const part = await this.start();
        this.part = part;
        this.expected = false;
        void part.ended.then((how) => this.ended(part, how));
        return;
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await sleep(RETRY_MS);
      }
    }
  }

  /** Ends it by the signal, and starts it again after a while. */
  async restart(signal: NodeJS.Signals, awayMs: number, graceMs: number): Promise<void> {
    const part = this.part;
    if (part === undefined) return;
    this.expected = true;
    await stopProcess(part.pids[0] ?? 0, signal, graceMs);
    await part.ended;
    await sleep(awayMs);
    await this.up();
  }

  /** Stops the process where it is, and lets it go on as if no time had passed. */
  async freeze(forMs: number): Promise<void> {
    const pid = this.part?.pids[0];
    if (pid === undefined) return;
    process.kill(pid, 'SIGSTOP');
    try {
      await sleep(forMs);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.expected = true;
    await this.part?.stop();
  }

  private ended(part: Part, how: string): void {
    if (this.expected || this.part !== part) return;
    this.ownExits.push(`${part.name}: ${how}`);
    this.up().catch(() => this.ownExits.push(`${part.name} does not start again`));
  }
}
