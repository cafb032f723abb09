import type { CalendarStore } from '../state/calendar-store.ts';
import type { EventRecord, EventResource, EventVersion } from '../state/types.ts';
import { eventTimeAt, eventTimeMs } from './event-time.ts';
import { seriesStarts, type StartRange } from './expand.ts';
import { instanceId } from './instance-id.ts';

/** The unmodified occurrence of a series, as Google renders it. */
export function buildInstance(master: EventResource, startMs: number, renderZone: string): EventResource {
  const start = master.start!;
  const durationMs = eventTimeMs(master.end ?? start) - eventTimeMs(start);
  const { recurrence: _recurrence, ...shared } = master;
  return {
    ...shared,
    id: instanceId(master.id, startMs, start.date !== undefined),
    start: eventTimeAt(startMs, start, renderZone),
    end: eventTimeAt(startMs + durationMs, master.end ?? start, renderZone),
    recurringEventId: master.id,
    originalStartTime: eventTimeAt(startMs, start, renderZone),
  };
}

/** Moment that identifies an exception inside its series. */
export function originalStartMs(exception: EventResource): number {
  return eventTimeMs(exception.originalStartTime ?? {});
}

/**
 * Occurrences of a series without an exception whose original start is in the range, as of the change number
 * `snapshot`.
 */
export function unmodifiedInstances(
  store: CalendarStore,
  record: EventRecord,
  version: EventVersion,
  range: StartRange,
  snapshot: number,
): EventResource[] {
  const taken = new Set<number>();
  for (const child of store.childrenOf(record.id)) {
    const childVersion = store.versionAt(child, snapshot);
    if (childVersion && !childVersion.orphaned) taken.add(originalStartMs(childVersion.resource));
  }
  return seriesStarts(version.resource, range)
    .filter((startMs) => !taken.has(startMs))
    .map((startMs) => buildInstance(version.resource, startMs, store.timeZone));
}
