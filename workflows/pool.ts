import { condition } from '@temporalio/workflow';

/** Runs tasks side by side, never more than `size`. A task has to handle its own failures. */
export class Pool {
  private readonly size: number;
  private running = 0;
  private failure: { error: unknown } | undefined;

  constructor(size: number) {
    this.size = size;
  }

  /** Starts the task as soon as there is room, and returns then. */
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

  /** What escaped from a task (a cancellation, above all) belongs to whoever started it. */
  private rethrow(): void {
    if (this.failure !== undefined) throw this.failure.error;
  }
}
