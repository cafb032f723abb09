import { chooseChunks, chooseSome } from './choose-chunks.ts';
import { placeable } from './chunks.ts';
import { GapCursor } from './gap-cursor.ts';
import { ceilTo, floorTo } from './grid.ts';
import { STEP_MINUTES } from '../contracts/limits.ts';
import { type Blink, type InsertOptions, longestNow, NEVER_BLINK } from './insert-options.ts';
import type { Schedule } from './schedule.ts';
import type { Span } from './spans.ts';
import { compareValues, evaluate, fromIdeal, lastIdealStart, NOTHING, type Value } from './value.ts';
import type { Job } from './world.ts';

/** Numbers of blocks beyond the fewest that a task may take, tried in this order. */
const EXTRA_BLOCKS = [0, 1, Infinity];

/** Bounds of a job, given what it waits for and what waits for it; null if it cannot be placed yet. */
export function timeBounds(schedule: Schedule, job: Job): Span | null {
  if (job.blockedBy !== null) return null;
  const { jobs, window } = schedule.world;
  let start = 0;
  let end = window.horizon;
  for (const index of job.after) {
    if (!schedule.isComplete(jobs[index]!)) return null;
    start = Math.max(start, schedule.blocks[index]!.at(-1)?.end ?? 0);
  }
  for (const index of job.orderedAfter) start = Math.max(start, schedule.blocks[index]!.at(-1)?.end ?? 0);
  for (const list of [job.followers, job.orderedBefore])
    for (const index of list) end = Math.min(end, schedule.blocks[index]![0]?.start ?? end);
  return { start, end };
}

/** Places an unsplittable task into the first gap that holds it. */
function insertWhole(schedule: Schedule, job: Job, bounds: Span, blink: Blink): void {
  const { granularity } = schedule.world;
  const cursor = new GapCursor(schedule, job.spans, bounds.start, bounds.end);
  while (cursor.next()) {
    for (let { start } = cursor; start < job.startBefore && start + job.left <= cursor.end;) {
      if (schedule.hasRoom(job, start, start + job.left)) {
        if (blink()) break;
        schedule.place(job, start, start + job.left);
        return;
      }
      start = ceilTo(schedule.nextDay(start), granularity);
    }
  }
}

/** The start in a gap at which a block of a given length is nearest to its ideal. */
export function nearestStart(job: Job, gap: Span, length: number, granularity: number): number {
  const { ideal } = job;
  const last = floorTo(Math.min(gap.end - length, job.startBefore - 1), granularity);
  if (!ideal || lastIdealStart(ideal, length) <= gap.start) return gap.start;
  const wished = ceilTo(ideal.start, granularity);
  if (wished >= last) return Math.max(gap.start, last);
  const start = Math.max(gap.start, wished);
  // If the ideal is off the grid, the grid point before it may be nearer.
  const before = floorTo(ideal.start, granularity);
  return before >= gap.start && fromIdeal(ideal, before, length) <= fromIdeal(ideal, start, length)
    ? before
    : start;
}

/**
 * Places a habit as long as possible, then as near to its ideal time as possible, then as early as possible.
 */
function insertHabit(schedule: Schedule, job: Job, bounds: Span, options: InsertOptions): void {
  const { granularity } = schedule.world;
  const { blink = NEVER_BLINK, shorten } = options;
  const most = longestNow(job, granularity, shorten);
  const cursor = new GapCursor(schedule, job.spans, bounds.start, bounds.end);
  let best: { start: number; length: number; distance: number } | null = null;
  while (cursor.next() && cursor.start < job.startBefore) {
    const room = schedule.room(job, cursor.start);
    const length = floorTo(Math.min(most, cursor.end - cursor.start, room), STEP_MINUTES);
    if (length < job.least || blink()) continue;
    const start = nearestStart(job, cursor, length, granularity);
    if (!schedule.hasRoom(job, start, start + length)) continue;
    const distance = fromIdeal(job.ideal, start, length);
    if (!best || length > best.length || (length === best.length && distance < best.distance))
      best = { start, length, distance };
  }
  if (best) schedule.place(job, best.start, best.start + best.length);
}

/** Bounds that leave room for unplaced habits of the same day that must come before or after this one. */
function withRoomForOthers(schedule: Schedule, job: Job, { start, end }: Span): Span {
  const { jobs, buffer } = schedule.world;
  const bounds = { start, end };
  const waiting = (list: readonly number[]) =>
    list.map((index) => jobs[index]!).filter((other) => schedule.blocks[other.index]!.length === 0);
  for (const { spans, least } of waiting(job.orderedAfter))
    bounds.start = Math.max(bounds.start, (spans[0]?.start ?? -Infinity) + least + buffer);
  for (const { spans, least } of waiting(job.orderedBefore))
    bounds.end = Math.min(bounds.end, (spans.at(-1)?.end ?? Infinity) - least - buffer);
  return bounds;
}

/** Places a habit so that its unplaced neighbours in order still fit, unless that costs it minutes. */
function insertBesideOthers(schedule: Schedule, job: Job, bounds: Span, options: InsertOptions): void {
  if (job.orderedAfter.length > 0 || job.orderedBefore.length > 0) {
    insertHabit(schedule, job, withRoomForOthers(schedule, job, bounds), options);
    if (schedule.isComplete(job)) return;
    schedule.clear(job);
  }
  insertHabit(schedule, job, bounds, options);
}

/** Places the rest of a task in chunks: on time first, then in few blocks, then early. */
function insertChunks(schedule: Schedule, job: Job, bounds: Span, options: InsertOptions): void {
  const placedMinutes = schedule.placedMinutes(job);
  const wanted = placeable(job.left - placedMinutes, job);
  if (wanted === 0) return;
  const ends = [bounds.end];
  if (job.deadline < bounds.end && job.deadline > bounds.start) ends.unshift(job.deadline);
  let best: { chunks: Span[]; value: Value; end: number } = { chunks: [], value: NOTHING, end: bounds.end };
  const consider = (chunks: Span[], end: number) => {
    const value = evaluate(job, chunks);
    if (compareValues(value, best.value) > 0) best = { chunks, value, end };
    return value.minutes === wanted;
  };
  for (const end of ends) {
    const until = { start: bounds.start, end };
    let refused = false;
    const found = EXTRA_BLOCKS.some((extra) => {
      const chosen = chooseChunks(schedule, job, until, placedMinutes, extra, options);
      refused = chosen.refused;
      return consider(chosen.chunks, end);
    });
    if (found) break;
    // If not all minutes can be divided, place as many as possible.
    if (refused && !job.remainder && consider(chooseSome(schedule, job, until, placedMinutes, options), end))
      break;
  }
  // A remainder is allowed only if it completes the task.
  const complete = best.value.minutes === job.left - placedMinutes;
  for (const { start, end } of best.chunks)
    if (complete || end - start >= job.least) schedule.place(job, start, end);
  // The rest may use the time after the deadline.
  const progress = schedule.placedMinutes(job) > placedMinutes;
  if (progress && best.end < bounds.end && !options.timelyOnly) insertChunks(schedule, job, bounds, options);
}

/** Places as much as possible of the rest of a job, beside all placed blocks. */
export function insert(schedule: Schedule, job: Job, options: InsertOptions = {}): void {
  const { blink = NEVER_BLINK, timelyOnly = false } = options;
  if (schedule.isComplete(job)) return;
  const bounds = timeBounds(schedule, job);
  if (!bounds) return;
  if (timelyOnly && job.followers.length === 0) {
    if (job.deadline <= bounds.start) return;
    // An unsplittable task may reach beyond its deadline.
    bounds.end = Math.min(bounds.end, job.deadline + (job.whole ? job.left - STEP_MINUTES : 0));
  }
  if (!job.whole) insertChunks(schedule, job, bounds, options);
  else if (schedule.blocks[job.index]!.length > 0) return;
  else if (job.kind === 'habit') insertBesideOthers(schedule, job, bounds, options);
  else insertWhole(schedule, job, bounds, blink);
}
