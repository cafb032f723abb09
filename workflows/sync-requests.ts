import type { SyncRequest } from '../contracts/sync.ts';
import type { SyncMode } from '../contracts/sync-modes.ts';
import { MAX_CALENDAR_IDS } from '../contracts/limits.ts';

/** Most calendars named by requests. Beyond it they mean all: IDs in signals are not checked to exist. */
const MOST_NAMED = 1_000;

/** A full sync includes an incremental one. */
export function widerMode(one: SyncMode | null | undefined, other: SyncMode): SyncMode {
  return one === 'full' ? 'full' : other;
}

/**
 * Coalesced requests: at most one entry per calendar, and a thousand requests for everything become one.
 * Requests do not name their callers, so their order does not matter.
 */
export class SyncRequests {
  private all: SyncMode | null = null;
  private readonly named = new Map<string, SyncMode>();

  constructor(requests: readonly SyncRequest[] = []) {
    for (const request of requests) this.put(request);
  }

  get isEmpty(): boolean {
    return this.all === null && this.named.size === 0;
  }

  /** Whether only named calendars are requested: then no calendar list is refreshed. */
  get namesItsCalendars(): boolean {
    return this.all === null;
  }

  /** Adds a request of a caller, which may name calendars that do not exist. */
  ask(request: SyncRequest): void {
    this.put(request);
    if (this.named.size <= MOST_NAMED) return;
    for (const mode of this.named.values()) this.all = widerMode(this.all, mode);
    this.named.clear();
  }

  modeFor(calendarId: string): SyncMode | null {
    const named = this.named.get(calendarId);
    if (named === undefined) return this.all;
    return widerMode(this.all, named);
  }

  /** Moves all requests into a new instance. */
  take(): SyncRequests {
    const taken = new SyncRequests(this.toList());
    this.all = null;
    this.named.clear();
    return taken;
  }

  /** The requests as a list: at most one for everything, and few for named calendars, 1,000 IDs each. */
  toList(): SyncRequest[] {
    return [...(this.all === null ? [] : [{ mode: this.all }]), ...namedRequests(this.named)];
  }

  private put({ mode, calendarIds }: SyncRequest): void {
    // Clients in other languages may send null for an absent field.
    if ((calendarIds ?? null) === null) this.all = widerMode(this.all, mode);
    for (const id of calendarIds ?? []) {
      const calendarId = id.toLowerCase();
      this.named.set(calendarId, widerMode(this.named.get(calendarId), mode));
    }
  }
}

/** The fewest requests that name all of `calendars`. */
export function namedRequests(calendars: ReadonlyMap<string, SyncMode>): SyncRequest[] {
  return (['full', 'incremental'] as const).flatMap((mode) => {
    const calendarIds = [...calendars].flatMap(([id, wanted]) => (wanted === mode ? [id] : []));
    return Array.from({ length: Math.ceil(calendarIds.length / MAX_CALENDAR_IDS) }, (_, index) => ({
      mode,
      calendarIds: calendarIds.slice(index * MAX_CALENDAR_IDS, (index + 1) * MAX_CALENDAR_IDS),
    }));
  });
}
