import { randomUUID } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import type { PlannedBlock } from '../../../scheduling/index.ts';
import { type BlockRow, spanOf } from './diff-plan.ts';

function localDate(instant: string, timeZone: string): string {
  return Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone).toPlainDate().toString();
}

/**
 * Gives every block of a plan the ID of its row. A plan that was made without regard to what is there names its blocks
 * anew: each takes over the row of a block of the same task, or habit and day, one at the same time before any other, so that
 * an event is moved instead of being deleted and written again. What is left gets a new ID.
 * @param considered IDs of the current blocks that the plan knew of, also of those that are over and have no row here
 */
export function nameBlocks(
  blocks: readonly PlannedBlock[],
  rows: readonly BlockRow[],
  considered: ReadonlySet<string>,
  timeZone: string,
): PlannedBlock[] {
  const known = new Set([...considered, ...rows.map(({ id }) => id)]);
  const taken = new Set(blocks.flatMap(({ id }) => (known.has(id) ? [id] : [])));
  const free = rows.filter(({ id, pinned, live, status }) => {
    return !taken.has(id) && !pinned && live && status !== 'released';
  });
  const claim = (block: PlannedBlock, sameTime: boolean): string | undefined => {
    const { startMs, endMs } = spanOf(block);
    const habitDay = block.kind === 'habit' ? localDate(block.start, timeZone) : null;
    const index = free.findIndex(
      ({ kind, refId, span, ...row }) =>
        kind === block.kind &&
        refId === block.refId &&
        row.habitDay === habitDay &&
        (!sameTime || (span.startMs === startMs && span.endMs === endMs)),
    );
    return index < 0 ? undefined : free.splice(index, 1)[0]?.id;
  };
  const unnamed = blocks.filter(({ id }) => !known.has(id));
  const names = new Map(unnamed.map((block) => [block, claim(block, true)]));
  for (const block of unnamed) names.set(block, names.get(block) ?? claim(block, false) ?? randomUUID());
  return blocks.map((block) => ({ ...block, id: names.get(block) ?? block.id }));
}
