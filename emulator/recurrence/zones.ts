import { Temporal } from 'temporal-polyfill';

interface OffsetSegment {
  untilMs: number;
  offsetMs: number;
}

const DAY_MS = 86_400_000;
const segmentsByZoneYear = new Map<string, OffsetSegment[]>();
const knownZones = new Map<string, boolean>();

/** Whether `zone` is an IANA time zone this runtime knows. */
export function isTimeZone(zone: string): boolean {
  let known = knownZones.get(zone);
  if (known === undefined) {
    try {
      const resolved = new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
      known = !/^[+-]\d/.test(resolved);
    } catch {
      known = false;
    }
    knownZones.set(zone, known);
  }
  return known;
}

/**
 * UTC offset in milliseconds that `zone` has at an instant. Cached by year: a calendar asks 100,000 times.
 */
function offsetMsAt(zone: string, epochMs: number): number {
  if (zone === 'UTC') return 0;
  const year = new Date(epochMs).getUTCFullYear();
  const key = `${zone}/${year}`;
  let segments = segmentsByZoneYear.get(key);
  if (!segments) {
    segments = segmentsOfYear(zone, year);
    segmentsByZoneYear.set(key, segments);
  }
  return segments.find((segment) => epochMs < segment.untilMs)!.offsetMs;
}

/**
 * Instant of a wall-clock time, both in milliseconds; `wallMs` is the wall time read as if it were UTC. A
 * time that a DST change skips moves forward by the gap; one that occurs twice is the earlier.
 */
export function wallToEpochMs(zone: string, wallMs: number): number {
  const before = offsetMsAt(zone, wallMs - DAY_MS);
  const after = offsetMsAt(zone, wallMs + DAY_MS);
  for (const offset of before >= after ? [before, after] : [after, before]) {
    if (offsetMsAt(zone, wallMs - offset) === offset) return wallMs - offset;
  }
  return wallMs - before;
}

/** Wall-clock time of an instant, as milliseconds read as if they were UTC. */
export function epochToWallMs(zone: string, epochMs: number): number {
  return epochMs + offsetMsAt(zone, epochMs);
}

/**
 * RFC 3339 with the offset of `zone` at that instant, whole seconds, `Z` for a zero offset as Google writes
 * it.
 */
export function formatInstant(epochMs: number, zone: string): string {
  const offset = offsetMsAt(zone, epochMs);
  const wall = new Date(epochMs + offset).toISOString().slice(0, 19);
  if (offset === 0) return `${wall}Z`;
  const minutes = Math.abs(Math.round(offset / 60_000));
  const hh = String(Math.floor(minutes / 60)).padStart(2, '0');
  return `${wall}${offset < 0 ? '-' : '+'}${hh}:${String(minutes % 60).padStart(2, '0')}`;
}

function segmentsOfYear(zone: string, year: number): OffsetSegment[] {
  const endMs = Date.UTC(year + 1, 0, 1);
  let moment = Temporal.Instant.fromEpochMilliseconds(Date.UTC(year, 0, 1)).toZonedDateTimeISO(zone);
  const segments: OffsetSegment[] = [];
  for (;;) {
    const next = moment.getTimeZoneTransition('next');
    const offsetMs = moment.offsetNanoseconds / 1e6;
    if (!next || next.epochMilliseconds >= endMs) {
      segments.push({ untilMs: Infinity, offsetMs });
      return segments;
    }
    segments.push({ untilMs: next.epochMilliseconds, offsetMs });
    moment = next;
  }
}
