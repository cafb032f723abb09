import type { CalendarStore } from '../state/calendar-store.ts';
import type { EventRecord, EventVersion } from '../state/types.ts';
import type { ListQuery } from './list-query.ts';
import { matchesQuery } from './matches.ts';

/** One place of a listing. A hidden one counts for the page size but is not sent, as with Google. */
export interface ListedEvent {
  record?: EventRecord;
  version: EventVersion;
  hidden: boolean;
  /** Position after which the listing continues. */
  position: number;
}

/** Masters, exceptions and single events as of a snapshot, in listing order. */
export function* fullListing(
  store: CalendarStore,
  query: ListQuery,
  snapshot: number,
  fromPosition: number,
): Generator<ListedEvent> {
  const wantsDeleted = query.showDeleted || query.updatedMinMs !== undefined;
  for (let i = fromPosition; i < store.order.length; i++) {
    const record = store.order[i]!;
    const version = store.versionAt(record, snapshot);
    if (!version || !matchesQuery(version.resource, query, store.timeZone)) continue;
    const hidden = !wantsDeleted && isGone(store, version, snapshot);
    yield { record, version, hidden, position: i + 1 };
  }
}

/** Events changed after `afterSeq`, each once with its state at the snapshot. */
export function* changedListing(
  store: CalendarStore,
  query: ListQuery,
  snapshot: number,
  afterSeq: number,
): Generator<ListedEvent> {
  for (const { record, version } of store.changes(afterSeq, snapshot)) {
    if (!matchesQuery(version.resource, query, store.timeZone)) continue;
    const ended = lostItsSeries(store, version, snapshot);
    yield {
      record,
      version: ended ? asCancelled(version) : version,
      hidden: false,
      position: version.seq,
    };
  }
}

/**
 * Whether a listing without showDeleted leaves this event out. Cancelled exceptions of a live series stay in.
 */
function isGone(store: CalendarStore, version: EventVersion, snapshot: number): boolean {
  if (lostItsSeries(store, version, snapshot)) return true;
  const { status, recurringEventId } = version.resource;
  return status === 'cancelled' && (recurringEventId === undefined || version.orphaned === true);
}

/** Whether the event is an exception of a series that is deleted. */
export function lostItsSeries(store: CalendarStore, version: EventVersion, snapshot: number): boolean {
  const masterId = version.resource.recurringEventId;
  const master = masterId === undefined ? undefined : store.records.get(masterId);
  return master !== undefined && store.versionAt(master, snapshot)?.resource.status === 'cancelled';
}

function asCancelled(version: EventVersion): EventVersion {
  return { ...version, resource: { ...version.resource, status: 'cancelled' } };
}
