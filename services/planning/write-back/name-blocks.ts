import { randomUUID } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import type { PlannedBlock } from '../../../scheduling/index.ts';
import { type BlockRow, spanOf } from './diff-plan.ts';

function localDate(instant: string, timeZone: string): string {
  return Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone).toPlainDate().toString();
}

/**
 * Gives every block of a plan the ID of its row. A plan made without the existing blocks has new IDs: each
 * block then takes the row of a block of the same task, or of the same habit and day, preferably one at the
 * same time. So an event is moved and not deleted and written again. The remaining blocks get new IDs.
 * @param considered IDs of the current blocks that the plan knew, including ended ones without a row here
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
