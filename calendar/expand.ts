import type { EventRow } from './event-row.ts';
import { type EventTime, formatDate, isAllDay, toMs } from './event-time.ts';
import { DAY_MS } from '../contracts/durations.ts';
import type { Expansion, Occurrence, PlainOccurrences } from './occurrence.ts';
import { ruleStarts } from './recurrence-rule.ts';
import { parseRecurrence, type RecurrenceSet } from './recurrence-set.ts';
import { anchorSeries, type SeriesAnchor } from './series-anchor.ts';
import { instantToWall, resolveTimeZone } from './time-zone.ts';

/**
 * The window for which occurrences are kept: UTC instants, `from` inclusive, `to` exclusive. An occurrence is
 * inside if any part of it is. An all-day date counts as that day in UTC, in every calendar.
 */
export interface Horizon {
  from: string;
  to: string;
}

interface Window {
  fromMs: number;
  toMs: number;
}

const LONGEST_WINDOW_MS = 400 * DAY_MS;

function parseHorizon(horizon: Horizon): Window {
  return { fromMs: Date.parse(horizon.from), toMs: Date.parse(horizon.to) };
}

function overlaps(startMs: number, endMs: number, window: Window): boolean {
  return startMs < window.toMs && (endMs > window.fromMs || (endMs === startMs && startMs >= window.fromMs));
}

/** Fields that an occurrence takes from its row: its exception's, if it has one, else the series'. */
function describe(row: EventRow) {
  return {
    googleEventId: row.googleEventId,
    title: row.title,
    status: row.status === 'tentative' ? ('tentative' as const) : ('confirmed' as const),
    traits: row.traits,
    eventType: row.eventType,
  };
}

/** The occurrence of a single event; empty if it is outside the horizon. */
export function expandSingle(row: EventRow, horizon: Horizon): Occurrence[] {
  const { start, end } = row;
  if (!start || !end || row.status === 'cancelled') return [];
  if (!overlaps(toMs(start), toMs(end), parseHorizon(horizon))) return [];
  const { googleEventId } = row;
  return [
    {
      ...describe(row),
      key: googleEventId,
      sourceEventId: googleEventId,
      originalStart: null,
      start,
      end,
      allDay: isAllDay(start),
    },
  ];
}

/**
 * Starts and durations of a series by its rules, without exceptions, in order.
 *
 * The first occurrence always shows, even if the rule does not name its day. RFC 5545 leaves that case open
 * and Google's behaviour is not documented; losing the occurrence that a person entered would be the worse
 * mistake. COUNT counts only starts that the rule names. The first occurrence is removed by EXDATE, or by an
 * UNTIL before it, which leaves an empty series.
 */
function plainStarts(anchor: SeriesAnchor, set: RecurrenceSet, window: Window): Map<number, number> {
  const { allDay, startMs, durationMs, timeZone } = anchor;
  const found: { startMs: number; durationMs: number }[] = [...set.additions];
  const ended =
    set.rules.length > 0 && set.rules.every((rule) => rule.untilMs !== null && rule.untilMs < startMs);
  if (!ended) found.push({ startMs, durationMs });

  const firstMs = window.fromMs - durationMs;
  for (const rule of set.rules) {
    for (const ruleStart of ruleStarts(rule, anchor, firstMs, window.toMs))
      found.push({ startMs: ruleStart, durationMs });
  }
  const excluded = new Set(set.exclusions);
  for (const rule of set.excludingRules) {
    for (const ruleStart of ruleStarts(rule, anchor, firstMs, window.toMs)) excluded.add(ruleStart);
  }

  const starts = new Map<number, number>();
  for (const one of found.toSorted((a, b) => a.startMs - b.startMs)) {
    if (starts.has(one.startMs) || excluded.has(one.startMs)) continue;
    if (!overlaps(one.startMs, one.startMs + one.durationMs, window)) continue;
    if (set.excludedWallDays.size > 0 && !allDay) {
      const wallMs = instantToWall(timeZone, one.startMs);
      if (set.excludedWallDays.has(Math.floor(wallMs / DAY_MS) * DAY_MS)) continue;
    }
    starts.set(one.startMs, one.durationMs);
  }
  return starts;
}

/**
 * The date of an `originalStart` in a series of the other form: a series that was changed from timed to
 * all-day, or back, keeps exceptions whose `originalStart` has the old form. Null if the forms agree.
 */
function originalDateAcrossForms(original: EventTime, allDay: boolean): string | null {
  if (isAllDay(original)) return allDay ? null : original.date;
  if (!allDay) return null;
  return formatDate(instantToWall(resolveTimeZone(original.timeZone, 'UTC'), toMs(original)));
}

/** Orders exceptions that claim the same occurrence: the last one wins. */
function claimOrder(a: EventRow, b: EventRow): number {
  const [first, second] = [a, b].map((row) => `${row.updated ?? ''} ${row.googleEventId}`);
  return first! < second! ? -1 : 1;
}

/** Indexes exceptions by the occurrence they replace; `current` holds one for each occurrence. */
function indexExceptions(exceptions: readonly EventRow[], anchor: SeriesAnchor) {
  const byStart = new Map<number, EventRow>();
  const byDate = new Map<string, EventRow>();
  const unnamed: EventRow[] = [];
  for (const row of exceptions.toSorted(claimOrder)) {
    const date = row.originalStart && originalDateAcrossForms(row.originalStart, anchor.allDay);
    if (!row.originalStart) unnamed.push(row);
    else if (date === null) byStart.set(toMs(row.originalStart), row);
    else byDate.set(date, row);
  }
  return {
    replaces: (startMs: number): boolean =>
      byStart.has(startMs) ||
      (byDate.size > 0 && byDate.has(formatDate(instantToWall(anchor.timeZone, startMs)))),
    current: [...byStart.values(), ...byDate.values(), ...unnamed],
  };
}

/** Key of an occurrence of a series within its calendar: see {@link Occurrence.key}. */
export function occurrenceKey(seriesId: string, original: EventTime): string {
  const text = isAllDay(original) ? original.date : original.dateTime;
  return `${seriesId}_${text.replaceAll(/[-:]/g, '')}`;
}

/** The occurrence that an exception shows; empty if it is cancelled or outside the window. */
function showException(row: EventRow, sourceEventId: string, window: Window): Occurrence[] {
  const { start, end, originalStart } = row;
  if (row.status === 'cancelled' || !start || !end || !overlaps(toMs(start), toMs(end), window)) return [];
  const key = originalStart ? occurrenceKey(sourceEventId, originalStart) : row.googleEventId;
  return [{ ...describe(row), key, sourceEventId, originalStart, start, end, allDay: isAllDay(start) }];
}

/**
 * All occurrences of a series inside the horizon, each once.
 *
 * - Expansion runs on the wall clock of the series' zone; a timed occurrence lasts as many hours as the first
 * one
 *   (RFC 5545 3.8.5.3: an end gives an *exact* duration), an all-day one as many days.
 * - An exception replaces the occurrence that its `originalStart` names; a cancelled one hides it. An
 * exception whose
 *   original start the rules do not produce shows as well: Google lists it, so it exists.
 * - A rule that cannot be parsed is ignored; without any rule, the first occurrence remains.
 */
export function expandSeries(series: EventRow, exceptions: EventRow[], horizon: Horizon): Expansion {
  const anchor = series.status === 'cancelled' ? null : anchorSeries(series);
  if (!anchor) return { plain: [], own: [], tooCostly: [] };
  const { allDay } = anchor;
  const window = parseHorizon(horizon);
  const { replaces, current } = indexExceptions(exceptions, anchor);
  const { googleEventId: sourceEventId, ...described } = describe(series);

  const plain = new Map<number, PlainOccurrences>();
  const set = parseRecurrence(series.recurrence ?? [], anchor);
  for (const [startMs, durationMs] of plainStarts(anchor, set, window)) {
    if (replaces(startMs)) continue;
    let alike = plain.get(durationMs);
    if (alike === undefined)
      plain.set(durationMs, (alike = { sourceEventId, allDay, ...described, startsMs: [], durationMs }));
    alike.startsMs.push(startMs);
  }
  const own = current.flatMap((row) => showException(row, sourceEventId, window));
  return { plain: [...plain.values()], own, tooCostly: set.isTooCostly ? [sourceEventId] : [] };
}

/**
 * Occurrences of a series that Google does not list: a guest of single occurrences gets those exceptions, but
 * never their series.
 */
export function expandOrphans(seriesId: string, exceptions: EventRow[], horizon: Horizon): Occurrence[] {
  const window = parseHorizon(horizon);
  return exceptions.toSorted(claimOrder).flatMap((row) => showException(row, seriesId, window));
}

/** Windows that hold all instants. None is much longer than a horizon, which bounds the cost of a series. */
function windowsAround(instants: readonly number[]): Window[] {
  const windows: Window[] = [];
  for (const ms of instants.toSorted((a, b) => a - b)) {
    const last = windows.at(-1);
    const reach = { fromMs: ms - 2 * DAY_MS, toMs: ms + 2 * DAY_MS };
    if (last === undefined || reach.fromMs > last.toMs || reach.toMs - last.fromMs > LONGEST_WINDOW_MS) {
      windows.push(reach);
    } else last.toMs = reach.toMs;
  }
  return windows;
}

/** Which starts a series has by its rules within two days of each instant. */
export function startsAround(
  anchor: SeriesAnchor,
  set: RecurrenceSet,
  instants: readonly number[],
): Set<number> {
  const starts = new Set<number>();
  for (const window of windowsAround(instants)) {
    for (const startMs of plainStarts(anchor, set, window).keys()) starts.add(startMs);
  }
  return starts;
}

/** Whether a series has a start by its rules before an instant that `counts` accepts. */
export function hasStartBefore(
  anchor: SeriesAnchor,
  set: RecurrenceSet,
  beforeMs: number,
  counts: (startMs: number) => boolean,
): boolean {
  const firstMs = Math.min(anchor.startMs, ...set.additions.map(({ startMs }) => startMs));
  for (let fromMs = firstMs; fromMs < beforeMs; fromMs += LONGEST_WINDOW_MS) {
    const window = { fromMs, toMs: Math.min(beforeMs, fromMs + LONGEST_WINDOW_MS) };
    for (const startMs of plainStarts(anchor, set, window).keys()) {
      if (startMs < beforeMs && counts(startMs)) return true;
    }
  }
  return false;
}

/**
 * Cancelled exceptions of a series that hide nothing, because its rules do not produce their original start.
 * They remain when a series is changed: Google then resets its exceptions by cancelling them. If kept, they
 * would hide occurrences after the next change of the series.
 */
export function idleCancellations(series: EventRow, cancelled: readonly EventRow[]): EventRow[] {
  const anchor = anchorSeries(series);
  const originals = cancelled.flatMap((row) => (row.originalStart ? [toMs(row.originalStart)] : []));
  if (!anchor || originals.length === 0) return [];
  const set = parseRecurrence(series.recurrence ?? [], anchor);
  // Which of them hide an occurrence is unknown.
  if (set.isTooCostly) return [];
  const starts = startsAround(anchor, set, originals);
  const dates = new Set([...starts].map((startMs) => formatDate(instantToWall(anchor.timeZone, startMs))));
  return cancelled.filter((row) => {
    if (!row.originalStart) return true;
    const date = originalDateAcrossForms(row.originalStart, anchor.allDay);
    return !(date === null ? starts.has(toMs(row.originalStart)) : dates.has(date));
  });
}
