import { floorTo } from './grid.ts';
import type { Job } from './world.ts';

/** Decides for each suitable gap whether to skip it, so that the search tries other places. */
export type Blink = () => boolean;

export const NEVER_BLINK: Blink = () => false;

export interface InsertOptions {
  blink?: Blink;
  /** Leaves out minutes after the deadline, unless another job waits for the task. */
  timelyOnly?: boolean;
  /** Random numbers from 0 to 1 by which some blocks are shortened, so that others fit beside them. */
  shorten?: () => number;
}

/** Share of blocks that are shortened if `shorten` is given. */
const SHORTER_SHARE = 0.3;

/** Longest block of the job in this attempt. */
export function longestNow(job: Job, granularity: number, shorten: InsertOptions['shorten']): number {
  if (!shorten || shorten() >= SHORTER_SHARE) return job.most;
  return Math.min(
    job.most,
    floorTo(job.least + shorten() * (job.most - job.least + granularity), granularity),
  );
}
