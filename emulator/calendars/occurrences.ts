import { lostItsSeries } from '../events/list-sources.ts';
import { inWindow, instantMs } from '../events/matches.ts';
import { eventTimeMs } from '../recurrence/event-time.ts';
import { unmodifiedInstances } from '../recurrence/instances.ts';
import type { CalendarStore } from '../state/calendar-store.ts';
import type { EventResource } from '../state/types.ts';

const DAY_MS = 86_400_000;

/** Single events, exceptions and occurrences in a range, without deleted ones, ordered by start. */
export function occurrencesBetween(store: CalendarStore, fromMs: number, toMs: number): EventResource[] {
  const shown: EventResource[] = [];
  for (const record of store.order) {
    const { resource } = record.current;
    if (resource.status === 'cancelled' || lostItsSeries(store, record.current, store.seq)) continue;
    const candidates = resource.recurrence
      ? unmodifiedInstances(store, record, record.current, startsFor(resource, fromMs, toMs), store.seq)
      : [resource];
    shown.push(...candidates.filter((event) => inWindow(event, fromMs, toMs, store.timeZone)));
  }
  const at = (event: EventResource) => instantMs(event.start!, store.timeZone);
  return shown.toSorted((a, b) => at(a) - at(b));
}

/**
 * Original starts whose occurrence can reach into the range, with a day of slack for all-day dates in any
 * zone.
 */
function startsFor(master: EventResource, fromMs: number, toMs: number) {
  const durationMs = eventTimeMs(master.end!) - eventTimeMs(master.start!);
  return { fromMs: fromMs - durationMs - DAY_MS, toMs: toMs + DAY_MS };
}
