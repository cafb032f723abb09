import { minuteToInstant } from './civil-time.ts';
import { explainPlacement } from './explain-placement.ts';
import { explainUnscheduled } from './explain-unscheduled.ts';
import type { Frame } from './frame.ts';
import { floorTo } from './grid.ts';
import { STEP_MINUTES } from '../contracts/limits.ts';
import { identify, type NamelessBlock } from './identify.ts';
import { objectiveUnder } from './objective.ts';
import type { LateTask, Plan, PlannedBlock, Unscheduled } from './plan-types.ts';
import type { PlanInput, PlanTask } from './plan-input.ts';
import type { PlacementReason, UnscheduledReason } from './reasons.ts';
import type { Schedule } from './schedule.ts';
import { type Span, totalMinutes } from './spans.ts';
import { timelyMinutes } from './value.ts';
import { findWarnings } from './warnings.ts';
import type { FixedBlock, Job, World } from './world.ts';
import { MINUTE_MS } from '../contracts/durations.ts';

interface Placed extends NamelessBlock {
  span: Span;
  job: Job | null;
  fixed: FixedBlock | null;
}

function placedBlocks({ world, blocks }: Schedule): Placed[] {
  const at = ({ start, end }: Span) => ({
    start: minuteToInstant(world.window, start),
    end: minuteToInstant(world.window, end),
    span: { start, end },
  });
  const placed: Placed[] = [];
  for (const fixed of world.fixed)
    placed.push({
      kind: fixed.kind,
      refId: fixed.refId,
      date: fixed.habitDay,
      pinnedId: fixed.pinned ? fixed.id : null,
      ...at(fixed),
      job: null,
      fixed,
    });
  for (const job of world.jobs)
    for (const span of blocks[job.index]!)
      placed.push({
        kind: job.kind,
        refId: job.refId,
        date: job.date,
        pinnedId: null,
        ...at(span),
        job,
        fixed: null,
      });
  return placed.toSorted(
    (a, b) =>
      a.span.start - b.span.start ||
      a.span.end - b.span.end ||
      (a.kind === b.kind ? (a.refId < b.refId ? -1 : 1) : a.kind < b.kind ? -1 : 1),
  );
}

/** Blocks with one key are numbered together: those of a task; a habit's block is alone. */
function chunkKey({ kind, refId }: Placed, id: string): string {
  return kind === 'task' ? `task ${refId}` : `habit ${id}`;
}

function describeBlocks(input: PlanInput, schedule: Schedule): PlannedBlock[] {
  const { window } = schedule.world;
  const minute = (instant: string) => (Date.parse(instant) - window.startMs) / MINUTE_MS;
  const dateOf = (instant: string) =>
    window.days.find(({ endMinute }) => minute(instant) < endMinute)?.date ?? '';
  const tasks = new Map(input.tasks.map((task) => [task.id, task]));
  const placed = placedBlocks(schedule);
  const identities = identify(placed, input.current, dateOf);

  const counts = new Map<string, number>();
  const indexes = placed.map((block, index) => {
    const key = chunkKey(block, identities[index]!.id);
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return count;
  });

  return placed.map((block, index): PlannedBlock => {
    const { kind, refId, start, end, span, job, fixed } = block;
    const { id, previous } = identities[index]!;
    const kept = previous?.start === start && previous.end === end;
    const pinned = fixed?.pinned ?? false;
    let reason: PlacementReason;
    if (pinned) reason = { code: 'kept', because: 'pinned' };
    else if (kept && !job) reason = { code: 'kept', because: 'frozen' };
    else if (kept || !job) reason = { code: 'kept', because: 'unchanged' };
    else {
      const was = previous ? { start: minute(previous.start), end: minute(previous.end) } : null;
      reason = explainPlacement(schedule, job, span, was, tasks.get(refId)?.deadline ?? null);
    }
    const chunk = { index: indexes[index]!, of: counts.get(chunkKey(block, id))! };
    return { id, kind, refId, start, end, chunk, pinned, kept, reason };
  });
}

/**
 * Minutes of a task that no schedule of this world can place. A rest below the shortest possible block counts
 * as done, unless the whole task is shorter than that.
 */
function unplaceable(task: PlanTask, job: Job, fixed: readonly FixedBlock[]): Unscheduled[] {
  const held = totalMinutes(fixed);
  const rest = task.durationMinutes - task.doneMinutes - held - job.left;
  if (task.durationMinutes < STEP_MINUTES && rest > 0)
    return [{ refId: task.id, minutes: rest, reason: { code: 'too-short', shortest: STEP_MINUTES } }];
  const minutes = floorTo(rest, STEP_MINUTES);
  if (minutes <= 0) return [];
  const reason: UnscheduledReason =
    !task.splittable && fixed.length > 0
      ? { code: 'one-block-only', placed: held }
      : { code: 'too-short', shortest: task.minChunkMinutes };
  return [{ refId: task.id, minutes, reason }];
}

/** Minutes that the fixed blocks of a habit lack on their days, which get no second block. */
function shortDays(input: PlanInput, { fixed, window }: World, named: Frame['habitDates']): Unscheduled[] {
  const inWindow = new Set(window.days.map(({ date }) => date));
  return input.habits.flatMap(({ id, durationMinutes }) => {
    const held = new Map<string, number>();
    for (const { kind, refId, habitDay, start, end } of fixed)
      if (kind === 'habit' && refId === id && habitDay !== null)
        held.set(habitDay, (held.get(habitDay) ?? 0) + end - start);
    return [...held]
      .filter(([date]) => inWindow.has(date) && named.get(id)!.has(date))
      .map(([date, placed]) => ({ date, placed, minutes: floorTo(durationMinutes - placed, STEP_MINUTES) }))
      .filter(({ minutes }) => minutes > 0)
      .map(({ date, placed, minutes }) => ({
        refId: id,
        date,
        minutes,
        reason: { code: 'one-block-only' as const, placed },
      }));
  });
}

function describeUnscheduled({ input, habitDates }: Frame, schedule: Schedule): Unscheduled[] {
  const { jobs, fixed } = schedule.world;
  const tasks = new Map(input.tasks.map((task) => [task.id, task]));
  const fixedOf = new Map<string, FixedBlock[]>();
  for (const block of fixed)
    if (block.kind === 'task') fixedOf.set(block.refId, [...(fixedOf.get(block.refId) ?? []), block]);
  const open = jobs.flatMap((job) => {
    const { refId, date } = job;
    const minutes = job.left - schedule.placedMinutes(job);
    const found: Unscheduled[] = [];
    if (minutes > 0)
      found.push({
        refId,
        ...(date !== null && { date }),
        minutes,
        reason: explainUnscheduled(schedule, job),
      });
    if (job.kind === 'task') found.push(...unplaceable(tasks.get(refId)!, job, fixedOf.get(refId) ?? []));
    return found;
  });
  return [...open, ...shortDays(input, schedule.world, habitDates)];
}

function describeLate(input: PlanInput, blocks: readonly PlannedBlock[]): LateTask[] {
  return input.tasks.flatMap(({ id, deadline }) => {
    if (deadline === null) return [];
    let minutes = 0;
    for (const { kind, refId, start, end } of blocks) {
      if (kind !== 'task' || refId !== id) continue;
      const [from, to] = [Date.parse(start), Date.parse(end)];
      minutes += (to - from - timelyMinutes(Date.parse(deadline), from, to)) / MINUTE_MS;
    }
    return minutes > 0 ? [{ refId: id, minutes, deadline }] : [];
  });
}

/** Turns a schedule into a plan with reasons. The frame's input holds the blocks of the last run. */
export function describePlan(frame: Frame, schedule: Schedule, ceiling: number, steps: number): Plan {
  const { input } = frame;
  const { window } = schedule.world;
  const blocks = describeBlocks(input, schedule);
  return {
    blocks,
    unscheduled: describeUnscheduled(frame, schedule),
    late: describeLate(input, blocks),
    warnings: findWarnings(input),
    objective: objectiveUnder(ceiling, window, input, blocks),
    stats: {
      steps,
      window: { start: minuteToInstant(window, 0), end: minuteToInstant(window, window.minutes) },
    },
  };
}
