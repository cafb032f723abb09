import { describe, expect, it } from 'vitest';
import type { BlockChange, Span } from '../../../../services/planning/write-back/order-writes.ts';
import { type BlockNow, reverseWrites } from '../../../../services/planning/write-back/reverse-writes.ts';

const at = (startMs: number, endMs: number): Span => ({ startMs, endMs });
const now = (id: string, span: Span | null, over: Partial<BlockNow> = {}): BlockNow => ({
  id,
  span,
  pinned: false,
  live: true,
  ...over,
});
const change = (blockId: string, before: Span | null, after: Span | null): BlockChange => ({
  blockId,
  before,
  after,
});

describe('what takes a run back', () => {
  it('is the opposite of every change', () => {
    const done = [
      change('made', null, at(1, 2)),
      change('moved', at(5, 6), at(3, 4)),
      change('gone', at(7, 8), null),
    ];
    const blocks = [now('made', at(1, 2)), now('moved', at(3, 4)), now('gone', null)];
    expect(reverseWrites(done, blocks, [], 0)).toEqual([
      change('made', at(1, 2), null),
      change('moved', at(3, 4), at(5, 6)),
      change('gone', null, at(7, 8)),
    ]);
  });

  it('spares what has been moved, pinned or begun since', () => {
    const done = [change('a', null, at(1, 2)), change('b', null, at(3, 4)), change('c', null, at(5, 6))];
    const blocks = [now('a', at(8, 9)), now('b', at(3, 4), { pinned: true }), now('c', at(5, 6))];
    expect(reverseWrites(done, blocks, [], 5)).toEqual([]);
  });

  it('brings nothing back to a place that is taken, or for a task that is done', () => {
    const done = [change('a', at(1, 2), null), change('b', at(3, 4), null)];
    expect(reverseWrites(done, [now('a', null), now('b', null, { live: false })], [at(0, 2)], 0)).toEqual([]);
  });

  it('leaves a block in its place where the one that stays there blocks it, and so on', () => {
    const done = [change('a', at(1, 2), at(3, 4)), change('b', at(3, 4), at(5, 6))];
    const blocks = [now('a', at(3, 4)), now('b', at(5, 6))];
    expect(reverseWrites(done, blocks, [], 0)).toHaveLength(2);
    expect(reverseWrites(done, blocks, [at(1, 2)], 0)).toEqual([]);
  });
});
