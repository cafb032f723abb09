import type { BlockChange, Span } from './order-writes.ts';

/** A block as it is now. */
export interface BlockNow {
  id: string;
  /** Null: it is not in Google. */
  span: Span | null;
  /** A person has moved it, or locked it. */
  pinned: boolean;
  /** Its task is open, or its habit exists. */
  live: boolean;
}

const isSame = (a: Span | null, b: Span | null) =>
  a === b || (a !== null && b !== null && a.startMs === b.startMs && a.endMs === b.endMs);
const overlap = (a: Span, b: Span) => a.startMs < b.endMs && b.startMs < a.endMs;

/**
 * The changes that take a run back: of the blocks that are still as the run left them, and whose former place lies
 * ahead and is free of anything else.
 * @param done what the run changed, from `before` to `after`
 * @param busy what else takes up time
 */
export function reverseWrites(
  done: readonly BlockChange[],
  blocks: readonly BlockNow[],
  busy: readonly Span[],
  nowMs: number,
): BlockChange[] {
  const current = new Map(blocks.map((block) => [block.id, block]));
  let changes = done.flatMap(({ blockId, before, after }): BlockChange[] => {
    const block = current.get(blockId);
    if (block === undefined || block.pinned || !isSame(block.span, after)) return [];
    if ([before, after].some((span) => span !== null && span.startMs <= nowMs)) return [];
    if (before !== null && (!block.live || busy.some((span) => overlap(span, before)))) return [];
    return [{ blockId, before: after, after: before }];
  });
  // A block that stays may keep another one from coming back, which then stays, too.
  for (;;) {
    const moving = new Set(changes.map(({ blockId }) => blockId));
    const staying = blocks.flatMap(({ id, span }) => (span === null || moving.has(id) ? [] : [span]));
    const possible = changes.filter(
      ({ after }) => after === null || !staying.some((span) => overlap(span, after)),
    );
    if (possible.length === changes.length) return changes;
    changes = possible;
  }
}
