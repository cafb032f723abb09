import { instantMs } from '../events/matches.ts';
import { formatInstant } from '../recurrence/zones.ts';
import type { CalendarStore } from '../state/calendar-store.ts';
import type { EventResource } from '../state/types.ts';
import { occurrencesBetween } from './occurrences.ts';

/** Busy times, merged and clipped to the range, with the offset of the calendar's zone. */
export function busyIntervals(
  store: CalendarStore,
  fromMs: number,
  toMs: number,
): { start: string; end: string }[] {
  const zone = store.timeZone;
  const merged: { startMs: number; endMs: number }[] = [];
  for (const occurrence of occurrencesBetween(store, fromMs, toMs)) {
    if (!isBusy(occurrence)) continue;
    const startMs = Math.max(instantMs(occurrence.start!, zone), fromMs);
    const endMs = Math.min(instantMs(occurrence.end!, zone), toMs);
    // An event without duration takes no time.
    if (endMs <= startMs) continue;
    const last = merged.at(-1);
    if (last && startMs <= last.endMs) last.endMs = Math.max(last.endMs, endMs);
    else merged.push({ startMs, endMs });
  }
  return merged.map(({ startMs, endMs }) => ({
    start: formatInstant(startMs, zone),
    end: formatInstant(endMs, zone),
  }));
}

/**
 * An absent `transparency` means opaque, for all-day events as well. Tentative events, and invitations
 * answered with "maybe" or not at all, are busy. Working locations and birthdays are never busy: Google makes
 * both transparent.
 */
function isBusy({ transparency, eventType, attendees }: EventResource): boolean {
  if (transparency === 'transparent') return false;
  if (eventType === 'workingLocation' || eventType === 'birthday') return false;
  return !attendees?.some(({ self, responseStatus }) => self && responseStatus === 'declined');
}
