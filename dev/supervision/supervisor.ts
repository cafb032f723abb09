import type { Part } from '../processes/part.ts';
import { onLauncherGone } from './launcher.ts';

const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** By convention 128 and the number of SIGINT. */
const INTERRUPTED_EXIT_CODE = 130;

/** The stack was asked to stop while work was going on. */
export class StopRequestedError extends Error {
  override readonly name = 'StopRequestedError';
}

/** A part of the stack ended by itself. */
export class PartEndedError extends Error {
  override readonly name = 'PartEndedError';
}

/** Runs the parts of a stack together: all or none. */
export class Supervisor {
  private readonly parts: Part[] = [];
  private readonly starting = new Set<Promise<unknown>>();
  private readonly abort = new AbortController();
  private isStopping = false;
  /** Rejects when the stack has to stop. */
  private readonly ending: Promise<never>;
  private end!: (reason: StopRequestedError | PartEndedError) => void;

  constructor() {
    this.ending = new Promise((_resolve, reject) => {
      this.end = (reason) => {
        this.abort.abort();
        reject(reason);
      };
    });
    this.ending.catch(() => {});
    for (const signal of STOP_SIGNALS) process.on(signal, () => this.onSignal(signal));
    onLauncherGone(() => this.end(new StopRequestedError('npm has ended.')));
  }

  /** Aborts as soon as the stack has to stop. */
  get signal(): AbortSignal {
    return this.abort.signal;
  }

  get processes(): { name: string; pids: number[] }[] {
    return this.parts.map(({ name, pids }) => ({ name, pids }));
  }

  /** Starts and watches a part. Later parts are stopped first. */
  async start<P extends Part>(start: () => Promise<P>): Promise<P> {
    this.signal.throwIfAborted();
    const started = start().then((part) => {
      this.parts.push(part);
      void part.ended.then((how) => this.onEnded(part, how));
      return part;
    });
    this.starting.add(started);
    return this.during(started.finally(() => this.starting.delete(started)));
  }

  /** Settles as `work` does, or rejects as soon as the stack has to stop. */
  async during<T>(work: Promise<T>): Promise<T> {
    return Promise.race([this.ending, work]);
  }

  /** Stops every part, the last first, and waits until every process has ended. */
  async stop(): Promise<void> {
    this.isStopping = true;
    this.abort.abort();
    await Promise.allSettled(this.starting);
    for (const part of this.parts.toReversed()) await part.stop();
  }

  private onSignal(signal: NodeJS.Signals): void {
    // A second Ctrl-C ends this process at once; without their parent, the parts stop by themselves.
    if (this.signal.aborted && signal === 'SIGINT') process.exit(INTERRUPTED_EXIT_CODE);
    this.end(new StopRequestedError(`Stopping on ${signal}.`));
  }

  private onEnded(part: Part, how: string): void {
    if (this.isStopping) return;
    this.end(new PartEndedError(`${part.name} has stopped (${how}): see ${part.logFile}.`));
  }
}
