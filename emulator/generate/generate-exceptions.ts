import type { EventContext } from '../events/event-context.ts';
import { eventTimeAt, eventTimeMs } from '../recurrence/event-time.ts';
import { seriesStarts } from '../recurrence/expand.ts';
import { buildInstance } from '../recurrence/instances.ts';
import type { Random } from '../state/random.ts';
import type { EventResource } from '../state/types.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MAX_EXCEPTIONS = 3;
const CANCELLED_SHARE = 0.4;
/** Exceptions lie within this many days of the middle of the generated time. */
const REACH_DAYS = 120;

/** Moves or cancels a few occurrences of a series. */
export function addExceptions(
  context: EventContext,
  random: Random,
  master: EventResource,
  aroundMs: number,
): void {
  const { state, store } = context;
  const range = { fromMs: aroundMs - REACH_DAYS * DAY_MS, toMs: aroundMs + REACH_DAYS * DAY_MS };
  const starts = new Set(seriesStarts(master, range));
  const wanted = Math.min(random.integer(1, MAX_EXCEPTIONS), starts.size);
  for (let i = 0; i < wanted; i++) {
    const startMs = random.pick([...starts]);
    starts.delete(startMs);
    const instance = buildInstance(master, startMs, store.timeZone);
    const exception: EventResource =
      random.next() < CANCELLED_SHARE
        ? { ...instance, status: 'cancelled' }
        : moved(instance, random.integer(1, 30), store.timeZone);
    store.commit(exception, state.nowMs());
  }
}

/** Timed occurrences move by hours, all-day ones by days. */
function moved(instance: EventResource, steps: number, zone: string): EventResource {
  const { start = {}, end = {} } = instance;
  const byMs = steps * (start.date === undefined ? HOUR_MS : DAY_MS);
  return {
    ...instance,
    start: eventTimeAt(eventTimeMs(start) + byMs, start, zone),
    end: eventTimeAt(eventTimeMs(end) + byMs, end, zone),
    sequence: (instance.sequence ?? 0) + 1,
  };
}
