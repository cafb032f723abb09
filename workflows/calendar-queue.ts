import type { SyncMode } from '../contracts/sync.ts';
import { widerMode } from './sync-requests.ts';

/** Calendars of a workspace that are synced side by side: Google counts requests per user. */
const CALENDARS_AT_ONCE = 4;
/** A calendar that takes longer is being retried, most likely: it gives up its place to those that wait. */
const SLOW_AFTER_MS = 5_000;
/** With those that have given up their place: the server allows 2,000 open activities to a run. */
const MOST_IN_FLIGHT = 100;
/** From one beginning to the next of the same calendar; doubles each time, up to the longest. */
const FIRST_GAP_MS = 1_000;
const LONGEST_GAP_MS = 30_000;

interface Waiting {
  mode: SyncMode;
  /** The pass that asked first. */
  pass: number;
}

/** A calendar whose turn it is. */
export interface Turn {
  calendarId: string;
  mode: SyncMode;
  /** Counts the turns of this calendar in this run, from 0: the fence orders its listings by it. */
  turn: number;
}

/**
 * Which calendars wait for their turn, and which have it. A calendar has one turn at a time; asked for during its
 * turn, it gets one more. Times are milliseconds.
 */
export class CalendarQueue {
  private readonly waiting = new Map<string, Waiting>();
  /** With the time at which the turn began. */
  private readonly inFlight = new Map<string, number>();
  private readonly turns = new Map<string, { count: number; beganAt: number }>();

  /** Turns that have begun. */
  get begun(): number {
    return [...this.turns.values()].reduce((sum, { count }) => sum + count, 0);
  }

  get running(): number {
    return this.inFlight.size;
  }

  /** Calendars that wait or have their turn; one that does both counts twice. */
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
    for (const [calendarId, { mode }] of this.waiting) {
      if (!this.hasRoom(now)) break;
      if (this.inFlight.has(calendarId) || this.readyAt(calendarId) > now) continue;
      const turn = this.turns.get(calendarId)?.count ?? 0;
      this.waiting.delete(calendarId);
      this.inFlight.set(calendarId, now);
      this.turns.set(calendarId, { count: turn + 1, beganAt: now });
      begun.push({ calendarId, mode, turn });
    }
    return begun;
  }

  end(calendarId: string): void {
    this.inFlight.delete(calendarId);
  }

  /** When time alone lets another turn begin; undefined where it does not. */
  wakeAt(now: number): number | undefined {
    const idle = [...this.waiting.keys()].filter((id) => !this.inFlight.has(id));
    if (idle.length === 0 || this.inFlight.size >= MOST_IN_FLIGHT) return undefined;
    const ready = Math.min(...idle.map((id) => this.readyAt(id)));
    if (this.hasRoom(now)) return ready;
    const slow = [...this.inFlight.values()].map((beganAt) => beganAt + SLOW_AFTER_MS);
    return Math.max(ready, Math.min(...slow.filter((at) => at > now)));
  }

  /** Some calendar is being retried, most likely. */
  isSlow(now: number): boolean {
    return this.quick(now) < this.inFlight.size;
  }

  /** What has not had its turn. */
  unserved(): Map<string, SyncMode> {
    return new Map([...this.waiting].map(([calendarId, { mode }]) => [calendarId, mode]));
  }

  /** Passes before this one have been served. */
  oldestPass(): number {
    return Math.min(...[...this.waiting.values()].map(({ pass }) => pass));
  }

  private hasRoom(now: number): boolean {
    return this.quick(now) < CALENDARS_AT_ONCE && this.inFlight.size < MOST_IN_FLIGHT;
  }

  /** Calendars that hold a place. */
  private quick(now: number): number {
    return [...this.inFlight.values()].filter((beganAt) => beganAt + SLOW_AFTER_MS > now).length;
  }

  private readyAt(calendarId: string): number {
    const last = this.turns.get(calendarId);
    if (last === undefined) return 0;
    return last.beganAt + Math.min(FIRST_GAP_MS * 2 ** (last.count - 1), LONGEST_GAP_MS);
  }
}
