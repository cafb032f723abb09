/** Half-open; instants in milliseconds. */
export interface Span {
  startMs: number;
  endMs: number;
}

/** Position of a block in Google before and after a write. */
export interface BlockChange {
  blockId: string;
  /** Null: it is not in Google yet. */
  before: Span | null;
  /** Null: it is to be deleted. */
  after: Span | null;
}

export interface OrderedWrite extends BlockChange {
  operation: 'insert' | 'move' | 'delete';
}

const overlap = (a: Span, b: Span) => a.startMs < b.endMs && b.startMs < a.endMs;

type Move = BlockChange & { before: Span; after: Span };

/** Other moves that occupy the target of this move. */
function blockersOf(move: Move, pending: readonly Move[]): Move[] {
  return pending.filter((other) => other !== move && overlap(move.after, other.before));
}

/** A move of a cycle in which each waits for the next; found by following the waits until one repeats. */
function memberOfRing(pending: readonly Move[]): Move {
  const seen = new Set<Move>();
  let move = pending[0]!;
  while (!seen.has(move)) {
    seen.add(move);
    move = blockersOf(move, pending)[0]!;
  }
  return move;
}

const asWrite = (operation: OrderedWrite['operation'], change: BlockChange): OrderedWrite => ({
  ...change,
  operation,
});
const byStart = (a: BlockChange, b: BlockChange) => (a.after?.startMs ?? 0) - (b.after?.startMs ?? 0);

/**
 * Orders changes so that no two blocks overlap at any moment, provided they overlap neither before the first
 * write nor after the last. Deletions come first, a move waits until its place is empty, inserts come last.
 * In a cycle of moves that wait for each other, one block is deleted and inserted again at the end.
 */
export function orderWrites(changes: readonly BlockChange[]): OrderedWrite[] {
  const writes = changes.filter(({ after }) => after === null).map((change) => asWrite('delete', change));
  const inserts = changes.filter(({ before, after }) => before === null && after !== null);
  let pending = changes.filter((change): change is Move => change.before !== null && change.after !== null);
  pending.sort(byStart);
  while (pending.length > 0) {
    const free = pending.filter((move) => blockersOf(move, pending).length === 0);
    if (free.length === 0) {
      const parked = memberOfRing(pending);
      writes.push(asWrite('delete', { ...parked, after: null }));
      inserts.push({ ...parked, before: null });
      pending = pending.filter((move) => move !== parked);
    } else {
      writes.push(...free.map((move) => asWrite('move', move)));
      pending = pending.filter((move) => !free.includes(move));
    }
  }
  return [...writes, ...inserts.toSorted(byStart).map((change) => asWrite('insert', change))];
}
