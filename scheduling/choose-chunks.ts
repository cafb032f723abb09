import { fillSlots, nextChunk, placeable } from './chunks.ts';
import { GapCursor } from './gap-cursor.ts';
import { ceilTo, floorTo } from './grid.ts';
import { STEP_MINUTES } from '../contracts/limits.ts';
import { type InsertOptions, longestNow, NEVER_BLINK } from './insert-options.ts';
import type { Schedule } from './schedule.ts';
import type { Span } from './spans.ts';
import type { Job } from './world.ts';

/** Chunks found for a task. */
interface Chosen {
  chunks: Span[];
  /** A gap was skipped or only partly used, so that the remaining minutes can still be divided. */
  refused: boolean;
}

/** Chunks as early as the gaps within `bounds` allow, in at most `extra` blocks more than the fewest. */
export function chooseChunks(
  schedule: Schedule,
  job: Job,
  bounds: Span,
  placedMinutes: number,
  extra: number,
  { blink = NEVER_BLINK, shorten }: InsertOptions,
): Chosen {
  const { granularity } = schedule.world;
  const existing = schedule.blocks[job.index]!;
  const chunks: Span[] = [];
  let refused = false;
  let rest = placeable(job.left - placedMinutes, job);
  const allowed = Math.ceil(rest / job.most) + extra;
  const limited = job.dailyLimit !== Infinity;
  let day = -1;
  let plannedOnDay = 0;
  // The buffer after a chosen chunk may reach into the next span.
  let earliest = 0;
  // A remainder comes last, so it must not be placed before the existing blocks.
  const lastEnd = job.remainder ? (existing.at(-1)?.end ?? 0) : 0;
  const cursor = new GapCursor(schedule, job.spans, bounds.start, bounds.end);
  while (rest > 0 && cursor.next()) {
    let start = Math.max(cursor.start, earliest);
    while (rest > 0 && start < job.startBefore && cursor.end - start >= STEP_MINUTES) {
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
      if (room >= job.least && chunk < Math.min(rest, room)) refused = true;
      if (chunk === 0 || tooShort || tooMany) {
        if (!limited) break;
        start = ceilTo(schedule.nextDay(start), granularity);
        continue;
      }
      if (blink()) break;
      chunks.push({ start, end: start + chunk });
      plannedOnDay += chunk;
      rest -= chunk;
      start = earliest = schedule.following(start + chunk);
    }
  }
  return { chunks, refused };
}

/**
 * As many minutes as possible when the gaps do not hold all: chunks in the largest slots, of equal ones in
 * the earlier. The rest is shorter than a chunk, or has no slot.
 */
export function chooseSome(
  schedule: Schedule,
  job: Job,
  bounds: Span,
  placedMinutes: number,
  { blink = NEVER_BLINK }: InsertOptions,
): Span[] {
  const { granularity } = schedule.world;
  const minutes = job.left - placedMinutes;
  const most = Math.floor(minutes / job.least);
  const limited = job.dailyLimit !== Infinity;
  const slots: { start: number; room: number }[] = [];
  let held = 0;
  let day = -1;
  let plannedOnDay = 0;
  let earliest = 0;
  const cursor = new GapCursor(schedule, job.spans, bounds.start, bounds.end);
  while (held < minutes && cursor.next()) {
    for (let start = Math.max(cursor.start, earliest); start < job.startBefore;) {
      let room = Math.min(cursor.end - start, job.most, minutes);
      if (cursor.end - start < job.least) break;
      if (limited) {
        if (schedule.dayAt(start) !== day) plannedOnDay = 0;
        day = schedule.dayAt(start);
        room = Math.min(room, schedule.room(job, start) - plannedOnDay);
      }
      room = floorTo(room, STEP_MINUTES);
      if (room < job.least) {
        start = ceilTo(schedule.nextDay(start), granularity);
        continue;
      }
      if (blink()) break;
      slots.push({ start, room });
      plannedOnDay += room;
      start = earliest = schedule.following(start + room);
      held += room;
      if (slots.length <= most) continue;
      const smallest = slots.reduce((a, b) => (b.room <= a.room ? b : a));
      slots.splice(slots.indexOf(smallest), 1);
      held -= smallest.room;
    }
  }
  const lengths = fillSlots(
    minutes,
    slots.map(({ room }) => room),
    job,
  );
  return slots.map(({ start }, index) => ({ start, end: start + lengths[index]! }));
}
