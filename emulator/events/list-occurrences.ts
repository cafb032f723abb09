import { instanceId } from '../recurrence/instance-id.ts';
import { buildInstance, unmodifiedInstances } from '../recurrence/instances.ts';
import { seriesStarts, type StartRange } from '../recurrence/expand.ts';
import { eventTimeMs } from '../recurrence/event-time.ts';
import type { CalendarStore } from '../state/calendar-store.ts';
import type { EventRecord, EventResource, EventVersion } from '../state/types.ts';
import type { ListQuery } from './list-query.ts';
import type { ListedEvent } from './list-sources.ts';
import { lostItsSeries } from './list-sources.ts';
import { instantMs, matchesQuery } from './matches.ts';

const DAY_MS = 86_400_000;

/** A complete singleEvents=true listing: single events, exceptions and every occurrence up to the horizon. */
export function occurrenceListing(
  store: CalendarStore,
  query: ListQuery,
  snapshot: number,
  afterSeq: number | undefined,
  horizonMs: number,
): ListedEvent[] {
  const items: ListedEvent[] = [];
  const wantsDeleted = query.showDeleted || query.updatedMinMs !== undefined || afterSeq !== undefined;
  const source = afterSeq === undefined ? allRecords(store, snapshot) : store.changes(afterSeq, snapshot);

  for (const { record, version } of source) {
    const add = (resource: EventResource) => {
      if (resource.status === 'cancelled' && !wantsDeleted) return;
      if (!matchesQuery(resource, query, store.timeZone)) return;
      items.push({ version: { seq: version.seq, resource }, hidden: false, position: items.length + 1 });
    };
    const range = rangeOf(version, query, horizonMs, store.timeZone);
    if (version.resource.recurrence) {
      if (version.resource.status !== 'cancelled') {
        for (const instance of unmodifiedInstances(store, record, version, range, snapshot)) add(instance);
      }
      if (afterSeq !== undefined) {
        for (const instance of vanished(store, record, version, range, afterSeq)) add(instance);
      }
    } else if (lostItsSeries(store, version, snapshot)) {
      if (afterSeq !== undefined) add({ ...version.resource, status: 'cancelled' });
    } else if (!version.orphaned || wantsDeleted) {
      add(version.resource);
    }
  }
  return ordered(items, query, store.timeZone);
}

/** The same order for every page; only `orderBy` changes it. */
export function ordered(items: ListedEvent[], query: ListQuery, zone: string): ListedEvent[] {
  if (query.orderBy === undefined) return items;
  const key =
    query.orderBy === 'updated'
      ? (item: ListedEvent) => Date.parse(item.version.resource.updated ?? '')
      : (item: ListedEvent) =>
          instantMs(item.version.resource.start ?? item.version.resource.originalStartTime ?? {}, zone);
  return items
    .map((item) => ({ item, at: key(item) }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }, i) => ({ ...item, position: i + 1 }));
}

function* allRecords(store: CalendarStore, snapshot: number) {
  for (const record of store.order) {
    const version = store.versionAt(record, snapshot);
    if (version) yield { record, version };
  }
}

function rangeOf(version: EventVersion, query: ListQuery, horizonMs: number, zone: string): StartRange {
  const { start = {}, end } = version.resource;
  const durationMs = eventTimeMs(end ?? start) - eventTimeMs(start);
  // A day of slack on both sides covers all-day dates in any zone; the exact filter runs on each occurrence.
  const fromMs = query.timeMinMs === undefined ? -Infinity : query.timeMinMs - durationMs - DAY_MS;
  const lastMs = Math.max(horizonMs, instantMs(start, zone) + 1);
  return { fromMs, toMs: query.timeMaxMs === undefined ? lastMs : query.timeMaxMs + DAY_MS };
}

/** Occurrences that the series had at the sync token and no longer has, as cancelled rows. */
function vanished(
  store: CalendarStore,
  record: EventRecord,
  version: EventVersion,
  range: StartRange,
  afterSeq: number,
): EventResource[] {
  const live = version.resource.status !== 'cancelled';
  const kept = new Set(live ? seriesStarts(version.resource, range) : []);
  const gone = new Map<string, EventResource>();
  const former = (record.formerShapes ?? []).filter((shape) => shape.replacedAtSeq > afterSeq);
  const shapes = [...former.map((shape) => shape.resource), ...(live ? [] : [version.resource])];
  for (const shape of shapes) {
    for (const startMs of seriesStarts(shape, range)) {
      if (kept.has(startMs)) continue;
      const id = instanceId(record.id, startMs, shape.start?.date !== undefined);
      gone.set(id, { ...buildInstance(shape, startMs, store.timeZone), status: 'cancelled' });
    }
  }
  return [...gone.values()];
}
