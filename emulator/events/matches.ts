import { eventTimeMs } from '../recurrence/event-time.ts';
import { seriesStarts } from '../recurrence/expand.ts';
import { wallToEpochMs } from '../recurrence/zones.ts';
import type { EventResource, EventTime } from '../state/types.ts';
import type { ListQuery } from './list-query.ts';

/** Whether an event meets the filters of a listing; deletion is not a filter. */
export function matchesQuery(resource: EventResource, query: ListQuery, calendarZone: string): boolean {
  if (query.eventTypes.length > 0 && !query.eventTypes.includes(resource.eventType ?? 'default'))
    return false;
  if (query.iCalUID !== undefined && resource.iCalUID !== query.iCalUID) return false;
  if (query.updatedMinMs !== undefined && Date.parse(resource.updated ?? '') < query.updatedMinMs)
    return false;
  if (query.q !== undefined && !mentions(resource, query.q)) return false;
  const { private: own, shared } = resource.extendedProperties ?? {};
  if (!query.privateExtendedProperties.every((constraint) => hasProperty(own, constraint))) return false;
  if (!query.sharedExtendedProperties.every((constraint) => hasProperty(shared, constraint))) return false;
  return inWindow(resource, query.timeMinMs, query.timeMaxMs, query.timeZone ?? calendarZone);
}

/** Instant of a time; an all-day date begins at midnight in the calendar's zone. */
export function instantMs(time: EventTime, calendarZone: string): number {
  const ms = eventTimeMs(time);
  return time.date === undefined ? ms : wallToEpochMs(calendarZone, ms);
}

/** Whether an event, or any occurrence of a series, ends after `minMs` and starts before `maxMs`. */
export function inWindow(
  resource: EventResource,
  minMs = -Infinity,
  maxMs = Infinity,
  zone = 'UTC',
): boolean {
  if (minMs === -Infinity && maxMs === Infinity) return true;
  const start = resource.start ?? resource.originalStartTime;
  if (!start) return false;
  const startMs = instantMs(start, zone);
  const durationMs = instantMs(resource.end ?? start, zone) - startMs;
  if (resource.recurrence) {
    const skewMs = startMs - eventTimeMs(start);
    const range = { fromMs: minMs - durationMs - skewMs + 1, toMs: Math.min(maxMs - skewMs, 8e15) };
    return seriesStarts(resource, range).length > 0;
  }
  return startMs < maxMs && startMs + durationMs > minMs;
}

function mentions(resource: EventResource, text: string): boolean {
  const { summary, description, location, attendees } = resource;
  const people = (attendees ?? []).map(
    (attendee) => `${attendee.email} ${typeof attendee.displayName === 'string' ? attendee.displayName : ''}`,
  );
  return [summary, description, location, ...people].some((part) => part?.toLowerCase().includes(text));
}

function hasProperty(properties: Record<string, string> | undefined, constraint: string): boolean {
  const [key = '', ...value] = constraint.split('=');
  return properties?.[key] === value.join('=');
}
