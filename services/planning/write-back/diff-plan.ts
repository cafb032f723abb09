import type { Plan, PlannedBlock } from '../../../scheduling/index.ts';
import { type BlockChange, type OrderedWrite, orderWrites, type Span } from './order-writes.ts';
import { titleHash } from './title-hash.ts';

/** A block as the database has it. */
export interface BlockRow {
  id: string;
  kind: 'task' | 'habit';
  /** Null once the task or habit is gone. */
  refId: string | null;
  /** The local date that a habit's block was made for; null for a task. */
  habitDay: string | null;
  /** `planned` is not in Google, `written` is, `released` is and has to leave. */
  status: 'planned' | 'written' | 'released';
  span: Span;
  pinned: boolean;
  /** A person has invited guests, or made it repeat: nothing of it is written any more. */
  isMeeting: boolean;
  /** Its task is open, or its habit exists. */
  live: boolean;
  title: string | null;
  /** Of the title that was written last. */
  contentHash: string | null;
}

export interface PlanDiff {
  /** In the order in which they have to be done. */
  writes: OrderedWrite[];
  /** Blocks of the plan that have no row yet. */
  added: PlannedBlock[];
  /** Rows of blocks that are not in Google and will not be. */
  dropped: string[];
}

/** The span of a block of a plan. */
export const spanOf = ({ start, end }: { start: string; end: string }): Span => ({
  startMs: Date.parse(start),
  endMs: Date.parse(end),
});
const isSame = (a: Span, b: Span) => a.startMs === b.startMs && a.endMs === b.endMs;

/**
 * What it takes to make Google show the plan. What has begun, and what is pinned, stays as it is; only a task that is
 * done, or gone, takes its future blocks along, pinned or not. A meeting is its owner's, whatever becomes of the task.
 * @param considered IDs of the current blocks that the plan knew of
 */
export function diffPlan(
  plan: Pick<Plan, 'blocks'>,
  rows: readonly BlockRow[],
  considered: ReadonlySet<string>,
  nowMs: number,
): PlanDiff {
  // Of what the plan looked at, what has no row here is over: it stays as it was.
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
