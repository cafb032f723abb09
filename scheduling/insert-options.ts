import { floorTo } from './grid.ts';
import type { Job } from './world.ts';

/** Decides, for each gap that would do, whether to pass it over: what makes the search look elsewhere. */
export type Blink = () => boolean;

export const NEVER_BLINK: Blink = () => false;

export interface InsertOptions {
  blink?: Blink;
  /** Leave out minutes after the deadline, where nothing waits for the task. */
  timelyOnly?: boolean;
  /** Numbers from 0 to 1: now and then a block is shorter than it could be, so that others fit beside it. */
  shorten?: () => number;
}

/** How many blocks are made shorter where that is asked for. */
const SHORTER_SHARE = 0.3;

/** What a block may last at most this time. */
export function longestNow(job: Job, granularity: number, shorten: InsertOptions['shorten']): number {
  if (!shorten || shorten() >= SHORTER_SHARE) return job.most;
  return Math.min(
    job.most,
    floorTo(job.least + shorten() * (job.most - job.least + granularity), granularity),
  );
}
