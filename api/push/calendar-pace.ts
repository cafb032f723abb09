import { setTimeout as sleep } from 'node:timers/promises';

/** Google sends one notification per change, and people make several in a row: one sync serves them. */
export const SIGNAL_GAP_MS = 1_000;
/** More notifications than that between two signals are no person's: the gap doubles while they go on. */
const MOST_OF_A_PERSON = 20;
const LONGEST_GAP_MS = 8_000;
/** What a workflow has not begun with by then will not come: it was ended from outside. */
const SIGNAL_LIFE_MS = 60_000;
const MOST_TRIES = 5;
const MOST_CALENDARS = 10_000;

interface Pace {
  /** When the last signal was sent, by the stopwatch of this process. */
  sentAtMs: number;
  /** The least time from that to the next one. */
  gapMs: number;
  /** Notifications since then. */
  notifications: number;
  /** The notification that the last signal was sent for, by the database's clock. */
  signalledFor: Date | null;
  /** A signal that is sent when the gap is over. */
  waiting: Promise<void> | null;
}

/** Sends a signal if there is still something to be signalled; answers for which notification. */
export type SendSignal = () => Promise<Date | null>;

/** Its listing, which will show every change so far, has not begun. */
function isOnItsWay({ signalledFor, sentAtMs }: Pace, listingStartedAt: Date | null): boolean {
  if (signalledFor === null || performance.now() - sentAtMs > SIGNAL_LIFE_MS) return false;
  return listingStartedAt === null || listingStartedAt < signalledFor;
}

/**
 * Spaces the signals of each calendar. What arrives less than the gap after a signal waits for one that is sent when
 * the gap is over, and whatever else arrives until then with it. Kept in memory: it may be lost, for the calendar is due.
 */
export class CalendarPace {
  private readonly paces = new Map<string, Pace>();
  private readonly closing = new AbortController();

  /**
   * A notification has come. Sends a signal at once where the gap is over, and then fails with what `send` fails with;
   * else later, on its own. Sends none where one is on its way to a listing that has not begun, or waits to be sent.
   */
  async notify(calendarId: string, listingStartedAt: Date | null, send: SendSignal): Promise<void> {
    const pace = this.paceOf(calendarId);
    pace.notifications += 1;
    if (pace.waiting !== null || isOnItsWay(pace, listingStartedAt)) return;
    const waitMs = pace.sentAtMs + pace.gapMs - performance.now();
    if (waitMs <= 0) return this.send(pace, send);
    pace.waiting = this.sendLater(pace, waitMs, send);
  }

  /** Sends what is waiting. */
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
    // From here on, what arrives may come too late for this one.
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
