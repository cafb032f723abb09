import { seriesHasStart } from '../recurrence/expand.ts';
import { buildInstance, originalStartMs } from '../recurrence/instances.ts';
import type { CalendarStore } from '../state/calendar-store.ts';
import type { EventRecord, EventResource } from '../state/types.ts';

/** Number of former rules kept per series, for listings of occurrences since an old sync token. */
const MAX_FORMER_SHAPES = 20;

const rhythm = ({ start, recurrence }: EventResource) => JSON.stringify([start, recurrence]);

/** Whether two states of a series have different occurrences. */
export function rhythmChanged(former: EventResource, next: EventResource): boolean {
  return rhythm(former) !== rhythm(next);
}

/**
 * Reconciles the exceptions of a series after its rhythm changed. If the series no longer produces an
 * exception's original start, the exception is replaced by a tombstone. If the original start comes back, it
 * is written as an ordinary occurrence, so that clients with the tombstone get it.
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
