import type { SyncMode } from '../contracts/sync-modes.ts';
import { widerMode } from './sync-requests.ts';

/** Calendars of a workspace synced at once: Google limits requests per user. */
const CALENDARS_AT_ONCE = 4;
/** A calendar that takes longer is probably being retried, so it gives up its place to waiting ones. */
const SLOW_AFTER_MS = 5_000;
/** Limit that includes calendars without a place: the server allows a run 2,000 open activities. */
const MOST_IN_FLIGHT = 100;
/** Gap between two starts of the same calendar: doubles each time, up to the longest. */
const FIRST_GAP_MS = 1_000;
const LONGEST_GAP_MS = 30_000;

interface Waiting {
  mode: SyncMode;
  /** The first pass that asked for it. */
  pass: number;
}

/** A calendar whose turn it is. */
export interface Turn {
  calendarId: string;
  mode: SyncMode;
  /** Number of this turn of the calendar in this run, from 0: the fence orders listings by it. */
  turn: number;
}

/**
 * The calendars that wait for their turn, and those that have it. A calendar has one turn at a time; if
 * requested during its turn, it gets another. Times are milliseconds.
 */
export class CalendarQueue {
  private readonly waiting = new Map<string, Waiting>();
  /** Turns that have begun and not ended, by calendar ID. */
  private readonly inFlight = new Map<string, { beganAt: number; pass: number }>();
  private readonly turns = new Map<string, { count: number; beganAt: number }>();

  /** Number of turns that have begun. */
  get begun(): number {
    return [...this.turns.values()].reduce((sum, { count }) => sum + count, 0);
  }

  get running(): number {
    return this.inFlight.size;
  }

  /** Number of calendars that wait or have their turn; one that does both counts twice. */
  get outstanding(): number {
    return this.waiting.size + this.inFlight.size;
  }

  add(calendarId: string, mode: SyncMode, pass: number): void {
    const known = this.waiting.get(calendarId);
    this.waiting.set(calendarId, { mode: widerMode(known?.mode, mode), pass: known?.pass ?? pass });
  }

  remove(calendarId: string): void {
    this.waiting.delete(calendarId);
  }

  /** Begins the turns that may begin now. */
  next(now: number): Turn[] {
    const begun: Turn[] = [];
    for (const [calendarId, { mode, pass }] of this.waiting) {
      if (!this.hasRoom(now)) break;
      if (this.inFlight.has(calendarId) || this.readyAt(calendarId) > now) continue;
      const turn = this.turns.get(calendarId)?.count ?? 0;
      this.waiting.delete(calendarId);
      this.inFlight.set(calendarId, { beganAt: now, pass });
      this.turns.set(calendarId, { count: turn + 1, beganAt: now });
      begun.push({ calendarId, mode, turn });
    }
    return begun;
  }

  end(calendarId: string): void {
    this.inFlight.delete(calendarId);
  }

  /** Time at which another turn may begin although no turn has ended; undefined if there is none. */
  wakeAt(now: number): number | undefined {
    const idle = [...this.waiting.keys()].filter((id) => !this.inFlight.has(id));
    if (idle.length === 0 || this.inFlight.size >= MOST_IN_FLIGHT) return undefined;
    const ready = Math.min(...idle.map((id) => this.readyAt(id)));
    if (this.hasRoom(now)) return ready;
    const slow = [...this.inFlight.values()].map(({ beganAt }) => beganAt + SLOW_AFTER_MS);
    return Math.max(ready, Math.min(...slow.filter((at) => at > now)));
  }

  /** Whether some calendar is probably being retried. */
  isSlow(now: number): boolean {
    return this.quick(now) < this.inFlight.size;
  }

  /** Calendars that still wait for their turn. */
  unserved(): Map<string, SyncMode> {
    return new Map([...this.waiting].map(([calendarId, { mode }]) => [calendarId, mode]));
  }

  /**
   * Whether a calendar that is meant still waits for a turn, or has one, that this pass or an earlier one
   * asked for.
   */
  owes(pass: number, isMeant: (calendarId: string) => boolean): boolean {
    return [...this.waiting, ...this.inFlight].some(([id, turn]) => turn.pass <= pass && isMeant(id));
  }

  /** Oldest pass that is still waiting; all passes before it have been served. */
  oldestPass(): number {
    return Math.min(...[...this.waiting.values()].map(({ pass }) => pass));
  }

  private hasRoom(now: number): boolean {
    return this.quick(now) < CALENDARS_AT_ONCE && this.inFlight.size < MOST_IN_FLIGHT;
  }

  /** Number of calendars that hold a place. */
  private quick(now: number): number {
    return [...this.inFlight.values()].filter(({ beganAt }) => beganAt + SLOW_AFTER_MS > now).length;
  }

  private readyAt(calendarId: string): number {
    const last = this.turns.get(calendarId);
    if (last === undefined) return 0;
    return last.beganAt + Math.min(FIRST_GAP_MS * 2 ** (last.count - 1), LONGEST_GAP_MS);
  }
}
