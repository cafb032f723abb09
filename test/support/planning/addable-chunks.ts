import type { Plan, PlanInput } from '../../../scheduling/index.ts';
import { ceilToGrid, civilAt, dateAt, instantOf, MINUTE_MS, type Span, union } from './civil-time.ts';
import { habitDates, habitDays } from './habit-dates.ts';
import { openHours, windowOf } from './open-hours.ts';
import { divisible, DURATION_STEP_MINUTES, minutesLeft, placed, placedOf, spanOf } from './world.ts';

/**
 * What could be added: starts from and up to when, how long at least, and what shares its limit of minutes a
 * day.
 */
interface Wanted {
  refId: string;
  hours: string;
  from: number;
  until: number;
  startBefore: number;
  minutes: number;
}

function freeTime(input: PlanInput, plan: Plan, { refId, hours }: Wanted): Span[] {
  const buffer = input.policy.bufferMinutes * MINUTE_MS;
  const wide = ({ start, end }: Span) => ({ start: start - buffer, end: end + buffer });
  const taken = union([
    ...input.busy
      .map(([start, end]) => spanOf({ start, end }))
      .filter(({ start, end }) => end > start)
      .map(wide),
    ...plan.blocks.map((block) => wide(placed(block))),
    ...input.policy.declined.filter((slot) => (slot.refId ?? refId) === refId).map(spanOf),
  ]);
  const free: Span[] = [];
  for (const open of openHours(input, hours)) {
    let { start } = open;
    for (const hole of taken) {
      if (hole.end <= start || hole.start >= open.end) continue;
      if (hole.start > start) free.push({ start, end: hole.start });
      start = Math.max(start, hole.end);
    }
    if (start < open.end) free.push({ start, end: open.end });
  }
  return free;
}

/** Minutes that the policy still allows a type of hours on the day of an instant. */
function roomOn(input: PlanInput, plan: Plan, hours: string, at: number): number {
  const limit = input.policy.maxMinutesPerDay[hours];
  if (limit === undefined) return Infinity;
  const date = dateAt(input.timeZone, at).toString();
  const typeOf = new Map(
    [...input.tasks, ...input.habits].map((owner): [string, string] => [owner.id, owner.hours]),
  );
  const used = plan.blocks
    .map(placed)
    .filter(
      ({ block, start }) =>
        typeOf.get(block.refId) === hours && dateAt(input.timeZone, start).toString() === date,
    )
    .reduce((sum, { minutes }) => sum + Math.ceil(minutes), 0);
  return limit - used;
}

/**
 * The first start on the grid at which so many minutes could be added, in words; null where there is none.
 */
function placeFor(input: PlanInput, plan: Plan, wanted: Wanted): string | null {
  const length = wanted.minutes * MINUTE_MS;
  const latest = Math.min(wanted.startBefore, windowOf(input).end);
  const now = Date.parse(input.now);
  for (const gap of freeTime(input, plan, wanted)) {
    const end = Math.min(gap.end, wanted.until);
    const first = Math.max(gap.start, wanted.from, now);
    if (end - first < length) continue;
    let start = ceilToGrid(input.timeZone, first, input.granularityMinutes);
    while (start + length <= end && start < latest) {
      if (roomOn(input, plan, wanted.hours, start) >= wanted.minutes)
        return `${wanted.minutes} minutes of ${wanted.refId} fit at ${civilAt(input.timeZone, start).toString()}`;
      // A day that is used up is left for the next.
      const tomorrow = instantOf(input.timeZone, dateAt(input.timeZone, start).add({ days: 1 }), '00:00');
      start = ceilToGrid(input.timeZone, Math.max(tomorrow, start + MINUTE_MS), input.granularityMinutes);
    }
  }
  return null;
}

function ofTask(input: PlanInput, plan: Plan, task: PlanInput['tasks'][number]): Wanted | null {
  const blocks = placedOf(plan, 'task', task.id);
  const total = (id: string) =>
    placedOf(plan, 'task', id)
      .filter(({ block }) => !block.pinned)
      .reduce((sum, { minutes }) => sum + minutes, 0);
  const left = minutesLeft(input, task);
  const missing = left - total(task.id);
  if (missing < DURATION_STEP_MINUTES) return null;
  let from = task.earliestStart === null ? -Infinity : Date.parse(task.earliestStart);
  for (const id of task.after) {
    const earlier = input.tasks.find((other) => other.id === id)!;
    // A waiting task has to go on waiting.
    if (total(id) < minutesLeft(input, earlier)) return null;
    from = Math.max(from, ...placedOf(plan, 'task', id).map(({ end }) => end));
  }
  const followers = input.tasks.filter(({ after }) => after.includes(task.id));
  const starts = followers.flatMap(({ id }) =>
    placedOf(plan, 'task', id)
      .filter(({ block }) => !block.pinned)
      .map(({ start }) => start),
  );
  const wanted = {
    refId: task.id,
    hours: task.hours,
    from,
    until: Math.min(Infinity, ...starts),
    startBefore: Infinity,
    minutes: Math.min(task.minChunkMinutes, missing),
  };
  if (!task.splittable) return blocks.length > 0 ? null : { ...wanted, minutes: left };
  if (missing >= task.minChunkMinutes) return wanted;
  if (divisible(left, task)) return null;
  // A remainder comes last.
  const last = blocks.filter(({ block }) => !block.pinned).at(-1);
  return { ...wanted, from: Math.max(from, last?.end ?? -Infinity) };
}

function ofHabit(input: PlanInput, plan: Plan, habit: PlanInput['habits'][number]): Wanted[] {
  const { timeZone } = input;
  const filled = new Set<string | undefined>();
  const madeFor = habitDays(input);
  for (const { block, start } of placedOf(plan, 'habit', habit.id))
    filled.add((block.kept ? madeFor.get(block.id) : undefined) ?? dateAt(timeZone, start).toString());
  const blocksOn = (id: string, date: string) =>
    placedOf(plan, 'habit', id).filter(({ start }) => dateAt(timeZone, start).toString() === date);
  const before = input.habits.filter(({ id, before: other }) => other === habit.id || habit.after === id);
  const after = input.habits.filter(({ id, after: other }) => other === habit.id || habit.before === id);
  return [...habitDates(input, habit)]
    .filter((date) => !filled.has(date))
    .map((date) => {
      const midnight = instantOf(timeZone, dateAt(timeZone, Date.parse(`${date}T12:00:00Z`)), '00:00');
      const day = [-1, 0, 1]
        .map((days) => dateAt(timeZone, midnight).add({ days }))
        .find((one) => one.toString() === date)!;
      return {
        refId: habit.id,
        hours: habit.hours,
        from: Math.max(
          instantOf(timeZone, day, '00:00'),
          ...before.flatMap(({ id }) => blocksOn(id, date)).map(({ end }) => end),
        ),
        until: Math.min(Infinity, ...after.flatMap(({ id }) => blocksOn(id, date)).map(({ start }) => start)),
        startBefore: instantOf(timeZone, day.add({ days: 1 }), '00:00'),
        minutes: habit.minMinutes,
      };
    });
}

/**
 * Blocks that a plan could simply have besides those it has: then level 1 or 2 is not as high as it could be.
 */
export function addableChunks(input: PlanInput, plan: Plan): string[] {
  const wanted = [
    ...input.tasks.map((task) => ofTask(input, plan, task)),
    ...input.habits.flatMap((habit) => ofHabit(input, plan, habit)),
  ];
  return wanted.flatMap((one) => (one === null ? [] : (placeFor(input, plan, one) ?? [])));
}
