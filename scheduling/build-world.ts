import { instantToMinute } from './civil-time.ts';
import type { Frame } from './frame.ts';
import { ceilTo } from './grid.ts';
import { STEP_MINUTES } from '../contracts/limits.ts';
import { habitJobs } from './habit-jobs.ts';
import type { CurrentBlock, PlanInput } from './plan-input.ts';
import { type Span, subtract, unite, widen } from './spans.ts';
import { alignSpans } from './setting.ts';
import { taskJobs } from './task-jobs.ts';
import type { FixedBlock, Job, World } from './world.ts';

/** Blocks that must not be moved: pinned, begun, or in `frozen`. */
function fixedBlocks(
  { input, window }: Frame,
  current: readonly CurrentBlock[],
  frozen: ReadonlySet<string>,
): FixedBlock[] {
  const fixed: FixedBlock[] = [];
  for (const { id, kind, refId, start, end, pinned, habitDay = null } of current) {
    // A block that has begun counts as pinned.
    const held = pinned || Date.parse(start) < Date.parse(input.now);
    if (!held && !frozen.has(id)) continue;
    fixed.push({
      id,
      kind,
      refId,
      habitDay,
      pinned: held,
      start: instantToMinute(window, start),
      end: instantToMinute(window, end),
    });
  }
  return fixed;
}

/** Free time by type of hours, before the limits of single tasks. */
function freeTime({ input, open, window }: Frame, fixed: readonly FixedBlock[]): Map<string, Span[]> {
  const taken = unite(fixed.map((block) => widen(block, input.policy.bufferMinutes)));
  return new Map(
    [...open].map(([type, spans]) => {
      const free = alignSpans(subtract(spans, taken), input.granularityMinutes);
      return [type, free.filter(({ start }) => start < window.minutes)];
    }),
  );
}

/** Minutes of the daily limits that fixed blocks use, on the days they start on. */
function fixedUse({ input, window }: Frame, fixed: readonly FixedBlock[]): Map<string, Int32Array> {
  const use = new Map<string, Int32Array>();
  for (const type of Object.keys(input.policy.maxMinutesPerDay))
    use.set(type, new Int32Array(window.days.length));
  if (use.size === 0) return use;
  const hoursOf = new Map<string, string>();
  for (const { id, hours } of input.tasks) hoursOf.set(`task ${id}`, hours);
  for (const { id, hours } of input.habits) hoursOf.set(`habit ${id}`, hours);
  for (const block of fixed) {
    const days = use.get(hoursOf.get(`${block.kind} ${block.refId}`) ?? '');
    if (!days) continue;
    const day = window.days.find(
      ({ startMinute, endMinute }) => block.start >= startMinute && block.start < endMinute,
    );
    if (day) days[day.index]! += Math.ceil(block.end - block.start);
  }
  return use;
}

function attachCurrent(world: World, current: readonly CurrentBlock[]): void {
  const { window, jobs } = world;
  const fixed = new Set(world.fixed.map(({ id }) => id));
  const tasks = new Map<string, Job>();
  const habitDays = new Map<string, Job>();
  for (const job of jobs) {
    if (job.date === null) tasks.set(job.refId, job);
    else habitDays.set(`${job.date} ${job.refId}`, job);
  }
  for (const block of current) {
    if (fixed.has(block.id)) continue;
    const start = instantToMinute(window, block.start);
    const end = instantToMinute(window, block.end);
    world.freeCurrentMinutes += end - start;
    const job =
      block.kind === 'task' ? tasks.get(block.refId) : habitDays.get(`${block.habitDay} ${block.refId}`);
    job?.current.push({ id: block.id, start, end });
  }
  for (const job of jobs) job.current.sort((a, b) => a.start - b.start);
}

/**
 * Builds the world that the search works on.
 *
 * @param current Current blocks, in place of the input's own.
 * @param frozen IDs of free current blocks that must stay.
 */
export function buildWorld(
  frame: Frame,
  current: readonly CurrentBlock[],
  frozen: ReadonlySet<string> = new Set(),
): World {
  const { input, window } = frame;
  const fixed = fixedBlocks(frame, current, frozen);
  const free = freeTime(frame, fixed);
  const setting = { frame, fixed, free };
  const tasks = taskJobs(setting);
  const world: World = {
    window,
    granularity: input.granularityMinutes,
    buffer: ceilTo(input.policy.bufferMinutes, STEP_MINUTES),
    jobs: [...tasks, ...habitJobs(setting, tasks.length)],
    free,
    fixed,
    limitedUse: fixedUse(frame, fixed),
    freeCurrentMinutes: 0,
    input,
  };
  attachCurrent(world, current);
  return world;
}

/** Blocks of the last run that the search must not move: pinned, or begun. */
export function heldBlocks({ current, now }: PlanInput): CurrentBlock[] {
  return current.filter(({ pinned, start }) => pinned || Date.parse(start) < Date.parse(now));
}
