import type { EventRow } from './event-row.ts';
import { type EventTime, fromMs, isAllDay, toMs } from './event-time.ts';
import { hasStartBefore, startsAround } from './expand.ts';
import { DAY_MS } from '../contracts/durations.ts';
import { parseRecurrence, type RecurrenceSet } from './recurrence-set.ts';
import { anchorSeries, type SeriesAnchor } from './series-anchor.ts';
import {
  endLines,
  excludeStarts,
  moveInstant,
  moveLines,
  type SeriesMove,
  startOfDay,
} from './series-move.ts';
import { instantToWall, resolveTimeZone, wallToInstant } from './time-zone.ts';

/** Google's ID of an occurrence of a series: the key by which the mirror knows it. */
export { occurrenceKey as instanceId } from './expand.ts';

export interface SeriesRefusal {
  /**
   * - `no-such-occurrence`: the series' rules do not produce the occurrence, or it has been cancelled.
   * - `rule-needed`: the rule names days or times that the change makes wrong, so the caller has to give the
   *   new `recurrence`.
   */
  refusal: 'no-such-occurrence' | 'rule-needed';
}

export interface SeriesSplit {
  /** The series up to the split. */
  head: { recurrence: string[] };
  /** The series that continues it. Without lines, it is a single event. */
  tail: { start: EventTime; end: EventTime; recurrence: string[] };
  /** Changed occurrences after the split, and the original start of each in the tail. */
  moved: { exception: EventRow; originalStart: EventTime }[];
}

/** What a change gives besides times. */
export interface SeriesChange {
  /** Lines that replace those of the series, so that no rule has to move along. */
  recurrence?: readonly string[] | undefined;
  /** Another zone for the series to run in. */
  timeZone?: string | undefined;
}

const NO_SUCH_OCCURRENCE: SeriesRefusal = { refusal: 'no-such-occurrence' };
const RULE_NEEDED: SeriesRefusal = { refusal: 'rule-needed' };

/** The instant that an original start names. A series that was changed between timed and all-day keeps old ones. */
function originalMs(original: EventTime, anchor: SeriesAnchor): number {
  if (isAllDay(original) === anchor.allDay) return toMs(original);
  if (anchor.allDay && !isAllDay(original))
    return startOfDay(instantToWall(resolveTimeZone(original.timeZone, 'UTC'), toMs(original)));
  const timeOfDayMs = anchor.startWallMs - startOfDay(anchor.startWallMs);
  return wallToInstant(anchor.timeZone, toMs(original) + timeOfDayMs);
}

function readSeries(series: EventRow): { anchor: SeriesAnchor; set: RecurrenceSet; lines: string[] } | null {
  const anchor = anchorSeries(series);
  const lines = series.recurrence ?? [];
  return anchor && { anchor, set: parseRecurrence(lines, anchor), lines };
}

/**
 * A time in the zone of the series, in which its rules run, whatever zone it names itself. An all-day series has
 * no zone to keep.
 */
function inZoneOf(kept: EventTime | null, time: EventTime, timeZone: string | undefined): EventTime {
  return isAllDay(time) ? time : { ...time, timeZone: timeZone ?? zoneOf(kept) ?? time.timeZone };
}

/** An all-day event has whole days, at least one. */
function endAfter(start: EventTime, durationMs: number): EventTime {
  const allDay = isAllDay(start);
  const lastsMs = allDay ? Math.max(1, Math.ceil(durationMs / DAY_MS)) * DAY_MS : durationMs;
  return fromMs(toMs(start) + lastsMs, allDay, zoneOf(start));
}

function zoneOf(time: EventTime | null): string | null {
  return time === null || isAllDay(time) ? null : time.timeZone;
}

function wallOf(anchor: SeriesAnchor, ms: number): number {
  return instantToWall(anchor.timeZone, ms);
}

/**
 * Splits a series for "this and following": it ends before the occurrence, and another series continues it. A
 * change of the start moves all that follows by as much, on the wall clock. Null if there is no earlier
 * occurrence: then the change is one of the whole series.
 *
 * The occurrence itself is not among `moved`, even if it has been changed: the change is made to it.
 * @param exceptions all changed and cancelled occurrences of the series
 * @param newStart new start of the occurrence, if it changes; its zone does not count
 */
export function splitSeries(
  series: EventRow,
  originalStart: EventTime,
  exceptions: readonly EventRow[],
  newStart?: EventTime,
  change: SeriesChange = {},
): SeriesSplit | SeriesRefusal | null {
  const read = readSeries(series);
  if (!read) return NO_SUCH_OCCURRENCE;
  const { anchor, set, lines } = read;
  const splitMs = originalMs(originalStart, anchor);
  const known = exceptions.flatMap((exception) =>
    exception.originalStart ? [{ exception, ms: originalMs(exception.originalStart, anchor) }] : [],
  );
  const isCancelled = ({ exception }: (typeof known)[number]) => exception.status === 'cancelled';
  const cancelled = new Set(known.filter(isCancelled).map(({ ms }) => ms));
  if (cancelled.has(splitMs) || !startsAround(anchor, set, [splitMs]).has(splitMs)) return NO_SUCH_OCCURRENCE;
  const hasEarlier =
    known.some((one) => one.ms < splitMs && !isCancelled(one)) ||
    hasStartBefore(anchor, set, splitMs, (ms) => !cancelled.has(ms));
  if (!hasEarlier) return null;

  const unmoved = fromMs(splitMs, anchor.allDay, zoneOf(series.start));
  const start = inZoneOf(series.start, newStart ?? unmoved, change.timeZone);
  const end = inZoneOf(series.end, endAfter(start, anchor.durationMs), change.timeZone);
  const to = anchorSeries({ start, end });
  if (!to) return NO_SUCH_OCCURRENCE;
  const move: SeriesMove = {
    from: anchor,
    to,
    splitMs,
    shiftMs: to.startWallMs - wallOf(anchor, splitMs),
  };
  const recurrence = change.recurrence ? [...change.recurrence] : moveLines(lines, move);
  if (recurrence === null) return RULE_NEEDED;

  const later = known
    .filter(({ ms }) => ms > splitMs)
    .map((one) => ({ ...one, ms: moveInstant(move, one.ms) }));
  const starts = startsAround(
    to,
    parseRecurrence(recurrence, to),
    later.map(({ ms }) => ms),
  );
  const remaining = later.filter(({ ms }) => starts.has(ms));
  const hidden = remaining.filter(isCancelled).map(({ ms }) => ms);
  if (hidden.length > 0) recurrence.push(excludeStarts(hidden, to.allDay));
  return {
    head: { recurrence: endLines(lines, splitMs, anchor) },
    tail: { start, end, recurrence },
    moved: remaining
      .filter((one) => !isCancelled(one))
      .map(({ exception, ms }) => ({ exception, originalStart: fromMs(ms, to.allDay, zoneOf(start)) })),
  };
}

/**
 * New times of a whole series after one of its occurrences was moved and the person meant all. The series moves
 * by as much as the occurrence, on the wall clock, and gets its duration. The zones of the new times do not
 * count.
 */
export function editSeries(
  series: EventRow,
  originalStart: EventTime,
  newStart: EventTime,
  newEnd: EventTime,
  change: SeriesChange = {},
): { start: EventTime; end: EventTime; recurrence: string[] } | SeriesRefusal {
  const read = readSeries(series);
  if (!read || !series.start) return NO_SUCH_OCCURRENCE;
  const { anchor, set, lines } = read;
  const occurrenceMs = originalMs(originalStart, anchor);
  if (!startsAround(anchor, set, [occurrenceMs]).has(occurrenceMs)) return NO_SUCH_OCCURRENCE;

  const moved = inZoneOf(series.start, newStart, change.timeZone);
  const occurrence = anchorSeries({ start: moved, end: newEnd });
  if (!occurrence) return NO_SUCH_OCCURRENCE;
  const shiftMs = occurrence.startWallMs - wallOf(anchor, occurrenceMs);
  const moveStart: SeriesMove = { from: anchor, to: occurrence, splitMs: null, shiftMs };
  const start = fromMs(moveInstant(moveStart, anchor.startMs), occurrence.allDay, zoneOf(moved));
  const end = inZoneOf(series.end, endAfter(start, occurrence.durationMs), change.timeZone);
  const to = anchorSeries({ start, end });
  const recurrence = change.recurrence
    ? [...change.recurrence]
    : to && moveLines(lines, { ...moveStart, to });
  return recurrence ? { start, end, recurrence } : RULE_NEEDED;
}

/** Changed and cancelled occurrences that a series no longer has when it ends before one of its occurrences. */
export function exceptionsFrom(
  series: EventRow,
  originalStart: EventTime,
  exceptions: readonly EventRow[],
): EventRow[] {
  const read = readSeries(series);
  if (!read) return [];
  const from = originalMs(originalStart, read.anchor);
  return exceptions.filter(
    (exception) => exception.originalStart && originalMs(exception.originalStart, read.anchor) >= from,
  );
}
