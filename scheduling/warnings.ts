import type { PlanInput } from './plan-input.ts';
import type { PlanWarning } from './reasons.ts';
import { MINUTE_MS } from '../contracts/durations.ts';

interface Interval {
  startMs: number;
  endMs: number;
}

const toInterval = (start: string, end: string): Interval => ({
  startMs: Date.parse(start),
  endMs: Date.parse(end),
});

const meet = (a: Interval, b: Interval): boolean => a.startMs < b.endMs && b.startMs < a.endMs;

/** Finds pinned blocks in conflict with the calendar, each other or their task, and unknown references. */
export function findWarnings(input: PlanInput): PlanWarning[] {
  const warnings: PlanWarning[] = [];
  const busy = input.busy.map(([start, end]) => toInterval(start, end));
  const pinned = input.current
    .filter((block) => block.pinned)
    .map((block) => ({ block, at: toInterval(block.start, block.end) }));
  for (const [index, { block, at }] of pinned.entries()) {
    if (busy.some((other) => meet(at, other))) warnings.push({ code: 'pinned-over-busy', blockId: block.id });
    for (const other of pinned.slice(index + 1))
      if (meet(at, other.at))
        warnings.push({ code: 'pinned-overlap', blockId: block.id, otherBlockId: other.block.id });
  }
  for (const { id, durationMinutes, doneMinutes } of input.tasks) {
    const held = pinned
      .filter(({ block }) => block.kind === 'task' && block.refId === id)
      .reduce((sum, { at }) => sum + (at.endMs - at.startMs) / MINUTE_MS, 0);
    const minutes = held + doneMinutes - durationMinutes;
    if (held > 0 && minutes > 0) warnings.push({ code: 'pinned-more-than-left', refId: id, minutes });
  }
  const known = new Set([
    ...input.tasks.map(({ id }) => `task ${id}`),
    ...input.habits.map(({ id }) => `habit ${id}`),
  ]);
  for (const { id, kind, refId } of input.current)
    if (!known.has(`${kind} ${refId}`)) warnings.push({ code: 'unknown-reference', blockId: id, refId });
  return warnings;
}
