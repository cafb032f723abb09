import { parseDateValue } from './date-value.ts';
import { formatDate, formatInstant } from './event-time.ts';
import { DAY_MS } from '../contracts/durations.ts';
import { parseRule, type Rule } from './recurrence-rule.ts';
import { parseAddition, splitLine } from './recurrence-set.ts';
import { MOST_STEPS_PER_SERIES, StepMeter } from './rule-cost.ts';
import { parseRuleParts, type RuleParts } from './rule-parts.ts';
import { patternOf, withDefaultDays } from './rule-pattern.ts';
import { walkRule } from './rule-walk.ts';
import type { SeriesAnchor } from './series-anchor.ts';
import { instantToWall, wallToInstant } from './time-zone.ts';

/**
 * How a series continues from another first occurrence. Each of its times keeps its distance from the first
 * occurrence on the wall clock.
 */
export interface SeriesMove {
  from: SeriesAnchor;
  to: SeriesAnchor;
  /** Instant of the first occurrence that moves; null if the whole series moves. */
  splitMs: number | null;
  /** From the old wall clock to the new one. */
  shiftMs: number;
}

/** Starts that are compared to see whether a rule moves with its first occurrence: 100 years of a yearly one. */
const COMPARED_STARTS = 100;
/** Starts that are enough where a rule is so rare that looking for more would cost too much. */
const ENOUGH_STARTS = 10;
const COMPARED_STEPS = 100_000;
const LATEST_WALL_MS = Date.parse('3000-01-01T00:00:00Z');
/** End of the four-digit years, which an UNTIL can say. */
const LATEST_MS = Date.parse('9999-12-31T23:59:59Z');

export function startOfDay(wallMs: number): number {
  return Math.floor(wallMs / DAY_MS) * DAY_MS;
}

/** An instant, or for an all-day series a date, in iCalendar's notation: `20260105T090000Z`, `20260105`. */
export function dateText(ms: number, allDay: boolean): string {
  const text = allDay ? formatDate(ms) : formatInstant(ms);
  return text.replaceAll(/[-:]/g, '');
}

function staysInPlace({ from, to, shiftMs }: SeriesMove): boolean {
  return shiftMs === 0 && from.allDay === to.allDay && from.timeZone === to.timeZone;
}

/** The place of an instant of the series after the move. */
export function moveInstant(move: SeriesMove, ms: number): number {
  if (staysInPlace(move)) return ms;
  const wallMs = instantToWall(move.from.timeZone, ms) + move.shiftMs;
  return move.to.allDay ? startOfDay(wallMs) : wallToInstant(move.to.timeZone, wallMs);
}

function firstWallMs({ from, splitMs }: SeriesMove): number {
  return splitMs === null ? from.startWallMs : instantToWall(from.timeZone, splitMs);
}

/** From the old day to the new one. */
function dayShift(move: SeriesMove): number {
  const wallMs = firstWallMs(move);
  return startOfDay(wallMs + move.shiftMs) - startOfDay(wallMs);
}

function namesDays(parts: RuleParts): boolean {
  const { weekdays, monthDays, yearDays, weekNumbers, months, positions } = parts;
  return [weekdays, monthDays, yearDays, weekNumbers, months, positions].some((named) => named.length > 0);
}

/**
 * Whether the rule names the same starts, moved, from the new first occurrence. It does not if it names days or
 * times of day that are no longer right, or if its intervals were counted from another day.
 */
function movesAlong(rule: Rule, parts: RuleParts, move: SeriesMove): boolean {
  const { to, shiftMs } = move;
  const fromWallMs = firstWallMs(move);
  const moved = patternOf(withDefaultDays(parts, to.startWallMs), to.startWallMs);
  const olds = walkRule(rule.pattern, fromWallMs, LATEST_WALL_MS, new StepMeter(COMPARED_STEPS));
  const news = walkRule(moved, to.startWallMs, LATEST_WALL_MS, new StepMeter(COMPARED_STEPS));
  for (let compared = 0; compared < COMPARED_STARTS; compared += 1) {
    const [old, now] = [olds.next(), news.next()];
    if (old.done || now.done) return old.done === now.done || compared >= ENOUGH_STARTS;
    const expected = old.value + shiftMs;
    if (now.value !== (to.allDay ? startOfDay(expected) : expected)) return false;
  }
  return true;
}

/** The line of a rule with another COUNT and UNTIL, or without. */
function writeEnd(line: string, count: number | null, until: string | null): string {
  const value = line.lastIndexOf(':') + 1;
  const parts = line
    .slice(value)
    .split(';')
    .filter((part) => part.trim() !== '' && !/^\s*(COUNT|UNTIL)\s*=/i.test(part));
  if (count !== null) parts.push(`COUNT=${count}`);
  if (until !== null) parts.push(`UNTIL=${until}`);
  return `${line.slice(0, value)}${parts.join(';')}`;
}

/** Null for a rule that expansion ignores. */
function readRule(text: string, anchor: SeriesAnchor): { rule: Rule; parts: RuleParts } | null {
  const parts = parseRuleParts(text);
  const rule = parts && parseRule(text, anchor, new StepMeter(MOST_STEPS_PER_SERIES));
  return parts === null || rule === null || typeof rule === 'string' ? null : { rule, parts };
}

/** How many starts of its COUNT a rule has used before a wall time. */
function usedCount({ pattern }: Rule, wallMs: number): number {
  if (pattern.count === null) return 0;
  let used = 0;
  for (const _start of walkRule(pattern, pattern.startWallMs, wallMs - 1, new StepMeter(Infinity))) {
    used += 1;
    if (used === pattern.count) break;
  }
  return used;
}

/** Empty if the rule ends before the move begins. */
function moveRule(line: string, text: string, move: SeriesMove): string[] | 'rule-needed' {
  const read = readRule(text, move.from);
  if (read === null) return [line];
  const { rule, parts } = read;
  const used = move.splitMs === null ? 0 : usedCount(rule, firstWallMs(move));
  const left = parts.count === null ? null : parts.count - used;
  if (left === 0 || (move.splitMs !== null && rule.untilMs !== null && rule.untilMs < move.splitMs))
    return [];
  if ((dayShift(move) !== 0 && namesDays(parts)) || !movesAlong(rule, parts, move)) return 'rule-needed';
  if (used === 0 && staysInPlace(move)) return [line];
  const untilMs = rule.untilMs === null ? null : Math.min(moveInstant(move, rule.untilMs), LATEST_MS);
  return [writeEnd(line, left, untilMs === null ? null : dateText(untilMs, move.to.allDay))];
}

/** A date of an RDATE or EXDATE. */
interface WrittenDate {
  text: string;
  ms: number;
  /** End of a period. */
  endMs: number | null;
  /** A day that is excluded as a whole; `ms` is its midnight in wall time. */
  isWholeDay: boolean;
}

/** The dates of a line; those that expansion ignores are left out. */
function readDates(line: string, anchor: SeriesAnchor): WrittenDate[] {
  const { name, parameters, value } = splitLine(line);
  const tzid = parameters.get('TZID');
  return value.split(',').flatMap((text): WrittenDate[] => {
    if (name === 'RDATE') {
      const addition = parseAddition(text, tzid, anchor);
      if (!addition) return [];
      const endMs = text.includes('/') ? addition.startMs + addition.durationMs : null;
      return [{ text, ms: addition.startMs, endMs, isWholeDay: false }];
    }
    const date = parseDateValue(text, tzid, anchor);
    if (!date) return [];
    const isWholeDay = date.isDate && !anchor.allDay && parameters.get('VALUE') === 'DATE';
    return [{ text, ms: isWholeDay ? date.wallMs : date.instantMs, endMs: null, isWholeDay }];
  });
}

function isBefore({ ms, isWholeDay }: WrittenDate, splitMs: number, anchor: SeriesAnchor): boolean {
  return ms < (isWholeDay ? startOfDay(instantToWall(anchor.timeZone, splitMs)) : splitMs);
}

function writeDates(line: string, dates: readonly WrittenDate[]): string[] {
  const texts = dates.map(({ text }) => text);
  return texts.length === 0 ? [] : [`${line.slice(0, line.lastIndexOf(':') + 1)}${texts.join()}`];
}

function moveDates(line: string, name: string, move: SeriesMove): string[] {
  const { from, to, splitMs } = move;
  const dates = readDates(line, from).filter((date) => splitMs === null || !isBefore(date, splitMs, from));
  if (staysInPlace(move)) return writeDates(line, dates);
  if (dates.length === 0) return [];
  const wholeDays = dates.filter((date) => date.isWholeDay).map(({ ms }) => ms + dayShift(move));
  const moved = dates
    .filter((date) => !date.isWholeDay)
    .map(({ ms, endMs }) => {
      const startMs = moveInstant(move, ms);
      return { startMs, endMs: endMs === null || to.allDay ? null : startMs + endMs - ms };
    });
  const texts = moved.map(({ startMs, endMs }) =>
    [startMs, ...(endMs === null ? [] : [endMs])].map((ms) => dateText(ms, to.allDay)).join('/'),
  );
  const form = to.allDay ? ';VALUE=DATE' : moved.some(({ endMs }) => endMs !== null) ? ';VALUE=PERIOD' : '';
  return [
    ...(texts.length > 0 ? [`${name}${form}:${texts.join()}`] : []),
    ...(wholeDays.length > 0 ? [excludeDays(wholeDays)] : []),
  ];
}

function excludeDays(days: readonly number[]): string {
  return `EXDATE;VALUE=DATE:${days.map((ms) => dateText(ms, true)).join()}`;
}

/** The line that excludes some starts of a series. */
export function excludeStarts(startsMs: readonly number[], allDay: boolean): string {
  return allDay ? excludeDays(startsMs) : `EXDATE:${startsMs.map((ms) => dateText(ms, false)).join()}`;
}

/** The lines of a series after a move, or after its split; null if a rule does not move along. */
export function moveLines(lines: readonly string[], move: SeriesMove): string[] | null {
  const moved: string[] = [];
  for (const line of lines) {
    const { name, value } = splitLine(line);
    if (name === 'RRULE' || name === 'EXRULE') {
      const rule = moveRule(line, value, move);
      if (rule === 'rule-needed') return null;
      moved.push(...rule);
    } else moved.push(...(name === 'RDATE' || name === 'EXDATE' ? moveDates(line, name, move) : [line]));
  }
  return moved;
}

/** The lines of a series that ends before the instant of one of its occurrences. */
export function endLines(lines: readonly string[], splitMs: number, anchor: SeriesAnchor): string[] {
  const until = dateText(splitMs - (anchor.allDay ? DAY_MS : 1_000), anchor.allDay);
  const splitWallMs = instantToWall(anchor.timeZone, splitMs);
  return lines.flatMap((line) => {
    const { name, value } = splitLine(line);
    if (name === 'RDATE' || name === 'EXDATE') {
      return writeDates(
        line,
        readDates(line, anchor).filter((date) => isBefore(date, splitMs, anchor)),
      );
    }
    const read = name === 'RRULE' ? readRule(value, anchor) : null;
    if (read === null) return [line];
    const { rule, parts } = read;
    // A rule that has ended must not go on until the split.
    const hasEnded =
      (rule.untilMs !== null && rule.untilMs < splitMs) ||
      (parts.count !== null && usedCount(rule, splitWallMs) === parts.count);
    return [hasEnded ? line : writeEnd(line, null, until)];
  });
}
