import { Temporal } from 'temporal-polyfill';

/** A stretch of time in which a zone keeps one offset; `fromMs` inclusive, `untilMs` exclusive, both instants. */
interface OffsetSpan {
  fromMs: number;
  untilMs: number;
  offsetMs: number;
}

const ZONE_NAME = /^[A-Za-z][A-Za-z0-9_+/-]*$/;
const NANOSECONDS_PER_MILLISECOND = 1_000_000;

/** Names come from outside, so the cache of verdicts is emptied when it grows past this. IANA has about 600. */
const MAX_CACHED_ZONE_NAMES = 2_000;

/** No zone ever jumped by more than a day, so a wall time this far from a jump has exactly one instant. */
const JUMP_MARGIN_MS = 2 * 86_400_000;

const knownZoneNames = new Map<string, boolean>();
const spansByZone = new Map<string, OffsetSpan[]>();

function isTimeZone(name: string): boolean {
  const known = knownZoneNames.get(name);
  if (known !== undefined) return known;
  let valid = false;
  if (ZONE_NAME.test(name)) {
    try {
      Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
      valid = true;
    } catch {
      // Not a zone this runtime knows.
    }
  }
  if (knownZoneNames.size >= MAX_CACHED_ZONE_NAMES) knownZoneNames.clear();
  knownZoneNames.set(name, valid);
  return valid;
}

/** `name` if it is an IANA zone, else `fallback` if that is one, else UTC. */
export function resolveTimeZone(name: string | null | undefined, fallback: string): string {
  if (name && isTimeZone(name)) return name;
  return isTimeZone(fallback) ? fallback : 'UTC';
}

function findSpan(timeZone: string, instantMs: number): OffsetSpan {
  const at = Temporal.Instant.fromEpochMilliseconds(instantMs).toZonedDateTimeISO(timeZone);
  const next = at.getTimeZoneTransition('next');
  // One millisecond later, because "previous" is strict and a span begins at its transition.
  const previous = at.add({ milliseconds: 1 }).getTimeZoneTransition('previous');
  return {
    fromMs: previous?.epochMilliseconds ?? -Infinity,
    untilMs: next?.epochMilliseconds ?? Infinity,
    offsetMs: Math.round(at.offsetNanoseconds / NANOSECONDS_PER_MILLISECOND),
  };
}

function offsetSpan(timeZone: string, instantMs: number): OffsetSpan {
  let spans = spansByZone.get(timeZone);
  if (!spans) spansByZone.set(timeZone, (spans = []));
  const index = spans.findIndex((span) => instantMs >= span.fromMs && instantMs < span.untilMs);
  const span = spans[index] ?? findSpan(timeZone, instantMs);
  // The last one used comes first: neighbouring occurrences nearly always share it.
  if (index > 0) spans.splice(index, 1);
  if (index !== 0) spans.unshift(span);
  return span;
}

/** What the clock on the wall shows at an instant, as if that wall clock were UTC. */
export function instantToWall(timeZone: string, instantMs: number): number {
  return timeZone === 'UTC' ? instantMs : instantMs + offsetSpan(timeZone, instantMs).offsetMs;
}

/**
 * The instant at which the wall clock shows `wallMs`. A time that is skipped moves forward by the gap (02:30 becomes
 * 03:30), one that comes twice is the first of the two: RFC 5545 3.3.5. What Google does is not documented.
 */
export function wallToInstant(timeZone: string, wallMs: number): number {
  if (timeZone === 'UTC') return wallMs;
  const span = offsetSpan(timeZone, wallMs);
  const instantMs = wallMs - span.offsetMs;
  if (instantMs >= span.fromMs + JUMP_MARGIN_MS && instantMs < span.untilMs - JUMP_MARGIN_MS)
    return instantMs;
  return Temporal.Instant.fromEpochMilliseconds(wallMs)
    .toZonedDateTimeISO('UTC')
    .toPlainDateTime()
    .toZonedDateTime(timeZone, { disambiguation: 'compatible' }).epochMilliseconds;
}
