import { sayDaySpan, sayMinutes } from '../../components/moment.ts';
import type { Plan } from '../../data/planning.ts';
import { sayName } from './listed-blocks.tsx';

/** A conflict that people should look at. */
export function sayWarning(
  warning: Plan['warnings'][number],
  { blocks }: Plan,
  nameOf: (refId: string) => string,
): string {
  const { code, refId, blockId, otherBlockId, minutes } = warning as Record<string, unknown>;
  const block = (id: unknown) => {
    const found = blocks.find((one) => one.id === id);
    return found ? `${sayName(found)}, ${sayDaySpan(found.start, found.end)},` : 'A block';
  };
  if (code === 'pinned-over-busy') return `${block(blockId)} is pinned over an event.`;
  if (code === 'pinned-overlap')
    return `${block(blockId)} is pinned over ${block(otherBlockId).replace(/,$/, '')}.`;
  if (code === 'pinned-more-than-left')
    return `${nameOf(String(refId))} has ${sayMinutes(Number(minutes))} more pinned than is left to do.`;
  return `${block(blockId)} belongs to no task or habit of the plan.`;
}
