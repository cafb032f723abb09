import type { SyncMode, SyncRequest } from '../contracts/sync.ts';

/** Calendars that callers may name before they are taken to mean all: nobody checks that there are so many. */
const MOST_NAMED = 1_000;
/** IDs in one request: what a request may name, also where a run hands it to its successor. */
const NAMED_PER_REQUEST = 1_000;

/** A full sync includes an incremental one. */
export function widerMode(one: SyncMode | null | undefined, other: SyncMode): SyncMode {
  return one === 'full' ? 'full' : other;
}

/**
 * What has been asked for, in as much memory as there are calendars: a thousand requests for everything are one. A
 * request says what it wants and nothing about who wants it, so no order is kept.
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

  /** Nothing but named calendars is wanted: no calendar list is refreshed for them. */
  get namesItsCalendars(): boolean {
    return this.all === null;
  }

  /** Adds a request from outside, which may name calendars that do not exist. */
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

  /** Empties it into another. */
  take(): SyncRequests {
    const taken = new SyncRequests(this.toList());
    this.all = null;
    this.named.clear();
    return taken;
  }

  /** The same as requests: at most one for everything, and two for each thousand calendars. */
  toList(): SyncRequest[] {
    return [...(this.all === null ? [] : [{ mode: this.all }]), ...namedRequests(this.named)];
  }

  private put({ mode, calendarIds }: SyncRequest): void {
    // A client in another language may write null for nothing.
    if ((calendarIds ?? null) === null) this.all = widerMode(this.all, mode);
    for (const id of calendarIds ?? []) {
      const calendarId = id.toLowerCase();
      this.named.set(calendarId, widerMode(this.named.get(calendarId), mode));
    }
  }
}

/** Requests for calendars by name, as few as can be. */
export function namedRequests(calendars: ReadonlyMap<string, SyncMode>): SyncRequest[] {
  return (['full', 'incremental'] as const).flatMap((mode) => {
    const calendarIds = [...calendars].flatMap(([id, wanted]) => (wanted === mode ? [id] : []));
    return Array.from({ length: Math.ceil(calendarIds.length / NAMED_PER_REQUEST) }, (_, index) => ({
      mode,
      calendarIds: calendarIds.slice(index * NAMED_PER_REQUEST, (index + 1) * NAMED_PER_REQUEST),
    }));
  });
}
