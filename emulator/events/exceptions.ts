import { seriesHasStart } from '../recurrence/expand.ts';
import { buildInstance, originalStartMs } from '../recurrence/instances.ts';
import type { CalendarStore } from '../state/calendar-store.ts';
import type { EventRecord, EventResource } from '../state/types.ts';

/** Former rules kept per series, for listings of single occurrences since an old sync token. */
const MAX_FORMER_SHAPES = 20;

const rhythm = ({ start, recurrence }: EventResource) => JSON.stringify([start, recurrence]);

/** Whether two states of a series have different occurrences. */
export function rhythmChanged(former: EventResource, next: EventResource): boolean {
  return rhythm(former) !== rhythm(next);
}

/**
 * Brings the exceptions of a series in line after its rhythm changed. An exception whose original start the series no
 * longer produces is reset: it is gone, and only a tombstone tells of it. One whose original start comes back is written
 * out as an ordinary occurrence, so that a client that holds the tombstone learns of it.
 */
export function reconcileExceptions(
  store: CalendarStore,
  master: EventRecord,
  former: EventResource,
  nowMs: number,
): void {
  const shapes = [...(master.formerShapes ?? []), { replacedAtSeq: store.seq, resource: former }];
  master.formerShapes = shapes.slice(-MAX_FORMER_SHAPES);
  const series = master.current.resource;
  const updated = new Date(nowMs).toISOString();
  for (const child of store.childrenOf(master.id)) {
    const { resource, orphaned = false } = child.current;
    const startMs = originalStartMs(resource);
    const sameKind = (resource.originalStartTime?.date === undefined) === (series.start?.date === undefined);
    const produced = sameKind && series.recurrence !== undefined && seriesHasStart(series, startMs);
    if (orphaned && produced) {
      store.commit({ ...buildInstance(series, startMs, store.timeZone), id: child.id, updated }, nowMs);
    } else if (!orphaned && !produced) {
      store.commit({ ...resource, status: 'cancelled', updated }, nowMs, true);
    }
  }
}
