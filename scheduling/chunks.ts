import { floorTo } from './grid.ts';
import { STEP_MINUTES } from '../contracts/limits.ts';

/** The rule by which the minutes of a job are divided into blocks. */
export interface ChunkRule {
  least: number;
  most: number;
  /**
   * The minutes cannot be divided into chunks between `least` and `most`, so one shorter chunk may come last,
   * if it completes the job. Minutes that can be divided never have one: 2.5 h in chunks of 60 to 120 minutes
   * is 90 + 60, not 120 + 30.
   */
  remainder: boolean;
}

/** Whether minutes can be divided into chunks between `least` and `most`. */
export function divisible(minutes: number, least: number, most: number): boolean {
  return Math.ceil(minutes / most) * least <= minutes;
}

/** The most of `minutes` that the rule can place. */
export function placeable(minutes: number, rule: ChunkRule): number {
  const whole = floorTo(minutes, STEP_MINUTES);
  if (rule.remainder || divisible(whole, rule.least, rule.most)) return whole;
  return Math.floor(whole / rule.most) * rule.most;
}

/**
 * Lengths of chunks in slots of at most `rooms` minutes, in that order: each as long as possible while the
 * later ones keep the shortest length. Their sum is `minutes`, or as many as these slots hold.
 */
export function fillSlots(minutes: number, rooms: readonly number[], { least, most }: ChunkRule): number[] {
  let rest = minutes;
  return rooms.map((room, index) => {
    const reserved = least * (rooms.length - 1 - index);
    const chunk = floorTo(Math.min(room, most, rest - reserved), STEP_MINUTES);
    rest -= chunk;
    return chunk;
  });
}

/**
 * The next chunk of `rest` minutes (a result of `placeable`) in a gap of `room` minutes: the longest after
 * which the others can follow the rule; 0 if none fits. A chunk that another may follow at once ends on the
 * grid if possible.
 */
export function nextChunk(rest: number, room: number, rule: ChunkRule, granularity: number): number {
  const longest = floorTo(Math.min(rest, room, rule.most), STEP_MINUTES);
  if (longest === rest && (rest >= rule.least || rule.remainder)) return rest;
  let fallback = 0;
  for (let chunk = longest; chunk >= rule.least; chunk -= STEP_MINUTES) {
    if (!rule.remainder && !divisible(rest - chunk, rule.least, rule.most)) continue;
    if (chunk % granularity === 0 || room < rule.most) return chunk;
    fallback ||= chunk;
  }
  return fallback;
}
