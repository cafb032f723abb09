import { civilWindow, type CivilWindow, instantToMinute } from './civil-time.ts';
import { ceilTo, STEP_MINUTES } from './grid.ts';
import { habitJobs } from './habit-jobs.ts';
import { openHours } from './open-hours.ts';
import type { PlanInput } from './plan-input.ts';
import { clip, type Span, subtract, unite } from './spans.ts';
import { alignSpans } from './setting.ts';
import { taskJobs } from './task-jobs.ts';
import type { FixedBlock, Job, World } from './world.ts';

function widen({ start, end }: Span, minutes: number): Span {
  return { start: start - minutes, end: end + minutes };
}

/** Blocks that are not to be moved: pinned, begun, or in `frozen`. */
function fixedBlocks(input: PlanInput, window: CivilWindow, frozen: ReadonlySet<string>): FixedBlock[] {
  const fixed: FixedBlock[] = [];
  for (const { id, kind, refId, start, end, pinned } of input.current) {
    // What has begun is pinned by that.
    const held = pinned || Date.parse(start) < Date.parse(input.now);
    if (!held && !frozen.has(id)) continue;
    fixed.push({
      id,
      kind,
      refId,
      pinned: held,
      start: instantToMinute(window, start),
      end: instantToMinute(window, end),
    });
  }
  return fixed;
}

/** Free time by type of hours, before what is forbidden to single tasks. */
function freeTime(input: PlanInput, window: CivilWindow, fixed: readonly FixedBlock[]): Map<string, Span[]> {
  const { policy, granularityMinutes } = input;
  const taken: Span[] = fixed.map((block) => widen(block, policy.bufferMinutes));
  const toSpan = (start: string, end: string) => ({
    start: instantToMinute(window, start),
    end: instantToMinute(window, end),
  });
  for (const [start, end] of input.busy)
    if (start !== end) taken.push(widen(toSpan(start, end), policy.bufferMinutes));
  for (const { refId, start, end } of policy.declined) if (refId === null) taken.push(toSpan(start, end));
  const blocked = unite(taken);

  const now = instantToMinute(window, input.now);
  const free = new Map<string, Span[]>();
  for (const [type, week] of Object.entries(input.hours)) {
    const open = clip(openHours(window, week), now, window.minutes);
    free.set(type, alignSpans(subtract(open, blocked), granularityMinutes));
  }
  return free;
}

function declinedByRef(input: PlanInput, window: CivilWindow): Map<string, Span[]> {
  const byRef = new Map<string, Span[]>();
  for (const { refId, start, end } of input.policy.declined) {
    if (refId === null) continue;
    const spans = byRef.get(refId) ?? [];
    spans.push({ start: instantToMinute(window, start), end: instantToMinute(window, end) });
    byRef.set(refId, unite(spans));
  }
  return byRef;
}

/** What fixed blocks use of the daily limits; one over midnight counts on its first day in full, on others by its part. */
function fixedUse(
  input: PlanInput,
  window: CivilWindow,
  fixed: readonly FixedBlock[],
): Map<string, Int32Array> {
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
    for (const { index, startMinute, endMinute } of window.days) {
      if (block.start >= endMinute || block.end <= startMinute) continue;
      days[index]! += Math.ceil(block.end - Math.max(block.start, startMinute));
    }
  }
  return use;
}

function attachCurrent(world: World): void {
  const { input, window, jobs } = world;
  const fixed = new Set(world.fixed.map(({ id }) => id));
  const tasks = new Map<string, Job>();
  const habitDays = new Map<string, Job>();
  for (const job of jobs) {
    if (job.date === null) tasks.set(job.refId, job);
    else habitDays.set(`${job.date} ${job.refId}`, job);
  }
  for (const block of input.current) {
    if (fixed.has(block.id)) continue;
    const start = instantToMinute(window, block.start);
    const end = instantToMinute(window, block.end);
    world.freeCurrentMinutes += end - start;
    const day = window.days.find(({ startMinute, endMinute }) => start >= startMinute && start < endMinute);
    const job = block.kind === 'task' ? tasks.get(block.refId) : habitDays.get(`${day?.date} ${block.refId}`);
    job?.current.push({ id: block.id, start, end });
  }
  for (const job of jobs) job.current.sort((a, b) => a.start - b.start);
}

/** Turns an input into what the search works on. `frozen` names free current blocks that have to stay. */
export function buildWorld(input: PlanInput, frozen: ReadonlySet<string> = new Set()): World {
  const window = civilWindow(input.now, input.timeZone, input.days);
  const fixed = fixedBlocks(input, window, frozen);
  const setting = {
    input,
    window,
    fixed,
    free: freeTime(input, window, fixed),
    declined: declinedByRef(input, window),
  };
  const tasks = taskJobs(setting);
  const jobs = [...tasks, ...habitJobs(setting, tasks.length)];
  const world: World = {
    window,
    granularity: input.granularityMinutes,
    buffer: ceilTo(input.policy.bufferMinutes, STEP_MINUTES),
    jobs,
    fixed,
    limitedUse: fixedUse(input, window, fixed),
    freeCurrentMinutes: 0,
    input,
  };
  attachCurrent(world);
  return world;
}
