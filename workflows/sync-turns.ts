import { condition, sleep } from '@temporalio/workflow';
import { CalendarQueue, type Turn } from './calendar-queue.ts';

/**
 * Running work of a sync: turns of calendars, and refreshes of calendar lists. A task has to handle its own
 * failures; an error that escapes from one, usually a cancellation, ends the run.
 */
export class SyncTurns {
  readonly queue = new CalendarQueue();
  /** The pass that began the refresh, by account ID. */
  private readonly refreshes = new Map<string, number>();
  private failure: { error: unknown } | undefined;
  private hasChanged = false;
  private alarmAt = Infinity;

  get isIdle(): boolean {
    return this.queue.running === 0 && this.refreshes.size === 0;
  }

  /** Begins the turn of every calendar that may have it now. */
  begin(task: (turn: Turn) => Promise<void>): void {
    for (const turn of this.queue.next(Date.now()))
      this.run(task(turn), () => this.queue.end(turn.calendarId));
  }

  /** Whether a calendar list is being refreshed that this pass or an earlier one found due. */
  isRefreshing(pass: number): boolean {
    return [...this.refreshes.values()].some((began) => began <= pass);
  }

  /** Refreshes the list of an account. False: a refresh of it is running already. */
  refresh(accountId: string, pass: number, task: () => Promise<void>): boolean {
    if (this.refreshes.has(accountId)) return false;
    this.refreshes.set(accountId, pass);
    this.run(task(), () => this.refreshes.delete(accountId));
    return true;
  }

  /** Ends the wait of `change`. */
  wake(): void {
    this.hasChanged = true;
  }

  /** Returns when work has ended, a request has arrived, or a delayed turn may begin. */
  async change(): Promise<void> {
    this.setAlarm();
    await condition(() => this.hasChanged);
    this.hasChanged = false;
    if (this.failure !== undefined) throw this.failure.error;
  }

  private run(work: Promise<void>, onEnd: () => void): void {
    void work
      .catch((error: unknown) => {
        this.failure ??= { error };
      })
      .finally(() => {
        onEnd();
        this.wake();
      });
  }

  /** One timer at a time, and only for a delayed turn: a timer costs two events and a billed action. */
  private setAlarm(): void {
    const now = Date.now();
    const at = this.queue.wakeAt(now);
    if (at === undefined || this.alarmAt <= at) return;
    this.alarmAt = at;
    this.run(sleep(at - now, { summary: 'until a calendar may have its next turn' }), () => {
      if (this.alarmAt === at) this.alarmAt = Infinity;
    });
  }
}
