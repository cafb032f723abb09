import { insert } from './insert.ts';
import type { InsertOptions } from './insert-options.ts';
import { keepLegal } from './keep.ts';
import { Schedule } from './schedule.ts';
import type { Job, World } from './world.ts';

/** Smaller comes first. */
export type JobOrder = (a: Job, b: Job) => number;

/** The minute by which a job is due: for a habit, the end of its day. */
function dueMinute({ kind, deadline, startBefore }: Job): number {
  return kind === 'habit' ? startBefore : deadline;
}

/** Jobs that can no longer be on time come last: placing them is worth less than any minute on time. */
function byHope(a: Job, b: Job): number {
  return Number(dueMinute(a) <= (a.spans[0]?.start ?? 0)) - Number(dueMinute(b) <= (b.spans[0]?.start ?? 0));
}

const ascending = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1);

export const byDeadline: JobOrder = (a, b) =>
  ascending(dueMinute(a), dueMinute(b)) || b.weight - a.weight || a.index - b.index;

export const byWeight: JobOrder = (a, b) =>
  byHope(a, b) || b.weight - a.weight || ascending(dueMinute(a), dueMinute(b)) || a.index - b.index;

const slack = (job: Job): number => dueMinute(job) - (job.spans[0]?.start ?? 0) - job.left;

export const bySlack: JobOrder = (a, b) =>
  byHope(a, b) || ascending(slack(a), slack(b)) || b.weight - a.weight || a.index - b.index;

/** Orders jobs as given, except that no job comes before one that it waits for. */
export function inDependencyOrder(world: World, jobs: readonly Job[]): Job[] {
  const waiting = new Set(jobs);
  const ordered: Job[] = [];
  const stack: Job[] = [];
  for (const job of jobs) {
    stack.push(job);
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const earlier = waiting.has(top)
        ? top.after.map((index) => world.jobs[index]!).find((one) => waiting.has(one))
        : undefined;
      if (earlier) stack.push(earlier);
      else {
        stack.pop();
        if (waiting.delete(top)) ordered.push(top);
      }
    }
  }
  return ordered;
}

/** Places every job in an order, each as well as possible beside the earlier ones. */
export function construct(world: World, order: JobOrder, options: InsertOptions = {}): Schedule {
  const schedule = new Schedule(world);
  for (const job of inDependencyOrder(world, world.jobs.toSorted(order))) insert(schedule, job, options);
  return schedule;
}

/** Tries again to place incomplete jobs, without moving any block. */
export function complete(schedule: Schedule): void {
  const { world } = schedule;
  const open = world.jobs.filter((job) => !schedule.isComplete(job));
  for (const job of inDependencyOrder(world, open.toSorted(byWeight))) insert(schedule, job);
}

/**
 * Keeps every block of the last run that may stay, then places the missing minutes around them. Jobs that
 * wait for one that cannot be completed this way are placed again.
 */
export function constructCalmly(world: World): Schedule {
  const schedule = new Schedule(world);
  for (const job of inDependencyOrder(world, world.jobs)) keepLegal(schedule, job);
  for (const job of inDependencyOrder(world, world.jobs.toSorted(byWeight))) {
    insert(schedule, job);
    if (!schedule.isComplete(job)) releaseFollowers(schedule, job);
    insert(schedule, job);
  }
  return schedule;
}

/** Takes out all blocks of jobs that wait, directly or not, for a job. */
function releaseFollowers(schedule: Schedule, job: Job): Job[] {
  const { jobs } = schedule.world;
  const released: Job[] = [];
  const stack = [...job.followers];
  const seen = new Set<number>();
  while (stack.length > 0) {
    const index = stack.pop()!;
    if (seen.has(index)) continue;
    seen.add(index);
    const follower = jobs[index]!;
    schedule.clear(follower);
    released.push(follower);
    stack.push(...follower.followers);
  }
  return released;
}
