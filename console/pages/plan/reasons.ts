import {
  renderMinutes,
  renderPlacement,
  renderUnscheduled,
  type RenderContext,
} from '../../../scheduling/render-reason.ts';
import { READER_ZONE, sayDaySpan } from '../../components/moment.ts';
import type { Habit, PlannedBlock, PlanOutcome, Task } from '../../data/planning.ts';

type Missing = PlanOutcome['unscheduled'][number];
type Warning = PlanOutcome['warnings'][number];

export const sayMinutes = renderMinutes;

/** Titles of tasks and habits; an ID where it is gone. */
export function nameOfAll(tasks: readonly Task[], habits: readonly Habit[]): (refId: string) => string {
  const titles = new Map([...tasks, ...habits].map(({ id, title }) => [id, title]));
  return (refId) => titles.get(refId) ?? refId;
}

/** Sentences for why a block is where it is, and why something is not placed. */
export function reasonsWith(nameOf: (refId: string) => string) {
  const context: RenderContext = { timeZone: READER_ZONE, nameOf };
  return {
    whyHere: ({ reason }: PlannedBlock) =>
      renderPlacement(reason as unknown as Parameters<typeof renderPlacement>[0], context),
    whyNot: ({ reason }: Missing) =>
      renderUnscheduled(reason as unknown as Parameters<typeof renderUnscheduled>[0], context),
  };
}

export function sayBlock(
  { refId, chunk }: Pick<PlannedBlock, 'chunk'> & { refId: string },
  nameOf: (refId: string) => string,
) {
  return chunk.of > 1 ? `${nameOf(refId)} (${chunk.index} of ${chunk.of})` : nameOf(refId);
}

/** A conflict that people should look at. */
export function sayWarning(
  warning: Warning,
  blocks: readonly PlannedBlock[],
  nameOf: (refId: string) => string,
): string {
  const { code, refId, blockId, otherBlockId, minutes } = warning as Record<string, unknown>;
  const block = (id: unknown) => {
    const found = blocks.find((one) => one.id === id);
    return found ? `${sayBlock(found, nameOf)}, ${sayDaySpan(found.start, found.end)},` : 'A block';
  };
  if (code === 'pinned-over-busy') return `${block(blockId)} is pinned over an event.`;
  if (code === 'pinned-overlap')
    return `${block(blockId)} is pinned over ${block(otherBlockId).replace(/,$/, '')}.`;
  if (code === 'pinned-more-than-left')
    return `${nameOf(String(refId))} has ${sayMinutes(Number(minutes))} more pinned than is left to do.`;
  return `${block(blockId)} belongs to no task or habit of the plan.`;
}
