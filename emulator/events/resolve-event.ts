import { notFound } from '../http/google-error.ts';
import { seriesHasStart } from '../recurrence/expand.ts';
import { parseInstanceId } from '../recurrence/instance-id.ts';
import { buildInstance } from '../recurrence/instances.ts';
import type { CalendarStore } from '../state/calendar-store.ts';
import type { EventRecord, EventResource } from '../state/types.ts';
import { lostItsSeries } from './list-sources.ts';

/** An event as found by ID: stored, or an occurrence that exists only as part of its series. */
interface ResolvedEvent {
  resource: EventResource;
  record?: EventRecord;
}

/**
 * Finds an event, an exception or an unmodified occurrence. Deleted ones are found too, with status
 * `cancelled`.
 */
export function resolveEvent(store: CalendarStore, id: string): ResolvedEvent {
  const record = store.records.get(id);
  if (record && !record.current.orphaned) {
    const { resource } = record.current;
    return lostItsSeries(store, record.current, store.seq)
      ? { record, resource: { ...resource, status: 'cancelled' } }
      : { record, resource };
  }
  const parsed = parseInstanceId(id);
  const master = parsed && store.records.get(parsed.masterId)?.current.resource;
  if (
    parsed &&
    master?.recurrence &&
    (master.start?.date !== undefined) === parsed.allDay &&
    seriesHasStart(master, parsed.startMs)
  ) {
    return { resource: buildInstance(master, parsed.startMs, store.timeZone) };
  }
  if (record) return { record, resource: record.current.resource };
  throw notFound();
}
