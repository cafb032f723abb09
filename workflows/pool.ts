import { condition } from '@temporalio/workflow';

/** Runs at most `size` tasks at once. A task has to handle its own failures. */
export class Pool {
  private readonly size: number;
  private running = 0;
  private failure: { error: unknown } | undefined;

  constructor(size: number) {
    this.size = size;
  }

  /** Waits for room, then starts the task and returns without waiting for it. */
  async start(task: () => Promise<void>): Promise<void> {
    await condition(() => this.running < this.size || this.failure !== undefined);
    this.rethrow();
    this.running += 1;
    void task()
      .catch((error: unknown) => {
        this.failure ??= { error };
      })
      .finally(() => {
        this.running -= 1;
      });
  }

  /** Returns when every task has ended. */
  async drain(): Promise<void> {
    await condition(() => this.running === 0);
    this.rethrow();
  }

  /** Hands an error that escaped from a task, usually a cancellation, to the caller. */
  private rethrow(): void {
    if (this.failure !== undefined) throw this.failure.error;
  }
}
