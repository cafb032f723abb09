import type { Plan, PlannedBlock } from '../../../scheduling/index.ts';
import { type BlockChange, type OrderedWrite, orderWrites, type Span } from './order-writes.ts';
import { titleHash } from './title-hash.ts';

/** A block as stored in the database. */
export interface BlockRow {
  id: string;
  kind: 'task' | 'habit';
  /** ID of the task or habit; null once it is deleted. */
  refId: string | null;
  /** Local date of a habit's block; null for a task. */
  habitDay: string | null;
  /** `planned` (not in Google), `written` (in Google), or `released` (in Google, to be removed). */
  status: 'planned' | 'written' | 'released';
  span: Span;
  pinned: boolean;
  /** Whether a person has invited guests or made it repeat. Almanac then no longer writes to it. */
  isMeeting: boolean;
  /** Whether its task is open or its habit exists. */
  live: boolean;
  title: string | null;
  /** Hash of the title that was written last. */
  contentHash: string | null;
}

export interface PlanDiff {
  /** Writes in the order in which they have to be made. */
  writes: OrderedWrite[];
  /** Blocks of the plan without a row. */
  added: PlannedBlock[];
  /** IDs of blocks that are not in Google and are not planned any more. */
  dropped: string[];
}

/** Span of a planned block. */
export const spanOf = ({ start, end }: { start: string; end: string }): Span => ({
  startMs: Date.parse(start),
  endMs: Date.parse(end),
});
const isSame = (a: Span, b: Span) => a.startMs === b.startMs && a.endMs === b.endMs;

/**
 * Computes the writes that make Google show the plan. Blocks that have begun or are pinned stay as they are,
 * except that a done or deleted task loses its future blocks, pinned or not. A meeting belongs to its owner,
 * whatever happens to the task.
 * @param considered IDs of the current blocks that the plan knew
 */
export function diffPlan(
  plan: Pick<Plan, 'blocks'>,
  rows: readonly BlockRow[],
  considered: ReadonlySet<string>,
  nowMs: number,
): PlanDiff {
  // A considered block without a row here has ended, and stays as it was.
  const known = new Set([...considered, ...rows.map(({ id }) => id)]);
  const planned = new Map(plan.blocks.map((block) => [block.id, block]));
  const changes: BlockChange[] = [];
  const retitled: OrderedWrite[] = [];
  const dropped: string[] = [];
  for (const row of rows) {
    if (row.isMeeting) continue;
    const block = planned.get(row.id);
    const { id: blockId, span: before } = row;
    const future = before.startMs > nowMs;
    if (row.status === 'planned') {
      if (block === undefined) dropped.push(blockId);
      else changes.push({ blockId, before: null, after: spanOf(block) });
    } else if (row.status === 'released' || !row.live) {
      if (future) changes.push({ blockId, before, after: null });
    } else if (block === undefined) {
      if (future && !row.pinned && considered.has(blockId)) changes.push({ blockId, before, after: null });
    } else if (!row.pinned && !isSame(before, spanOf(block))) {
      changes.push({ blockId, before, after: spanOf(block) });
    } else if (row.title !== null && titleHash(row.title) !== row.contentHash) {
      retitled.push({ operation: 'move', blockId, before, after: before });
    }
  }
  const added = plan.blocks.filter(({ id }) => !known.has(id));
  for (const block of added) changes.push({ blockId: block.id, before: null, after: spanOf(block) });
  return { writes: [...orderWrites(changes), ...retitled], added, dropped };
}
