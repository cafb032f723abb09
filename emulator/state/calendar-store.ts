import { dropExpiredSnapshots, type OpenSnapshots } from './snapshots.ts';
import type { EventRecord, EventResource, EventVersion } from './types.ts';

/** First ETag number: the emulator's look like Google's, sixteen digits in quotes. */
const ETAG_BASE = 3_480_000_000_000_000;
/** Superseded entries of the change log are dropped once it is this much longer than the calendar. */
const LOG_SLACK = 10_000;

interface LogEntry {
  seq: number;
  record: EventRecord;
}

/** Properties of a calendar besides its events. */
export interface CalendarMeta {
  id: string;
  ownerEmail: string;
  /** OAuth client that has made it; absent: none. */
  clientId?: string;
  summary: string;
  description?: string;
  location?: string;
  timeZone: string;
  pushSupported: boolean;
  primary: boolean;
}

/**
 * The events of one calendar with its change log. Every commit takes the next change number; sync tokens name
 * one, and page tokens name the one their listing began at, so that a listing is a snapshot however long it
 * is paged through.
 */
export class CalendarStore {
  readonly records = new Map<string, EventRecord>();
  readonly order: EventRecord[] = [];
  readonly snapshots: OpenSnapshots = new Map();
  meta: CalendarMeta;
  seq = 0;
  /** Sync tokens of an older epoch answer 410. */
  tokenEpoch = 0;
  /** Page tokens of an older epoch answer 400. */
  pageEpoch = 0;
  updatedMs = 0;
  removed = false;
  /** Counts changes of name, description, place and zone. */
  metaVersion = 1;
  private log: LogEntry[] = [];
  private readonly children = new Map<string, Set<EventRecord>>();
  private readonly byICalUid = new Map<string, EventRecord>();

  constructor(meta: CalendarMeta) {
    this.meta = meta;
  }

  get timeZone(): string {
    return this.meta.timeZone;
  }

  /** Changes the calendar's properties. Does nothing if they are equal. */
  changeMeta(change: Partial<CalendarMeta>): void {
    const next = { ...this.meta, ...change };
    if (JSON.stringify(next) === JSON.stringify(this.meta)) return;
    this.meta = next;
    this.metaVersion += 1;
  }

  /** Makes `resource` the current state of its event and gives it an ETag. */
  commit(resource: EventResource, nowMs: number, orphaned = false): EventRecord {
    const seq = ++this.seq;
    this.updatedMs = nowMs;
    const version: EventVersion = {
      seq,
      resource: { kind: 'calendar#event', ...resource, etag: `"${ETAG_BASE + seq}"` },
      ...(orphaned && { orphaned }),
    };
    return this.restore(version, nowMs);
  }

  /** Puts a version with a known change number in place; used by `commit` and when saved state is loaded. */
  restore(version: EventVersion, nowMs: number): EventRecord {
    const { id, recurringEventId, iCalUID } = version.resource;
    let record = this.records.get(id);
    if (record) {
      this.keepForOpenSnapshots(record, nowMs);
      record.current = version;
    } else {
      record = { id, position: this.order.length, current: version, older: [] };
      this.records.set(id, record);
      this.order.push(record);
      if (iCalUID && !recurringEventId) this.byICalUid.set(iCalUID, record);
    }
    if (recurringEventId) {
      let siblings = this.children.get(recurringEventId);
      if (!siblings) this.children.set(recurringEventId, (siblings = new Set()));
      siblings.add(record);
    }
    this.log.push({ seq: version.seq, record });
    this.compactLog();
    return record;
  }

  /** Sorts the log after a load, which restores events in listing order. */
  finishRestoring(): void {
    this.log.sort((a, b) => a.seq - b.seq);
  }

  childrenOf(masterId: string): Iterable<EventRecord> {
    return this.children.get(masterId) ?? [];
  }

  findByICalUid(iCalUID: string): EventRecord | undefined {
    return this.byICalUid.get(iCalUID);
  }

  /** State of an event at a change number; undefined if it did not exist then. */
  versionAt(record: EventRecord, snapshot: number): EventVersion | undefined {
    if (record.current.seq <= snapshot) return record.current;
    return record.older.findLast((version) => version.seq <= snapshot);
  }

  /**
   * Events changed after `afterSeq` and up to `snapshot`, once each in the order of their last change by
   * then.
   */
  *changes(afterSeq: number, snapshot: number): Generator<{ record: EventRecord; version: EventVersion }> {
    for (let i = this.firstAfter(afterSeq); i < this.log.length; i++) {
      const { seq, record } = this.log[i]!;
      if (seq > snapshot) return;
      const version = this.versionAt(record, snapshot);
      if (version?.seq === seq) yield { record, version };
    }
  }

  private firstAfter(seq: number): number {
    let low = 0;
    let high = this.log.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.log[middle]!.seq <= seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private keepForOpenSnapshots(record: EventRecord, nowMs: number): void {
    if (this.snapshots.size === 0 && record.older.length === 0) return;
    dropExpiredSnapshots(this.snapshots, nowMs);
    const open = [...this.snapshots.keys()];
    record.older = [...record.older, record.current].filter((version, i, all) => {
      const nextSeq = all[i + 1]?.seq ?? Infinity;
      return open.some((snapshot) => version.seq <= snapshot && snapshot < nextSeq);
    });
  }

  private compactLog(): void {
    if (this.log.length < 2 * this.order.length + LOG_SLACK || this.snapshots.size > 0) return;
    this.log = this.log.filter((entry) => entry.record.current.seq === entry.seq);
  }
}
