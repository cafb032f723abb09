import type { BlockChange, Span } from './order-writes.ts';
import { formatInstant } from '../../../contracts/instants.ts';

interface Times {
  start: string;
  end: string;
}

/** Changes of a run in Google, by block; stored in `schedule_runs.diff`. */
export interface RunDiff {
  created: ({ blockId: string } & Times)[];
  moved: { blockId: string; from: Times; to: Times }[];
  deleted: ({ blockId: string } & Times)[];
}

const timesOf = ({ startMs, endMs }: Span): Times => ({
  start: formatInstant(startMs),
  end: formatInstant(endMs),
});

/**
 * One change per block, from its first state to its last. A block that was deleted and inserted again counts
 * as moved.
 */
export function mergeWrites(writes: readonly BlockChange[]): BlockChange[] {
  const merged = new Map<string, BlockChange>();
  for (const { blockId, before, after } of writes) {
    const earlier = merged.get(blockId);
    merged.set(blockId, { blockId, before: earlier ? earlier.before : before, after });
  }
  return [...merged.values()];
}

/** Summary of writes. A write that only changes a title is left out. */
export function summariseWrites(writes: readonly BlockChange[]): RunDiff {
  const diff: RunDiff = { created: [], moved: [], deleted: [] };
  for (const { blockId, before, after } of mergeWrites(writes)) {
    if (before === null && after !== null) diff.created.push({ blockId, ...timesOf(after) });
    else if (before !== null && after === null) diff.deleted.push({ blockId, ...timesOf(before) });
    else if (before !== null && after !== null) {
      if (before.startMs === after.startMs && before.endMs === after.endMs) continue;
      diff.moved.push({ blockId, from: timesOf(before), to: timesOf(after) });
    }
  }
  return diff;
}
