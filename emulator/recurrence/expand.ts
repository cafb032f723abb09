import type { EventResource } from '../state/types.ts';
import { eventTimeMs } from './event-time.ts';
import { parseRule, ruleBetween } from './rule.ts';
import { parseRecurrenceLines, type RecurrenceLines } from './recurrence-lines.ts';
import { epochToWallMs, wallToEpochMs } from './zones.ts';

const DAY_MS = 86_400_000;
/** Default end of the expansion of an endless series. */
const END_OF_TIME_MS = Date.UTC(2100, 0, 1);

/** A span of original starts, milliseconds; `toMs` is exclusive. */
export interface StartRange {
  fromMs: number;
  toMs: number;
}

/**
 * Original starts of a series inside a range, ascending: instants in milliseconds, all-day starts as midnight
 * UTC. The start of the event itself always counts as the first occurrence unless an EXDATE removes it.
 */
export function seriesStarts(master: EventResource, range: StartRange): number[] {
  const clock = clockOf(master);
  const lines = parseRecurrenceLines(master.recurrence ?? [], clock.zone);
  const toMs = Math.min(range.toMs, END_OF_TIME_MS);
  const starts = new Set<number>();
  const add = (ms: number) => {
    if (ms >= range.fromMs && ms < toMs) starts.add(ms);
  };

  add(clock.startMs);
  for (const ms of lines.rdates) add(ms);
  for (const rule of lines.rules) {
    for (const ms of ruleStarts(rule, clock, range.fromMs, toMs)) add(ms);
  }
  for (const rule of lines.exrules) {
    for (const ms of ruleStarts(rule, clock, range.fromMs, toMs)) starts.delete(ms);
  }
  for (const ms of starts) {
    if (isExcluded(ms, lines, clock.zone)) starts.delete(ms);
  }
  return [...starts].toSorted((a, b) => a - b);
}

/** Whether the series has an occurrence that originally starts at exactly this moment. */
export function seriesHasStart(master: EventResource, startMs: number): boolean {
  return seriesStarts(master, { fromMs: startMs, toMs: startMs + 1 }).length > 0;
}

interface SeriesClock {
  startMs: number;
  /** Zone in which the rule is expanded; UTC for all-day series, whose dates have no zone. */
  zone: string;
}

function clockOf(master: EventResource): SeriesClock {
  const start = master.start ?? {};
  return {
    startMs: eventTimeMs(start),
    zone: start.date === undefined ? (start.timeZone ?? 'UTC') : 'UTC',
  };
}

function ruleStarts(rule: string, clock: SeriesClock, fromMs: number, toMs: number): number[] {
  const startWall = epochToWallMs(clock.zone, clock.startMs);
  const { until, options } = readRule(rule, clock.zone);
  const rhythm = {
    ...options,
    dtstart: new Date(startWall),
    until: until === undefined ? null : new Date(until),
  };
  const after = new Date(epochToWallMs(clock.zone, Math.max(fromMs, clock.startMs)) - DAY_MS);
  const before = new Date(epochToWallMs(clock.zone, toMs) + DAY_MS);
  return ruleBetween(rhythm, after, before).map((wall) =>
    // The series itself may begin in the second of two equal hours.
    wall.getTime() === startWall ? clock.startMs : wallToEpochMs(clock.zone, wall.getTime()),
  );
}

/** UNTIL becomes wall time, because the library runs on wall time throughout; a bare date is its midnight. */
function readRule(rule: string, zone: string) {
  const match = /UNTIL=(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?/i.exec(rule);
  const options = parseRule(rule.replace(/;?UNTIL=[^;]*/i, '').replace(/^;/, ''));
  if (!match) return { options, until: undefined };
  const [, y, m, d, hh, mm, ss, utc] = match;
  const day = Date.UTC(Number(y), Number(m) - 1, Number(d));
  if (hh === undefined) return { options, until: day };
  const moment = day + ((Number(hh) * 60 + Number(mm)) * 60 + Number(ss)) * 1000;
  return { options, until: utc ? epochToWallMs(zone, moment) : moment };
}

function isExcluded(ms: number, lines: RecurrenceLines, zone: string): boolean {
  if (lines.exdates.has(ms)) return true;
  if (lines.exdays.size === 0) return false;
  const wall = epochToWallMs(zone, ms);
  return lines.exdays.has(wall - (((wall % DAY_MS) + DAY_MS) % DAY_MS));
}
