import { minuteToInstant } from './civil-time.ts';
import { jobKey } from './plan-calmly.ts';
import type { CurrentBlock } from './plan-input.ts';
import { Schedule } from './schedule.ts';
import type { World } from './world.ts';

/** The blocks of a schedule as current blocks of the next run. */
export function blocksOf({ world, blocks }: Schedule): CurrentBlock[] {
  const current: CurrentBlock[] = [];
  for (const { id, kind, refId, start, end, pinned, habitDay } of world.fixed) {
    const at = { start: minuteToInstant(world.window, start), end: minuteToInstant(world.window, end) };
    current.push({ id, kind, refId, ...at, pinned, habitDay });
  }
  for (const job of world.jobs) {
    for (const { start, end } of blocks[job.index]!) {
      const at = { start: minuteToInstant(world.window, start), end: minuteToInstant(world.window, end) };
      const id = `${job.index} ${start}`;
      current.push({ id, kind: job.kind, refId: job.refId, ...at, pinned: false, habitDay: job.date });
    }
  }
  return current;
}

/**
 * The same blocks in the world of the plan's own input. When a plan was made again from its own result,
 * blocks were fixed that are free in that input or not in it.
 */
export function returnTo(world: World, { world: from, blocks }: Schedule): Schedule {
  const schedule = new Schedule(world);
  const jobs = new Map(world.jobs.map((job) => [jobKey(job), job]));
  const held = new Set(world.fixed.map(({ kind, refId, start }) => JSON.stringify([kind, refId, start])));
  for (const { kind, refId, start, end, habitDay } of from.fixed) {
    const job = jobs.get(jobKey({ kind, refId, date: habitDay }));
    if (job && !held.has(JSON.stringify([kind, refId, start]))) schedule.place(job, start, end);
  }
  for (const one of from.jobs) {
    const job = jobs.get(jobKey(one));
    if (job) for (const { start, end } of blocks[one.index]!) schedule.place(job, start, end);
  }
  return schedule;
}
