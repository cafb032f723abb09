import type { BlockChange, Span } from './order-writes.ts';

/** Current state of a block. */
export interface BlockNow {
  id: string;
  /** Null: it is not in Google. */
  span: Span | null;
  /** Whether a person has moved or locked it. */
  pinned: boolean;
  /** Whether its task is open or its habit exists. */
  live: boolean;
}

const isSame = (a: Span | null, b: Span | null) =>
  a === b || (a !== null && b !== null && a.startMs === b.startMs && a.endMs === b.endMs);
const overlap = (a: Span, b: Span) => a.startMs < b.endMs && b.startMs < a.endMs;

/**
 * Changes that revert a run. They cover blocks that are still as the run left them and whose former place
 * lies ahead and is free.
 * @param done changes of the run, from `before` to `after`
 * @param busy other spans that take up time
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
  // A block that stays may occupy the former place of another one, which then stays, too.
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
