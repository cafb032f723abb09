import { setTimeout as sleep } from 'node:timers/promises';

/** Google notifies once per change. People often make several changes in a row, which one sync covers. */
export const SIGNAL_GAP_MS = 1_000;
/** More notifications between two signals come from a program; the gap then doubles while they continue. */
const MOST_OF_A_PERSON = 20;
const LONGEST_GAP_MS = 8_000;
/** A signal that a workflow has not acted on by then is lost: the workflow was ended from outside. */
const SIGNAL_LIFE_MS = 60_000;
const MOST_TRIES = 5;
const MOST_CALENDARS = 10_000;

interface Pace {
  /** Time of the last signal, by the process's monotonic clock. */
  sentAtMs: number;
  /** Shortest time until the next signal. */
  gapMs: number;
  /** Notifications since the last signal. */
  notifications: number;
  /** Time of the notification that the last signal was sent for, by the database's clock. */
  signalledFor: Date | null;
  /** The signal that is sent when the gap is over. */
  waiting: Promise<void> | null;
}

/** Sends a signal if one is still needed. Returns the time of the notification it is for. */
export type SendSignal = () => Promise<Date | null>;

/** Whether the signalled listing, which will include every change so far, has not begun. */
function isOnItsWay({ signalledFor, sentAtMs }: Pace, listingStartedAt: Date | null): boolean {
  if (signalledFor === null || performance.now() - sentAtMs > SIGNAL_LIFE_MS) return false;
  return listingStartedAt === null || listingStartedAt < signalledFor;
}

/**
 * Spaces the signals of each calendar. Notifications that arrive within the gap after a signal share one
 * signal, sent when the gap is over. Kept in memory only: a lost signal does no harm, because the calendar is
 * due.
 */
export class CalendarPace {
  private readonly paces = new Map<string, Pace>();
  private readonly closing = new AbortController();

  /**
   * Handles a notification. If the gap is over, sends a signal at once and rejects if `send` does. Within the
   * gap, sends it later in the background. Sends none while one waits to be sent, or awaits a listing that
   * has not begun.
   */
  async notify(calendarId: string, listingStartedAt: Date | null, send: SendSignal): Promise<void> {
    const pace = this.paceOf(calendarId);
    pace.notifications += 1;
    if (pace.waiting !== null || isOnItsWay(pace, listingStartedAt)) return;
    const waitMs = pace.sentAtMs + pace.gapMs - performance.now();
    if (waitMs <= 0) return this.send(pace, send);
    pace.waiting = this.sendLater(pace, waitMs, send);
  }

  /** Sends the waiting signals. */
  async close(): Promise<void> {
    this.closing.abort();
    await Promise.allSettled([...this.paces.values()].map(async ({ waiting }) => waiting));
  }

  private async send(pace: Pace, send: SendSignal): Promise<void> {
    const isFlood = pace.notifications > MOST_OF_A_PERSON;
    pace.gapMs = isFlood ? Math.min(pace.gapMs * 2, LONGEST_GAP_MS) : SIGNAL_GAP_MS;
    pace.notifications = 0;
    pace.sentAtMs = performance.now();
    pace.signalledFor = null;
    pace.signalledFor = await send();
  }

  private async sendLater(pace: Pace, waitMs: number, send: SendSignal, tries = MOST_TRIES): Promise<void> {
    await this.pause(waitMs);
    // Notifications from here on may be too late for this signal.
    pace.waiting = null;
    try {
      await this.send(pace, send);
    } catch {
      if (tries === 1 || this.closing.signal.aborted) return;
      pace.waiting ??= this.sendLater(pace, Math.max(waitMs, SIGNAL_GAP_MS) * 2, send, tries - 1);
    }
  }

  private async pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.closing.signal, ref: false }).catch(() => undefined);
  }

  private paceOf(calendarId: string): Pace {
    let pace = this.paces.get(calendarId);
    if (pace === undefined) {
      if (this.paces.size >= MOST_CALENDARS) this.forgetIdle();
      pace = {
        sentAtMs: Number.NEGATIVE_INFINITY,
        gapMs: SIGNAL_GAP_MS,
        notifications: 0,
        signalledFor: null,
        waiting: null,
      };
      this.paces.set(calendarId, pace);
    }
    return pace;
  }

  private forgetIdle(): void {
    for (const [calendarId, { sentAtMs, waiting }] of this.paces) {
      if (waiting === null && performance.now() - sentAtMs > SIGNAL_LIFE_MS) this.paces.delete(calendarId);
    }
  }
}
