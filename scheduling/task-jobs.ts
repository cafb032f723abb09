import { divisible, placeable } from './chunks.ts';
import { instantToMinute } from './civil-time.ts';
import { floorTo } from './grid.ts';
import { STEP_MINUTES } from '../contracts/limits.ts';
import type { PlanTask } from './plan-input.ts';
import { alignSpans, type Setting } from './setting.ts';
import { clip, type Span, subtract, totalMinutes } from './spans.ts';
import { type FixedBlock, type Job, WEIGHTS } from './world.ts';

/** The rest of a task beside its fixed blocks, before the search places any. */
interface TaskRest {
  left: number;
  least: number;
  most: number;
  remainder: boolean;
  /** Whether placing `left` finishes the task. */
  finishable: boolean;
  /** The last end of its fixed blocks; −Infinity without any. */
  fixedUntil: number;
  frozenUntil: number;
}

function restOf(task: PlanTask, fixed: readonly FixedBlock[]): TaskRest {
  const pinned = totalMinutes(fixed.filter((block) => block.pinned));
  const unpinned = floorTo(Math.max(0, task.durationMinutes - task.doneMinutes - pinned), STEP_MINUTES);
  const owed = floorTo(
    Math.max(0, task.durationMinutes - task.doneMinutes - totalMinutes(fixed)),
    STEP_MINUTES,
  );
  const fixedUntil = Math.max(-Infinity, ...fixed.map(({ end }) => end));
  const frozenUntil = Math.max(-Infinity, ...fixed.filter(({ pinned: held }) => !held).map(({ end }) => end));
  if (!task.splittable) {
    // An unsplittable task has one block: beside a fixed one there is no second.
    const left = fixed.length > 0 ? 0 : owed;
    return {
      left,
      least: left,
      most: left,
      remainder: false,
      finishable: left === owed,
      fixedUntil,
      frozenUntil,
    };
  }
  const least = task.minChunkMinutes;
  const most = task.maxChunkMinutes;
  const remainder = !divisible(unpinned, least, most);
  const left = placeable(owed, { least, most, remainder });
  return { left, least, most, remainder, finishable: left === owed, fixedUntil, frozenUntil };
}

function spansOf(setting: Setting, task: PlanTask, from: number, most: number): readonly Span[] {
  const free = setting.free.get(task.hours) ?? [];
  const { declined: byRef, input, window } = setting.frame;
  const declined = byRef.get(task.id);
  // No block that starts inside the window ends later.
  const until = window.minutes - STEP_MINUTES + most;
  if (from <= 0 && !declined && (free.at(-1)?.end ?? 0) <= until) return free;
  const clipped = clip(subtract(free, declined ?? []), from, until);
  return alignSpans(clipped, input.granularityMinutes).filter(({ start }) => start < window.minutes);
}

/** One job per task, in the order of the input, with the jobs that each waits for. */
export function taskJobs(setting: Setting): Job[] {
  const { input, window } = setting.frame;
  const fixedOf = new Map<string, FixedBlock[]>(input.tasks.map(({ id }) => [id, []]));
  for (const block of setting.fixed) if (block.kind === 'task') fixedOf.get(block.refId)?.push(block);
  const rests = new Map(input.tasks.map((task) => [task.id, restOf(task, fixedOf.get(task.id)!)]));
  const indexOf = new Map(input.tasks.map(({ id }, index) => [id, index]));

  const jobs = input.tasks.map((task, index): Job => {
    const { left, least, most, remainder, frozenUntil } = rests.get(task.id)!;
    const earlier = task.after.map((id) => rests.get(id)!);
    const from = Math.max(
      task.earliestStart === null ? 0 : instantToMinute(window, task.earliestStart),
      ...earlier.map(({ fixedUntil }) => fixedUntil),
      // A remainder comes last.
      remainder ? frozenUntil : -Infinity,
    );
    return {
      index,
      kind: 'task',
      refId: task.id,
      date: null,
      weight: WEIGHTS[task.priority],
      left,
      least,
      most,
      remainder,
      whole: !task.splittable,
      hours: task.hours,
      dailyLimit: input.policy.maxMinutesPerDay[task.hours] ?? Infinity,
      spans: left > 0 ? spansOf(setting, task, from, most) : [],
      startBefore: window.minutes,
      deadline: task.deadline === null ? Infinity : Math.floor(instantToMinute(window, task.deadline)),
      ideal: null,
      after: task.after.map((id) => indexOf.get(id)!),
      followers: [],
      orderedAfter: [],
      orderedBefore: [],
      blockedBy: task.after.find((id) => !rests.get(id)!.finishable) ?? null,
      current: [],
    };
  });
  for (const job of jobs) for (const earlier of job.after) jobs[earlier]!.followers.push(job.index);
  return jobs;
}
