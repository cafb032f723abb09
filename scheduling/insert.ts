import { nextChunk, placeable } from './chunks.ts';
import { GapCursor } from './gap-cursor.ts';
import { ceilTo, floorTo, STEP_MINUTES } from './grid.ts';
import type { Schedule } from './schedule.ts';
import type { Span } from './spans.ts';
import { compareValues, evaluate, fromIdeal } from './value.ts';
import type { Job } from './world.ts';

/** Decides, for each gap that would do, whether to pass it over: what makes the search look elsewhere. */
export type Blink = () => boolean;

const NEVER_BLINK: Blink = () => false;

export interface InsertOptions {
  blink?: Blink;
  /** Leave out minutes after the deadline, where nothing waits for the task. */
  timelyOnly?: boolean;
  /** Numbers from 0 to 1: now and then a block is shorter than it could be, so that others fit beside it. */
  shorten?: () => number;
}

/** How many blocks more than the fewest a task may take, tried in this order. */
const EXTRA_BLOCKS = [0, 1, Infinity];

/** How many blocks are made shorter where that is asked for. */
const SHORTER_SHARE = 0.3;

/** When a job may be, given what it waits for and what waits for it; null when it has to wait for ever. */
export function timeBounds(schedule: Schedule, job: Job): Span | null {
  if (job.blockedBy !== null) return null;
  const { jobs, window } = schedule.world;
  let start = 0;
  let end = window.minutes;
  for (const index of job.after) {
    if (!schedule.isComplete(jobs[index]!)) return null;
    start = Math.max(start, schedule.blocks[index]!.at(-1)?.end ?? 0);
  }
  for (const index of job.orderedAfter) start = Math.max(start, schedule.blocks[index]!.at(-1)?.end ?? 0);
  for (const list of [job.followers, job.orderedBefore])
    for (const index of list) end = Math.min(end, schedule.blocks[index]![0]?.start ?? end);
  return { start, end };
}

/** What a block may last at most this time. */
function longestNow(job: Job, granularity: number, shorten: InsertOptions['shorten']): number {
  if (!shorten || shorten() >= SHORTER_SHARE) return job.most;
  return Math.min(
    job.most,
    floorTo(job.least + shorten() * (job.most - job.least + granularity), granularity),
  );
}

/** Places a task that must not be split into the first gap that holds it. */
function insertWhole(schedule: Schedule, job: Job, bounds: Span, blink: Blink): void {
  const { granularity } = schedule.world;
  const cursor = new GapCursor(schedule, job.spans, bounds.start, bounds.end);
  while (cursor.next()) {
    for (let { start } = cursor; start + job.left <= cursor.end;) {
      if (schedule.hasRoom(job, start, start + job.left)) {
        if (blink()) break;
        schedule.place(job, start, start + job.left);
        return;
      }
      start = ceilTo(schedule.nextDay(start), granularity);
    }
  }
}

/** Where in a gap a block of some length comes nearest to its ideal start. */
export function nearestStart(job: Job, gap: Span, length: number, granularity: number): number {
  const { ideal } = job;
  const last = floorTo(Math.min(gap.end - length, job.startBefore - 1), granularity);
  if (!ideal || ideal.end <= gap.start) return gap.start;
  const wished = ceilTo(ideal.start, granularity);
  if (wished >= last) return Math.max(gap.start, last);
  const start = Math.max(gap.start, wished);
  // The grid point before an ideal off the grid may be nearer.
  const before = floorTo(ideal.start, granularity);
  return before >= gap.start && fromIdeal(ideal, before) <= fromIdeal(ideal, start) ? before : start;
}

/** Places a habit: as long as possible, then as near to its ideal time as possible, then as early as possible. */
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
    const distance = fromIdeal(job.ideal, start);
    if (!best || length > best.length || (length === best.length && distance < best.distance))
      best = { start, length, distance };
  }
  if (best) schedule.place(job, best.start, best.start + best.length);
}

/** Bounds that leave room for the habits of the same day that come before or after this one and have no block yet. */
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

/** Places a habit where others that come before or after it still fit, unless that costs some of its own minutes. */
function insertBesideOthers(schedule: Schedule, job: Job, bounds: Span, options: InsertOptions): void {
  if (job.orderedAfter.length > 0 || job.orderedBefore.length > 0) {
    insertHabit(schedule, job, withRoomForOthers(schedule, job, bounds), options);
    if (schedule.isComplete(job)) return;
    schedule.clear(job);
  }
  insertHabit(schedule, job, bounds, options);
}

/** Chunks for `rest` minutes, as early as gaps up to `until` allow, in no more blocks than the fewest and `extra` ones. */
function chooseChunks(
  schedule: Schedule,
  job: Job,
  bounds: Span,
  placedMinutes: number,
  extra: number,
  { blink = NEVER_BLINK, shorten }: InsertOptions,
): Span[] {
  const { granularity } = schedule.world;
  const existing = schedule.blocks[job.index]!;
  const chunks: Span[] = [];
  let rest = placeable(job.left - placedMinutes, job);
  const allowed = Math.ceil(rest / job.most) + extra;
  const limited = job.dailyLimit !== Infinity;
  let day = -1;
  let plannedOnDay = 0;
  // A remainder comes last, so it must not be placed before what is there.
  const lastEnd = job.remainder ? (existing.at(-1)?.end ?? 0) : 0;
  const cursor = new GapCursor(schedule, job.spans, bounds.start, bounds.end);
  while (rest > 0 && cursor.next()) {
    let { start } = cursor;
    while (rest > 0 && cursor.end - start >= STEP_MINUTES) {
      let room = cursor.end - start;
      if (limited) {
        if (schedule.dayAt(start) !== day) plannedOnDay = 0;
        day = schedule.dayAt(start);
        room = Math.min(room, schedule.room(job, start) - plannedOnDay);
      }
      room = Math.min(room, longestNow(job, granularity, shorten));
      const chunk = nextChunk(rest, room, job, granularity);
      const tooShort = chunk < job.least && start < lastEnd;
      const tooMany = chunks.length + 1 + Math.ceil((rest - chunk) / job.most) > allowed;
      if (chunk === 0 || tooShort || tooMany) {
        if (!limited) break;
        start = ceilTo(schedule.nextDay(start), granularity);
        continue;
      }
      if (blink()) break;
      chunks.push({ start, end: start + chunk });
      plannedOnDay += chunk;
      rest -= chunk;
      start = schedule.following(start + chunk);
    }
  }
  return chunks;
}

/** Places what is left of a task in chunks: on time first, then in few blocks, then early. */
function insertChunks(schedule: Schedule, job: Job, bounds: Span, options: InsertOptions): void {
  const placedMinutes = schedule.placedMinutes(job);
  const wanted = placeable(job.left - placedMinutes, job);
  if (wanted === 0) return;
  const ends = [bounds.end];
  if (job.deadline < bounds.end && job.deadline > bounds.start) ends.unshift(job.deadline);
  let best: { chunks: Span[]; value: ReturnType<typeof evaluate> } | null = null;
  for (const end of ends) {
    for (const extra of EXTRA_BLOCKS) {
      const chunks = chooseChunks(schedule, job, { start: bounds.start, end }, placedMinutes, extra, options);
      const value = evaluate(job, chunks);
      if (!best || compareValues(value, best.value) > 0) best = { chunks, value };
      if (value.minutes === wanted) break;
    }
    if (best?.value.minutes === wanted) break;
  }
  // A remainder is one only when everything else is placed.
  const complete = best!.value.minutes === job.left - placedMinutes;
  for (const { start, end } of best!.chunks)
    if (complete || end - start >= job.least) schedule.place(job, start, end);
}

/** Places as much as possible of what is left of a job, beside everything that is placed already. */
export function insert(schedule: Schedule, job: Job, options: InsertOptions = {}): void {
  const { blink = NEVER_BLINK, timelyOnly = false } = options;
  if (schedule.isComplete(job)) return;
  const bounds = timeBounds(schedule, job);
  if (!bounds) return;
  if (timelyOnly && job.followers.length === 0) {
    if (job.deadline <= bounds.start) return;
    // A task that must not be split may reach beyond its deadline.
    bounds.end = Math.min(bounds.end, job.deadline + (job.whole ? job.left - STEP_MINUTES : 0));
  }
  if (!job.whole) insertChunks(schedule, job, bounds, options);
  else if (schedule.blocks[job.index]!.length > 0) return;
  else if (job.kind === 'habit') insertBesideOthers(schedule, job, bounds, options);
  else insertWhole(schedule, job, bounds, blink);
}
