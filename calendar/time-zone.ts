import { Temporal } from 'temporal-polyfill';
import { findZone } from './zone-name.ts';

/** A span of time in which a zone has one offset; `fromMs` inclusive, `untilMs` exclusive, both instants. */
interface OffsetSpan {
  fromMs: number;
  untilMs: number;
  offsetMs: number;
}

const NANOSECONDS_PER_MILLISECOND = 1_000_000;

/** Most recently used spans kept per zone: 64 years of a zone with summer time. */
const MAX_CACHED_SPANS = 128;

/**
 * No zone has ever jumped by more than a day, so a wall time this far from a jump has exactly one instant.
 */
const JUMP_MARGIN_MS = 2 * 86_400_000;

const spansByZone = new Map<string, OffsetSpan[]>();

/** The zone named by `name` in any spelling (see {@link findZone}), else by `fallback`, else UTC. */
export function resolveTimeZone(name: string | null | undefined, fallback: string): string {
  return (name ? findZone(name) : null) ?? findZone(fallback) ?? 'UTC';
}

function findSpan(timeZone: string, instantMs: number): OffsetSpan {
  const at = Temporal.Instant.fromEpochMilliseconds(instantMs).toZonedDateTimeISO(timeZone);
  const next = at.getTimeZoneTransition('next');
  // One millisecond later, because "previous" excludes the instant itself and a span begins at its
  // transition.
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
  // The most recently used span comes first, because neighbouring occurrences nearly always share it.
  if (index > 0) spans.splice(index, 1);
  if (index !== 0) spans.unshift(span);
  if (spans.length > MAX_CACHED_SPANS) spans.pop();
  return span;
}

/** Wall time of a zone at an instant, as if it were UTC. */
export function instantToWall(timeZone: string, instantMs: number): number {
  return timeZone === 'UTC' ? instantMs : instantMs + offsetSpan(timeZone, instantMs).offsetMs;
}

/**
 * The instant at which the wall clock shows `wallMs`. A skipped time moves forward by the gap (02:30 becomes
 * 03:30), and a repeated time is the first of the two (RFC 5545 3.3.5). Google does not document its
 * behaviour.
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
