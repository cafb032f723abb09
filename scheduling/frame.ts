import { civilWindow, type CivilWindow, instantToMinute } from './civil-time.ts';
import { withHabitDays } from './current-habit-days.ts';
import { habitDates } from './habit-days.ts';
import { openHours } from './open-hours.ts';
import type { PlanInput } from './plan-input.ts';
import { clip, type Span, subtract, unite, widen } from './spans.ts';

/** The parts of a world that do not depend on current blocks: made once per plan and shared by its worlds. */
export interface Frame {
  /** The input, with the day that each current block of a habit was made for. */
  input: PlanInput;
  window: CivilWindow;
  /** Hours by type from now on, without busy time and slots declined for all. */
  open: ReadonlyMap<string, Span[]>;
  /** Slots by task or habit from which a user has deleted its block. */
  declined: ReadonlyMap<string, Span[]>;
  /** Dates of each habit within the window. */
  habitDates: ReadonlyMap<string, Set<string>>;
}

function openTime(input: PlanInput, window: CivilWindow): Map<string, Span[]> {
  const { bufferMinutes, declined } = input.policy;
  const taken: Span[] = [];
  for (const [start, end] of input.busy)
    if (start !== end) taken.push(widen(toSpan(window, start, end), bufferMinutes));
  for (const { refId, start, end } of declined) if (refId === null) taken.push(toSpan(window, start, end));
  const blocked = unite(taken);

  const now = instantToMinute(window, input.now);
  const open = new Map<string, Span[]>();
  for (const [type, week] of Object.entries(input.hours))
    open.set(type, subtract(clip(openHours(window, week), now, window.horizon), blocked));
  return open;
}

function toSpan(window: CivilWindow, start: string, end: string): Span {
  return { start: instantToMinute(window, start), end: instantToMinute(window, end) };
}

function declinedByRef(input: PlanInput, window: CivilWindow): Map<string, Span[]> {
  const byRef = new Map<string, Span[]>();
  for (const { refId, start, end } of input.policy.declined)
    if (refId !== null) byRef.set(refId, unite([...(byRef.get(refId) ?? []), toSpan(window, start, end)]));
  return byRef;
}

function datesByHabit(input: PlanInput, { days }: CivilWindow): Map<string, Set<string>> {
  const [first, last] = [days[0]!.date, days.at(-1)!.date];
  const byRule = new Map<string, string[]>();
  return new Map(
    input.habits.map(({ id, rrule, startDate, skippedDates }) => {
      const start = startDate ?? first;
      const key = `${start} ${rrule}`;
      const named = byRule.get(key) ?? habitDates(rrule, start, first, last);
      byRule.set(key, named);
      const dates = new Set(named);
      for (const skipped of skippedDates) dates.delete(skipped);
      return [id, dates];
    }),
  );
}

export function makeFrame(given: PlanInput): Frame {
  const input = { ...given, current: withHabitDays(given) };
  const window = civilWindow(input.now, input.timeZone, input.days);
  return {
    input,
    window,
    open: openTime(input, window),
    declined: declinedByRef(input, window),
    habitDates: datesByHabit(input, window),
  };
}
